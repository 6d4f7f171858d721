import type { InputBlock, KnownBlock, ModalView } from "@slack/types";
import type { Form, FormField, IntroBlock } from "../../../chat/card.ts";
import { beginning, cut } from "../../../core/text/cut.ts";
import { wellFormed } from "../../../core/text/well-formed.ts";
import { FORM_CALLBACK } from "../incoming/calls.ts";
import * as limits from "./limits.ts";

import { plainText } from "./render-texts.ts";
import { codeText, preformatted, sectionsOf } from "./rich-text.ts";

/** The action_id of every input; its block_id is the field's name. */
export const VALUE_ACTION = "value";

/** What Slack accepts as a preset; a member may have typed something else. */
const CHANNEL = /^[CDG][A-Z0-9]{2,}$/;
const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

function element(field: FormField): InputBlock["element"] {
	switch (field.type) {
		case "text": {
			const longest = Math.min(field.longest, limits.INPUT_TEXT);
			const initial =
				field.initial === undefined ? {} : { initial_value: beginning(wellFormed(field.initial), longest) };
			return {
				type: "plain_text_input",
				action_id: VALUE_ACTION,
				multiline: field.long,
				max_length: longest,
				...initial,
			};
		}
		case "choice": {
			const options = field.choices
				.slice(0, limits.SELECT_OPTIONS)
				.map(({ label, value }) => ({ text: plainText(cut(label, limits.LABEL)), value }));
			const initial = options.find((option) => option.value === field.initial);
			return {
				type: "static_select",
				action_id: VALUE_ACTION,
				options,
				...(initial ? { initial_option: initial } : {}),
			};
		}
		case "channel":
			return {
				type: "conversations_select",
				action_id: VALUE_ACTION,
				filter: { include: ["public", "private"], exclude_bot_users: true },
				...(CHANNEL.test(field.initial ?? "") ? { initial_conversation: field.initial } : {}),
			};
		// Slack has no roles, and no form asks for one here. A typed one is refused in words.
		case "role":
			return { type: "plain_text_input", action_id: VALUE_ACTION };
		case "file":
			return { type: "file_input", action_id: VALUE_ACTION, max_files: 1 };
		case "time":
			return {
				type: "timepicker",
				action_id: VALUE_ACTION,
				...(TIME.test(field.initial ?? "") ? { initial_time: field.initial } : {}),
			};
	}
}

function input(field: FormField): InputBlock {
	const hint =
		field.type === "text" && field.hint !== undefined ? { hint: plainText(cut(field.hint, limits.INPUT_HINT)) } : {};
	return {
		type: "input",
		block_id: field.name,
		label: plainText(cut(field.label, limits.INPUT_LABEL)),
		optional: !field.required,
		element: element(field),
		...hint,
	};
}

/** The question that a form is about, above its fields. */
function introduction(block: IntroBlock): KnownBlock[] {
	const elements = block.type === "text" ? sectionsOf(block.text, limits.RUN) : [preformatted(codeText(block))];
	return elements.map((element) => ({ type: "rich_text", elements: [element] }));
}

/**
 * Renders a form as a modal.
 * @param metadata what the submission needs to know; at most 3,000 characters
 */
export function renderForm(form: Form, metadata: string): ModalView {
	return {
		type: "modal",
		callback_id: FORM_CALLBACK,
		private_metadata: metadata,
		title: plainText(cut(form.title, limits.MODAL_TITLE)),
		submit: plainText(cut(form.submit, limits.MODAL_TITLE)),
		close: plainText("Cancel"),
		blocks: [...(form.intro ?? []).flatMap(introduction), ...form.fields.map(input)],
	};
}

/** Puts blocks into a modal for reading and pressing buttons. */
export const modalOf = (blocks: KnownBlock[]): ModalView => ({
	type: "modal",
	title: plainText("nlpq"),
	close: plainText("Close"),
	blocks,
});

/** The modal shown until its content is ready. */
export function waitingModal(): ModalView {
	return modalOf([{ type: "section", text: plainText("One moment …") }]);
}

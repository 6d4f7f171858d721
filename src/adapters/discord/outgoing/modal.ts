import {
	type APIComponentInLabel,
	type APILabelComponent,
	type APIModalInteractionResponseCallbackData,
	type APISelectMenuOption,
	type APITextDisplayComponent,
	ChannelType,
	ComponentType,
	SelectMenuDefaultValueType,
	TextInputStyle,
} from "discord.js";
import type { Form, FormField } from "../../../chat/card.ts";
import { beginning } from "../../../core/text/cut.ts";
import { wellFormed } from "../../../core/text/well-formed.ts";
import { formId } from "../incoming/control-id.ts";
import { cut } from "./cut.ts";
import * as limit from "./limits.ts";
import { codeBlocks, codeText, markdownOf } from "./markdown.ts";

/** The kinds of channels in which a daily question can be posted. */
export const POSTABLE_CHANNELS = [ChannelType.GuildText, ChannelType.GuildAnnouncement] as const;

const MAX_TIME_LENGTH = 8;
/** A channel's id; a member may have typed something else. */
const ID = /^\d{15,20}$/;

/** A channel to choose in a direct message, where the client cannot list the server's channels. */
export interface ChannelChoice {
	readonly id: string;
	readonly name: string;
}

function channelChoices(choices: readonly ChannelChoice[], initial: string | undefined): APISelectMenuOption[] {
	// The current channel comes first, so that a long list cannot cut it off.
	const sorted = choices.toSorted((one, other) => Number(other.id === initial) - Number(one.id === initial));
	return sorted.slice(0, limit.SELECT_OPTIONS).map(({ id, name }) => ({
		label: cut(`#${name}`, limit.SELECT_LABEL),
		value: id,
		default: id === initial,
	}));
}

function control(field: FormField, channels: readonly ChannelChoice[] | null): APIComponentInLabel {
	const { name: custom_id, required } = field;
	switch (field.type) {
		case "text": {
			const max_length = Math.min(field.longest, limit.INPUT_LENGTH);
			const placeholder = field.hint === undefined ? {} : { placeholder: cut(field.hint, limit.INPUT_PLACEHOLDER) };
			const value = field.initial === undefined ? {} : { value: beginning(wellFormed(field.initial), max_length) };
			return {
				type: ComponentType.TextInput,
				custom_id,
				style: field.long ? TextInputStyle.Paragraph : TextInputStyle.Short,
				required,
				max_length,
				...placeholder,
				...value,
			};
		}
		// Discord takes files only as command options, so no form asks for one here.
		case "file":
			return { type: ComponentType.TextInput, custom_id, style: TextInputStyle.Short, required };
		case "time": {
			const value = field.initial === undefined ? {} : { value: beginning(wellFormed(field.initial), MAX_TIME_LENGTH) };
			return {
				type: ComponentType.TextInput,
				custom_id,
				style: TextInputStyle.Short,
				required,
				max_length: MAX_TIME_LENGTH,
				placeholder: "09:00",
				...value,
			};
		}
		case "choice":
			return {
				type: ComponentType.StringSelect,
				custom_id,
				required,
				options: field.choices.slice(0, limit.SELECT_OPTIONS).map(({ label, value }) => ({
					label: cut(label, limit.SELECT_LABEL),
					value,
					default: value === field.initial,
				})),
			};
		case "role": {
			const shared = { type: ComponentType.RoleSelect, custom_id, required, min_values: 0 } as const;
			if (!ID.test(field.initial ?? "")) return shared;
			return { ...shared, default_values: [{ id: field.initial ?? "", type: SelectMenuDefaultValueType.Role }] };
		}
		case "channel": {
			if (channels && channels.length > 0) {
				const options = channelChoices(channels, field.initial);
				return { type: ComponentType.StringSelect, custom_id, required, options };
			}
			const shared = { custom_id, required, channel_types: [...POSTABLE_CHANNELS] };
			if (!ID.test(field.initial ?? "")) return { type: ComponentType.ChannelSelect, ...shared };
			const initial = { id: field.initial ?? "", type: SelectMenuDefaultValueType.Channel } as const;
			return { type: ComponentType.ChannelSelect, ...shared, default_values: [initial] };
		}
	}
}

/** A label; if it is too long, the smaller line below shows it in full. */
function labelled(field: FormField, channels: readonly ChannelChoice[] | null): APILabelComponent {
	const description =
		field.label.length > limit.FIELD_LABEL ? { description: cut(field.label, limit.FIELD_DESCRIPTION) } : {};
	return {
		type: ComponentType.Label,
		label: cut(field.label, limit.FIELD_LABEL),
		...description,
		component: control(field, channels),
	};
}

/** The question that a form is about, above its fields, if the fields leave room for it. */
function introduction({ intro = [], fields }: Form): APITextDisplayComponent[] {
	if (intro.length === 0 || fields.length >= limit.MODAL_FIELDS) return [];
	const content = intro
		.map((block) =>
			block.type === "text" ? markdownOf(block.text) : (codeBlocks(codeText(block), limit.TEXT_DISPLAY / 2)[0] ?? ""),
		)
		.join("\n\n");
	return [{ type: ComponentType.TextDisplay, content: cut(content, limit.TEXT_DISPLAY) }];
}

/**
 * Renders a form as a modal. It holds five fields; a command that asks for more takes the rest from its options.
 * @param workspaceId the intended server, in a direct message
 * @param channels the server's channels, for a form in a direct message; null when the client lists them
 */
export function modalOf(
	form: Form,
	workspaceId?: string,
	channels: readonly ChannelChoice[] | null = null,
): APIModalInteractionResponseCallbackData {
	const fields = form.fields.slice(0, limit.MODAL_FIELDS);
	return {
		custom_id: formId(form.call, { workspaceId }),
		title: cut(form.title, limit.MODAL_TITLE),
		components: [...introduction(form), ...fields.map((field) => labelled(field, channels))],
	};
}

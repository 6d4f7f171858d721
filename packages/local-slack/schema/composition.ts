import type {
	ConfirmationDialog,
	DispatchActionConfig,
	MrkdwnElement,
	MrkdwnOption,
	Option,
	PlainTextElement,
	PlainTextOption,
	SlackFile,
	TextObject,
} from "@slack/types";
import { z } from "zod";
import { byType, checkedBy, exactly, isRecord, text } from "./exactly.ts";

export const plainText = (max: number) =>
	exactly<PlainTextElement>()({
		type: z.literal("plain_text"),
		text: text(max),
		emoji: z.boolean().exactOptional(),
	}) satisfies z.ZodType<PlainTextElement>;

const mrkdwn = (max: number) =>
	exactly<MrkdwnElement>()({
		type: z.literal("mrkdwn"),
		text: text(max),
		verbatim: z.boolean().exactOptional(),
	}) satisfies z.ZodType<MrkdwnElement>;

/** plain_text or mrkdwn. */
export const anyText = (max: number) =>
	byType("text", { plain_text: plainText(max), mrkdwn: mrkdwn(max) }) satisfies z.ZodType<TextObject>;

export const confirmation = exactly<ConfirmationDialog>()({
	title: plainText(100).exactOptional(),
	text: anyText(300),
	confirm: plainText(30).exactOptional(),
	deny: plainText(30).exactOptional(),
	style: z.enum(["primary", "danger"]).exactOptional(),
}) satisfies z.ZodType<ConfirmationDialog>;

const optionParts = { value: text(150), description: plainText(75).exactOptional() };
const noUrl = z.never("a url belongs to the options of an overflow menu only").exactOptional();

/** An option of a select menu. */
export const selectOption = exactly<PlainTextOption>()({
	...optionParts,
	text: plainText(75),
	url: noUrl,
}) satisfies z.ZodType<PlainTextOption>;

/** An option of an overflow menu, the only kind that may have a url. */
export const overflowOption = exactly<PlainTextOption>()({
	...optionParts,
	text: plainText(75),
	url: text(3000).exactOptional(),
}) satisfies z.ZodType<PlainTextOption>;

const mrkdwnOption = exactly<MrkdwnOption>()({ ...optionParts, text: mrkdwn(75), url: noUrl });

/** An option of checkboxes or radio buttons, whose text may be mrkdwn. */
export const choiceOption = checkedBy<Option>((value) => {
	const label = isRecord(value) ? value.text : undefined;
	return isRecord(label) && label.type === "mrkdwn" ? mrkdwnOption : selectOption;
});

/** Option groups with headings: at most 100 groups of at most 100 options. */
export const optionGroups = z
	.array(
		exactly<{ label: PlainTextElement; options: PlainTextOption[] }>()({
			label: plainText(75),
			options: z.array(selectOption).min(1).max(100),
		}),
	)
	.min(1)
	.max(100);

export const dispatchActionConfig = exactly<DispatchActionConfig>()({
	trigger_actions_on: z
		.array(z.enum(["on_enter_pressed", "on_character_entered"]))
		.min(1)
		.exactOptional(),
}) satisfies z.ZodType<DispatchActionConfig>;

export const slackFile = z.union([
	z.strictObject({ id: text(255) }),
	z.strictObject({ url: text(3000) }),
]) satisfies z.ZodType<SlackFile>;

import type {
	Button,
	Checkboxes,
	Datepicker,
	DateTimepicker,
	EmailInput,
	FileInput,
	ImageElement,
	NumberInput,
	Option,
	Overflow,
	PlainTextInput,
	RadioButtons,
	SlackFileImageObject,
	Timepicker,
	URLInput,
	UrlImageObject,
} from "@slack/types";
import { z } from "zod";
import { choiceOption, dispatchActionConfig, overflowOption, plainText, slackFile } from "./composition.ts";
import { checkedBy, exactly, text } from "./exactly.ts";
import { actionId, confirmable, focusable, placeholdable, selects } from "./selects.ts";

/** The two ways to name a picture; exactly one must be used. */
export interface ImageSource extends Partial<UrlImageObject>, Partial<SlackFileImageObject> {}

export const imageSource = { image_url: text(3000).exactOptional(), slack_file: slackFile.exactOptional() };

export function checkImageSource(image: ImageSource, context: z.RefinementCtx): void {
	if ((image.image_url === undefined) === (image.slack_file === undefined)) {
		context.addIssue({ code: "custom", message: "exactly one of image_url and slack_file is required" });
	}
}

function checkInitial(options: Option[], initial: Option[], context: z.RefinementCtx): void {
	const offered = options.map((option) => JSON.stringify(option));
	if (initial.some((option) => !offered.includes(JSON.stringify(option)))) {
		context.addIssue({ code: "custom", message: "an initial option must equal one of the options" });
	}
}

const button = exactly<Button>()({
	...actionId,
	...confirmable,
	type: z.literal("button"),
	text: plainText(75),
	value: z.string().max(2000).exactOptional(),
	url: text(3000).exactOptional(),
	style: z.enum(["primary", "danger"]).exactOptional(),
	accessibility_label: text(75).exactOptional(),
}) satisfies z.ZodType<Button>;

// Older pages of Slack's documentation ask for at least two options, the current one for at most five. Refuse one.
const overflow = exactly<Overflow>()({
	...actionId,
	...confirmable,
	type: z.literal("overflow"),
	options: z.array(overflowOption).min(2).max(5),
}) satisfies z.ZodType<Overflow>;

const checkboxes = exactly<Checkboxes>()({
	...actionId,
	...confirmable,
	...focusable,
	type: z.literal("checkboxes"),
	options: z.array(choiceOption).min(1).max(10),
	initial_options: z.array(choiceOption).min(1).max(10).exactOptional(),
}).superRefine((group, context) => checkInitial(group.options, group.initial_options ?? [], context));

const radioButtons = exactly<RadioButtons>()({
	...actionId,
	...confirmable,
	...focusable,
	type: z.literal("radio_buttons"),
	options: z.array(choiceOption).min(1).max(10),
	initial_option: choiceOption.exactOptional(),
}).superRefine((group, context) =>
	checkInitial(group.options, group.initial_option ? [group.initial_option] : [], context),
);

const datepicker = exactly<Datepicker>()({
	...actionId,
	...confirmable,
	...focusable,
	...placeholdable,
	type: z.literal("datepicker"),
	initial_date: z.iso.date().exactOptional(),
}) satisfies z.ZodType<Datepicker>;

const timepicker = exactly<Timepicker>()({
	...actionId,
	...confirmable,
	...focusable,
	...placeholdable,
	type: z.literal("timepicker"),
	initial_time: z
		.string()
		.regex(/^([01]\d|2[0-3]):[0-5]\d$/)
		.exactOptional(),
	timezone: z
		.string()
		.refine((zone) => Intl.supportedValuesOf("timeZone").includes(zone) || zone === "UTC", "not an IANA time zone")
		.exactOptional(),
}) satisfies z.ZodType<Timepicker>;

const dateTimepicker = exactly<DateTimepicker>()({
	...actionId,
	...confirmable,
	...focusable,
	type: z.literal("datetimepicker"),
	initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).exactOptional(),
}) satisfies z.ZodType<DateTimepicker>;

const typed = {
	...actionId,
	...focusable,
	...placeholdable,
	dispatch_action_config: dispatchActionConfig.exactOptional(),
};

const plainTextInput = exactly<PlainTextInput>()({
	...typed,
	type: z.literal("plain_text_input"),
	initial_value: z.string().max(3000).exactOptional(),
	multiline: z.boolean().exactOptional(),
	min_length: z.int().min(0).max(3000).exactOptional(),
	max_length: z.int().min(1).max(3000).exactOptional(),
}).superRefine((input, context) => {
	const { min_length: min = 0, max_length: max = 3000, initial_value: initial } = input;
	if (min > max) context.addIssue({ code: "custom", message: "min_length is above max_length" });
	if (initial !== undefined && initial.length > max) {
		context.addIssue({ code: "custom", message: "initial_value is longer than max_length" });
	}
});

const typedText = { ...typed, initial_value: z.string().exactOptional() };

/** What a section may have as its accessory. */
export const accessories = {
	...selects,
	button,
	overflow,
	checkboxes: checkboxes satisfies z.ZodType<Checkboxes>,
	radio_buttons: radioButtons satisfies z.ZodType<RadioButtons>,
	datepicker,
	timepicker,
};

/** What an actions block may contain. */
export const clickable = { ...accessories, datetimepicker: dateTimepicker };

/** What an input block may contain. */
export const inputs = {
	...selects,
	checkboxes,
	radio_buttons: radioButtons,
	datepicker,
	timepicker,
	datetimepicker: dateTimepicker,
	plain_text_input: plainTextInput satisfies z.ZodType<PlainTextInput>,
	email_text_input: exactly<EmailInput>()({
		...typedText,
		type: z.literal("email_text_input"),
	}) satisfies z.ZodType<EmailInput>,
	url_text_input: exactly<URLInput>()({
		...typedText,
		type: z.literal("url_text_input"),
	}) satisfies z.ZodType<URLInput>,
	file_input: exactly<FileInput>()({
		...actionId,
		type: z.literal("file_input"),
		filetypes: z.array(z.string()).exactOptional(),
		max_files: z.int().min(1).max(10).exactOptional(),
	}) satisfies z.ZodType<FileInput>,
	number_input: exactly<NumberInput>()({
		...typedText,
		type: z.literal("number_input"),
		is_decimal_allowed: z.boolean(),
		min_value: z.string().exactOptional(),
		max_value: z.string().exactOptional(),
	}) satisfies z.ZodType<NumberInput>,
};

const imageShape = exactly<Pick<ImageElement, "type" | "alt_text"> & ImageSource>()({
	...imageSource,
	type: z.literal("image"),
	alt_text: text(2000),
}).superRefine(checkImageSource);

/** A picture in a section or a context block. */
export const imageElement = checkedBy<ImageElement>(() => imageShape);

const anyElement = { ...clickable, ...inputs };

/** An interactive element of any kind that this server models. */
export type Control = z.infer<(typeof anyElement)[keyof typeof anyElement]>;

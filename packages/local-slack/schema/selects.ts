import type {
	ChannelsSelect,
	ConversationsSelect,
	ExternalSelect,
	MultiChannelsSelect,
	MultiConversationsSelect,
	MultiExternalSelect,
	MultiStaticSelect,
	MultiUsersSelect,
	PlainTextOption,
	StaticSelect,
	UsersSelect,
} from "@slack/types";
import { z } from "zod";
import { confirmation, optionGroups, plainText, selectOption } from "./composition.ts";
import { exactly, text } from "./exactly.ts";

export const actionId = { action_id: text(255).exactOptional() };
export const confirmable = { confirm: confirmation.exactOptional() };
export const focusable = { focus_on_load: z.boolean().exactOptional() };
export const placeholdable = { placeholder: plainText(150).exactOptional() };

const select = { ...actionId, ...confirmable, ...focusable, ...placeholdable };
const multiple = { ...select, max_selected_items: z.int().min(1).exactOptional() };
const identifier = z.string().min(1);
const options = z.array(selectOption).min(1).max(100).exactOptional();
const minimumQuery = { min_query_length: z.int().min(0).exactOptional() };

const conversationFilter = z.strictObject({
	include: z
		.array(z.enum(["im", "mpim", "private", "public"]))
		.min(1)
		.exactOptional(),
	exclude_external_shared_channels: z.boolean().exactOptional(),
	exclude_bot_users: z.boolean().exactOptional(),
});

interface Choices {
	options?: PlainTextOption[];
	option_groups?: { options: PlainTextOption[] }[];
}

/** A menu's options, with or without groups. */
export function optionsOf(menu: Choices): PlainTextOption[] {
	return [...(menu.options ?? []), ...(menu.option_groups ?? []).flatMap((group) => group.options)];
}

function checkChoices(menu: Choices, initial: PlainTextOption[], context: z.RefinementCtx): void {
	if ((menu.options === undefined) === (menu.option_groups === undefined)) {
		context.addIssue({ code: "custom", message: "exactly one of options and option_groups is required" });
	}
	const offered = optionsOf(menu).map((option) => JSON.stringify(option));
	if (initial.some((option) => !offered.includes(JSON.stringify(option)))) {
		context.addIssue({ code: "custom", message: "an initial option must equal one of the options" });
	}
}

const staticSelect = exactly<StaticSelect>()({
	...select,
	type: z.literal("static_select"),
	initial_option: selectOption.exactOptional(),
	options,
	option_groups: optionGroups.exactOptional(),
}).superRefine((menu, context) => checkChoices(menu, menu.initial_option ? [menu.initial_option] : [], context));

const multiStaticSelect = exactly<MultiStaticSelect>()({
	...multiple,
	type: z.literal("multi_static_select"),
	initial_options: z.array(selectOption).min(1).exactOptional(),
	options,
	option_groups: optionGroups.exactOptional(),
}).superRefine((menu, context) => checkChoices(menu, menu.initial_options ?? [], context));

/** Every kind of menu, by `type`. */
export const selects = {
	static_select: staticSelect satisfies z.ZodType<StaticSelect>,
	multi_static_select: multiStaticSelect satisfies z.ZodType<MultiStaticSelect>,
	external_select: exactly<ExternalSelect>()({
		...select,
		...minimumQuery,
		type: z.literal("external_select"),
		initial_option: selectOption.exactOptional(),
	}) satisfies z.ZodType<ExternalSelect>,
	multi_external_select: exactly<MultiExternalSelect>()({
		...multiple,
		...minimumQuery,
		type: z.literal("multi_external_select"),
		initial_options: z.array(selectOption).min(1).exactOptional(),
	}) satisfies z.ZodType<MultiExternalSelect>,
	users_select: exactly<UsersSelect>()({
		...select,
		type: z.literal("users_select"),
		initial_user: identifier.exactOptional(),
	}) satisfies z.ZodType<UsersSelect>,
	multi_users_select: exactly<MultiUsersSelect>()({
		...multiple,
		type: z.literal("multi_users_select"),
		initial_users: z.array(identifier).exactOptional(),
	}) satisfies z.ZodType<MultiUsersSelect>,
	channels_select: exactly<ChannelsSelect>()({
		...select,
		type: z.literal("channels_select"),
		initial_channel: identifier.exactOptional(),
		response_url_enabled: z.boolean().exactOptional(),
	}) satisfies z.ZodType<ChannelsSelect>,
	multi_channels_select: exactly<MultiChannelsSelect>()({
		...multiple,
		type: z.literal("multi_channels_select"),
		initial_channels: z.array(identifier).exactOptional(),
	}) satisfies z.ZodType<MultiChannelsSelect>,
	conversations_select: exactly<ConversationsSelect>()({
		...select,
		type: z.literal("conversations_select"),
		initial_conversation: identifier.exactOptional(),
		default_to_current_conversation: z.boolean().exactOptional(),
		filter: conversationFilter.exactOptional(),
		response_url_enabled: z.boolean().exactOptional(),
	}) satisfies z.ZodType<ConversationsSelect>,
	multi_conversations_select: exactly<MultiConversationsSelect>()({
		...multiple,
		type: z.literal("multi_conversations_select"),
		initial_conversations: z.array(identifier).exactOptional(),
		default_to_current_conversation: z.boolean().exactOptional(),
		filter: conversationFilter.exactOptional(),
	}) satisfies z.ZodType<MultiConversationsSelect>,
};

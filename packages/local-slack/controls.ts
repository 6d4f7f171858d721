import type { Option, PlainTextOption } from "@slack/types";
import { controlsOf, type PostedBlock } from "./schema/blocks.ts";
import type { Control } from "./schema/elements.ts";
import { optionsOf } from "./schema/selects.ts";
import type { StateValue, StateValues } from "./state-values.ts";
import type { World } from "./world.ts";

/**
 * What a member does with a control: types or picks `value`, or picks `selected` (a list for checkboxes and the like).
 */
export interface Choice {
	value?: string;
	selected?: string | string[];
}

/** A control and its place. */
export interface PlacedControl {
	control: Control;
	blockId: string;
	actionId: string;
	/** Whether using it notifies the app at once; inputs do so only with dispatch_action. */
	reports: boolean;
}

/** The control that a member sees. @throws Error unless exactly one has that name. */
export function findControl(blocks: PostedBlock[], actionId: string, blockId?: string): PlacedControl {
	const found = blocks.flatMap((block) =>
		controlsOf(block)
			.filter((control) => control.action_id === actionId && (blockId ?? block.block_id) === block.block_id)
			.map((control) => ({
				control,
				actionId,
				blockId: block.block_id ?? "",
				reports: block.type !== "input" || block.dispatch_action === true,
			})),
	);
	const [only, ...others] = found;
	const seen = blocks.flatMap(controlsOf).map((control) => control.action_id);
	if (only === undefined) throw new Error(`no member can use ${actionId}: the controls shown are ${seen.join(", ")}`);
	if (others.length > 0) throw new Error(`${actionId} is there ${found.length} times: name the block`);
	return only;
}

/** A control's initial value; undefined for buttons and overflow menus, which have none. */
function initialValue(control: Control): StateValue | undefined {
	const { type } = control;
	switch (control.type) {
		case "button":
		case "overflow":
			return undefined;
		case "static_select":
		case "external_select":
		case "radio_buttons":
			return { type, selected_option: control.initial_option ?? null };
		case "multi_static_select":
		case "multi_external_select":
		case "checkboxes":
			return { type, selected_options: control.initial_options ?? [] };
		case "users_select":
			return { type, selected_user: control.initial_user ?? null };
		case "multi_users_select":
			return { type, selected_users: control.initial_users ?? [] };
		case "channels_select":
			return { type, selected_channel: control.initial_channel ?? null };
		case "multi_channels_select":
			return { type, selected_channels: control.initial_channels ?? [] };
		case "conversations_select":
			return { type, selected_conversation: control.initial_conversation ?? null };
		case "multi_conversations_select":
			return { type, selected_conversations: control.initial_conversations ?? [] };
		case "datepicker":
			return { type, selected_date: control.initial_date ?? null };
		case "timepicker":
			return { type, selected_time: control.initial_time ?? null };
		case "datetimepicker":
			return { type, selected_date_time: control.initial_date_time ?? null };
		case "file_input":
			return { type, files: [] };
		case "plain_text_input":
		case "email_text_input":
		case "url_text_input":
		case "number_input":
			return { type, value: control.initial_value ?? null };
	}
}

/** `state.values`: the value of every control, given what was chosen. */
export function stateOf(blocks: PostedBlock[], chosen: StateValues): StateValues {
	const values: StateValues = {};
	for (const block of blocks) {
		for (const control of controlsOf(block)) {
			const [blockId, actionId] = [block.block_id ?? "", control.action_id ?? ""];
			const value = chosen[blockId]?.[actionId] ?? initialValue(control);
			if (value !== undefined) values[blockId] = { ...values[blockId], [actionId]: value };
		}
	}
	return values;
}

function pick<Kind extends Option>(options: Kind[], value: string | undefined): Kind {
	const option = options.find((one) => one.value === value);
	if (option !== undefined) return option;
	throw new Error(`no member can pick ${value}: the options are ${options.map((one) => one.value).join(", ")}`);
}

const list = (choice: Choice): string[] =>
	choice.selected === undefined ? [] : Array.isArray(choice.selected) ? choice.selected : [choice.selected];

/** @throws Error if the menu does not offer the channel: some menus list only public ones. */
function knownChannel(world: World, id: string | undefined, publicOnly: boolean): string {
	const channel = id === undefined ? undefined : world.channels.get(id);
	if (channel === undefined || channel.archived || (publicOnly && channel.kind !== "public")) {
		throw new Error(`no member can pick the channel ${id} here`);
	}
	return channel.id;
}

function knownFile(world: World, id: string): string {
	if (!world.files.has(id)) throw new Error(`no member can choose the file ${id}`);
	return id;
}

function typedText(control: Control, text: string): string {
	if (control.type === "plain_text_input") {
		const { min_length: min = 0, max_length: max = 3000 } = control;
		if (text.length < min || text.length > max) throw new Error(`the input takes ${min} to ${max} characters`);
	}
	return text;
}

/**
 * A control's value after the member's choice.
 * @throws Error for a choice that the control does not offer.
 * @param offered the options that the app returned for an external menu
 */
export function chosenValue(world: World, control: Control, choice: Choice, offered: PlainTextOption[]): StateValue {
	const { type } = control;
	const [first] = list(choice);
	switch (control.type) {
		case "button":
			if (choice.value !== undefined && choice.value !== control.value) {
				throw new Error(`the button's value is ${control.value}, not ${choice.value}`);
			}
			return { type, ...(control.value === undefined ? {} : { value: control.value }) };
		case "overflow":
		case "radio_buttons":
			return { type, selected_option: pick<Option>(control.options, first) };
		case "static_select":
			return { type, selected_option: pick(optionsOf(control), first) };
		case "external_select":
			return { type, selected_option: pick(offered, first) };
		case "checkboxes":
			return { type, selected_options: list(choice).map((value) => pick(control.options, value)) };
		case "multi_static_select":
			return { type, selected_options: list(choice).map((value) => pick(optionsOf(control), value)) };
		case "multi_external_select":
			return { type, selected_options: list(choice).map((value) => pick(offered, value)) };
		case "users_select":
			return { type, selected_user: world.member(first ?? "").id };
		case "multi_users_select":
			return { type, selected_users: list(choice).map((user) => world.member(user).id) };
		case "channels_select":
			return { type, selected_channel: knownChannel(world, first, true) };
		case "multi_channels_select":
			return { type, selected_channels: list(choice).map((channel) => knownChannel(world, channel, true)) };
		case "conversations_select":
			return { type, selected_conversation: knownChannel(world, first, false) };
		case "multi_conversations_select":
			return { type, selected_conversations: list(choice).map((channel) => knownChannel(world, channel, false)) };
		case "datepicker":
			return { type, selected_date: first ?? choice.value ?? null };
		case "timepicker":
			return { type, selected_time: first ?? choice.value ?? null };
		case "datetimepicker":
			return { type, selected_date_time: Number(first ?? choice.value) };
		case "file_input":
			return { type, files: list(choice).map((file) => ({ id: knownFile(world, file) })) };
		case "plain_text_input":
		case "email_text_input":
		case "url_text_input":
		case "number_input":
			return { type, value: typedText(control, choice.value ?? "") };
	}
}

/** Whether nothing is chosen or typed. */
export function isEmpty({ type: _type, ...held }: StateValue): boolean {
	return Object.values(held).every((one) => one === null || one === "" || (Array.isArray(one) && one.length === 0));
}

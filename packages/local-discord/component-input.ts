import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import type { Component, ModalBody } from "./bodies.ts";
import { ImpossibleInput, type Resolved, type ResolvedKind, resolveId } from "./command-input.ts";
import type { LocalChannel, LocalUser, StoredMessage } from "./entities.ts";
import { flattenComponents, isSelect } from "./rules-components.ts";
import type { World } from "./world.ts";

/** The input of a modal's field: text, the values of a select, or a tick. */
export type FieldInput = string | readonly string[] | boolean;

/** Finds a control that `user` can see and use on a message. */
function usableControl(message: StoredMessage, customId: string, user: LocalUser): Component {
	if (message.deleted) throw new ImpossibleInput("the message is deleted");
	if (message.visibleTo && message.visibleTo !== user) throw new ImpossibleInput("only another user sees this message");
	const placed = flattenComponents(message.components).find(({ component }) => component.custom_id === customId);
	if (!placed) throw new ImpossibleInput(`the message has no control ${customId}`);
	if (placed.component.disabled) throw new ImpossibleInput(`the control ${customId} is disabled`);
	return placed.component;
}

/** The interaction data of a pressed button. */
export function pressButton(message: StoredMessage, customId: string, user: LocalUser): object {
	const control = usableControl(message, customId, user);
	if (control.type !== ComponentType.Button || control.style === ButtonStyle.Link) {
		throw new ImpossibleInput(`${customId} is not a button that can be pressed`);
	}
	return { component_type: ComponentType.Button, custom_id: customId };
}

const RESOLVED_KINDS: Readonly<Record<number, ResolvedKind>> = {
	[ComponentType.UserSelect]: "user",
	[ComponentType.RoleSelect]: "role",
	[ComponentType.ChannelSelect]: "channel",
	[ComponentType.MentionableSelect]: "mentionable",
};

interface Selection {
	readonly customId: string;
	readonly values: readonly string[];
	readonly user: LocalUser;
}

/** The interaction data of a select in a message. */
export function chooseOptions(world: World, message: StoredMessage, { customId, values, user }: Selection): object {
	const control = usableControl(message, customId, user);
	if (!isSelect(control)) throw new ImpossibleInput(`${customId} is not a select`);
	const resolved: Resolved = {};
	checkValues(world, message.channel, control, values, resolved);
	const extra = Object.keys(resolved).length > 0 ? { resolved } : {};
	return { component_type: control.type, custom_id: customId, values, ...extra };
}

function checkValues(
	world: World,
	channel: LocalChannel,
	control: Component,
	values: readonly string[],
	resolved: Resolved,
): void {
	const name = control.custom_id ?? "";
	const least = control.min_values ?? (control.required === false ? 0 : 1);
	const most =
		control.max_values ?? (control.type === ComponentType.CheckboxGroup ? (control.options?.length ?? 1) : 1);
	const skipped = values.length === 0 && control.required === false;
	if (!skipped && (values.length < least || values.length > most)) {
		throw new ImpossibleInput(`${name} takes ${least} to ${most} values`);
	}
	const kind = RESOLVED_KINDS[control.type];
	for (const value of values) {
		const offered = kind
			? resolveId(world, channel, kind, value, resolved)
			: (control.options ?? []).some((option) => option.value === value);
		if (!offered) throw new ImpossibleInput(`${name} does not offer ${value}`);
	}
}

/** The interaction data of a submitted modal: every field as the modal defines it. */
export function fillModal(
	world: World,
	channel: LocalChannel,
	modal: ModalBody,
	fields: Readonly<Record<string, FieldInput>>,
): object {
	const known = flattenComponents(modal.components).map(({ component }) => component.custom_id);
	const unknown = Object.keys(fields).find((name) => !known.includes(name));
	if (unknown) throw new ImpossibleInput(`the modal has no field ${unknown}`);
	const resolved: Resolved = {};
	let number = 0;
	const fill = (component: Component): object => {
		const id = component.id ?? ++number;
		const { type } = component;
		if (type === ComponentType.ActionRow) return { type, id, components: (component.components ?? []).map(fill) };
		if (component.component) return { type, id, component: fill(component.component) };
		if (!component.custom_id) return { type, id };
		const input = fields[component.custom_id];
		return { type, id, custom_id: component.custom_id, ...fieldValue(world, channel, component, input, resolved) };
	};
	const components = modal.components.map(fill);
	const extra = Object.keys(resolved).length > 0 ? { resolved } : {};
	return { custom_id: modal.custom_id, components, ...extra };
}

function fieldValue(
	world: World,
	channel: LocalChannel,
	component: Component,
	input: FieldInput | undefined,
	resolved: Resolved,
): object {
	if (component.type === ComponentType.TextInput) return { value: enteredText(component, input) };
	if (component.type === ComponentType.Checkbox) return { value: input === true };
	if (component.type === ComponentType.FileUpload) throw new ImpossibleInput("files cannot be sent in a modal here");
	const values = typeof input === "string" ? [input] : Array.isArray(input) ? input : presetOf(component);
	checkValues(world, channel, component, values, resolved);
	return component.type === ComponentType.RadioGroup ? { value: values[0] ?? null } : { values };
}

/** What a select shows as chosen at first. */
function presetOf({ options = [], default_values = [] }: Component): string[] {
	const chosen = (options ?? []).filter((option) => option.default).map(({ value }) => value);
	return [...chosen, ...(default_values ?? []).map(({ id }) => id)];
}

function enteredText(component: Component, input: FieldInput | undefined): string {
	const text = input === undefined ? (component.value ?? "") : input;
	if (typeof text !== "string") throw new ImpossibleInput(`${component.custom_id} takes text`);
	if (text === "" && component.required === false) return text;
	const least = Math.max(component.min_length ?? 1, 1);
	const most = component.max_length ?? 4000;
	if (text.length < least || text.length > most) {
		throw new ImpossibleInput(`${component.custom_id} takes ${least} to ${most} characters`);
	}
	return text;
}

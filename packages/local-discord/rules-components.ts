import { ButtonStyle, ComponentType } from "discord-api-types/v10";
import type { Component } from "./bodies.ts";
import type { Problem } from "./failures.ts";

type Path = readonly (string | number)[];

/** A component and its path. */
export interface Placed {
	readonly component: Component;
	readonly path: Path;
}

const MAX_BUTTONS_IN_ROW = 5;
const MAX_OPTIONS = 25;

const SELECTS: readonly number[] = [
	ComponentType.StringSelect,
	ComponentType.UserSelect,
	ComponentType.RoleSelect,
	ComponentType.MentionableSelect,
	ComponentType.ChannelSelect,
];

export function isSelect(component: Component): boolean {
	return SELECTS.includes(component.type);
}

/** All components, including nested ones, in the order of the message. */
export function flattenComponents(components: readonly Component[], path: Path = ["components"]): Placed[] {
	return components.flatMap((component, index) => {
		const here = [...path, index];
		const below = flattenComponents(component.components ?? [], [...here, "components"]);
		const single = component.component ? nested(component.component, [...here, "component"]) : [];
		const accessory = component.accessory ? nested(component.accessory, [...here, "accessory"]) : [];
		return [{ component, path: here }, ...below, ...single, ...accessory];
	});
}

function nested(component: Component, path: Path): Placed[] {
	return [{ component, path }, ...flattenComponents(component.components ?? [], [...path, "components"])];
}

/** The rules about components that apply in messages and in modals. */
export function sharedComponentProblems(placed: readonly Placed[]): Problem[] {
	return [
		...duplicateProblems(placed),
		...placed.flatMap((at) => (at.component.type === ComponentType.Button ? buttonProblems(at) : [])),
		...placed.flatMap((at) => (isSelect(at.component) ? selectProblems(at) : [])),
		...placed.flatMap((at) => (at.component.type === ComponentType.ActionRow ? rowProblems(at) : [])),
	];
}

function duplicateProblems(placed: readonly Placed[]): Problem[] {
	const seen = new Set<string>();
	return placed.flatMap(({ component, path }) => {
		const id = component.custom_id;
		if (!id) return [];
		const duplicate = seen.has(id);
		seen.add(id);
		return duplicate ? [{ path: [...path, "custom_id"], message: `custom_id "${id}" is there twice` }] : [];
	});
}

function buttonProblems({ component, path }: Placed): Problem[] {
	const problems: Problem[] = [];
	const demand = (holds: boolean, message: string): void => {
		if (!holds) problems.push({ path, message });
	};
	const isLink = component.style === ButtonStyle.Link;
	const isPremium = component.style === ButtonStyle.Premium;
	demand(Boolean(component.url) === isLink, "a link button, and no other, has a url");
	demand(Boolean(component.sku_id) === isPremium, "a premium button, and no other, has a sku_id");
	demand(Boolean(component.custom_id) === !(isLink || isPremium), "a button has exactly one of custom_id and url");
	demand(isPremium || Boolean(component.label) || Boolean(component.emoji), "a button needs a label or an emoji");
	return problems;
}

function selectProblems({ component, path }: Placed): Problem[] {
	const problems: Problem[] = [];
	const options = component.options ?? [];
	const most = component.max_values ?? 1;
	const values = options.map((option) => option.value);
	const demand = (holds: boolean, message: string): void => {
		if (!holds) problems.push({ path, message });
	};
	demand((component.min_values ?? 1) <= most, "min_values is above max_values");
	demand(options.length <= MAX_OPTIONS, `more than ${MAX_OPTIONS} options`);
	demand(new Set(values).size === values.length, "an option value is there twice");
	if (component.type === ComponentType.StringSelect) demand(most <= options.length, "max_values exceeds the options");
	demand(options.filter((option) => option.default).length <= most, "more default options than max_values");
	return problems;
}

function rowProblems({ component, path }: Placed): Problem[] {
	const children = component.components ?? [];
	const buttons = children.filter((child) => child.type === ComponentType.Button).length;
	const fine = buttons === children.length ? buttons <= MAX_BUTTONS_IN_ROW : children.length === 1;
	const message = `a row holds up to ${MAX_BUTTONS_IN_ROW} buttons or exactly one select`;
	return fine ? [] : [{ path: [...path, "components"], message }];
}

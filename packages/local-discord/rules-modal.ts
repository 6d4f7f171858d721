import { ComponentType } from "discord-api-types/v10";
import type { Component, ModalBody } from "./bodies.ts";
import type { Problem } from "./failures.ts";
import { flattenComponents, type Placed, sharedComponentProblems } from "./rules-components.ts";

const MAX_COMPONENTS = 5;
const MAX_INPUT = 4000;

/** Checks modals by the documented rules that the generated schemas lack. */
export function modalProblems(modal: ModalBody): Problem[] {
	const placed = flattenComponents(modal.components);
	const count = modal.components.length;
	const problems: Problem[] = [];
	if (count < 1 || count > MAX_COMPONENTS) {
		problems.push({ path: ["components"], message: `a modal has 1 to ${MAX_COMPONENTS} components` });
	}
	const rows = modal.components.filter((component) => component.type === ComponentType.ActionRow);
	return [
		...problems,
		...sharedComponentProblems(placed.filter(({ component }) => component.type !== ComponentType.ActionRow)),
		...rows.flatMap((row) => rowProblems(row, modal.components.indexOf(row))),
		...placed.flatMap((at) => (at.component.type === ComponentType.TextInput ? inputProblems(at) : [])),
	];
}

function rowProblems(row: Component, index: number): Problem[] {
	const children = row.components ?? [];
	const path = ["components", index, "components"];
	if (children.length !== 1) return [{ path, message: "a row of a modal holds exactly one text input" }];
	return children[0]?.label ? [] : [{ path: [...path, 0, "label"], message: "a text input in a row needs a label" }];
}

function inputProblems({ component, path }: Placed): Problem[] {
	const problems: Problem[] = [];
	const least = component.min_length ?? 0;
	const most = component.max_length ?? MAX_INPUT;
	const preset = component.value?.length ?? 0;
	if (path.at(-1) === "component" && component.label) {
		problems.push({ path: [...path, "label"], message: "a text input inside a label has no label of its own" });
	}
	if (least > most) problems.push({ path, message: "min_length is above max_length" });
	if (preset > most) problems.push({ path: [...path, "value"], message: "the value is longer than max_length" });
	if (preset > 0 && preset < least) {
		problems.push({ path: [...path, "value"], message: "the value is shorter than min_length" });
	}
	return problems;
}

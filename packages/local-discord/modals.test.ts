import { expect, test } from "vitest";
import { type ModalBody, ModalBodySchema } from "./bodies.ts";
import { modalProblems } from "./rules-modal.ts";

const input = (more: object = {}) => ({ type: 4, style: 1, custom_id: "text", ...more });
const label = (component: object) => ({ type: 18, label: "Answer", component });
const row = (...components: object[]) => ({ type: 1, components });
const modal = (...components: object[]): ModalBody =>
	ModalBodySchema.parse({ custom_id: "form", title: "Your answer", components });
const messages = (body: ModalBody) => modalProblems(body).map(({ path, message }) => `${path.join(".")}: ${message}`);

test("labels, rows and text are allowed", () => {
	expect(messages(modal(label(input()), { type: 10, content: "Read this" }))).toEqual([]);
	expect(messages(modal(row(input({ label: "Answer", value: "x", max_length: 1 }))))).toEqual([]);
});

test.each<[string, ModalBody, string]>([
	["no components", modal(), "components: a modal has 1 to 5 components"],
	["six components", modal(...[..."abcdef"].map((id) => label(input({ custom_id: id })))), "1 to 5 components"],
	["a repeated custom_id", modal(label(input()), label(input())), "is there twice"],
	["two inputs in a row", modal(row(input({ label: "x" }), input({ custom_id: "b", label: "x" }))), "exactly one"],
	["no label in a row", modal(row(input())), "components.0.components.0.label"],
	["a label inside a label", modal(label(input({ label: "x" }))), "no label of its own"],
	["a preset above max_length", modal(label(input({ value: "xx", max_length: 1 }))), "longer than max_length"],
	["a preset below min_length", modal(label(input({ value: "x", min_length: 2 }))), "shorter than min_length"],
	["min above max", modal(label(input({ min_length: 3, max_length: 2 }))), "min_length is above max_length"],
])("%s is a problem", (_name, body, expected) => {
	expect(messages(body)).toEqual([expect.stringContaining(expected)]);
});

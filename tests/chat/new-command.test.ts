import { describe, expect, test } from "vitest";
import { defineCommand } from "../../src/chat/command.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { choiceOption, optional } from "../../src/chat/option.ts";
import { debtsOf, nativeRoom } from "../support/command-debts.ts";

describe("a command", () => {
	test.each(COMMANDS.map((command) => ({ command })))("$command.name lacks nothing", ({ command }) => {
		expect(debtsOf(command, COMMANDS)).toEqual([]);
	});

	test("has a unique name", () => {
		expect(new Set(COMMANDS.map(({ name }) => name)).size).toBe(COMMANDS.length);
	});

	test("fits, with all the others, into Discord's limits", () => {
		const remedy = "too many characters: shorten a description, or leave an option to its form with `fromForm`";
		expect(nativeRoom(COMMANDS), remedy).toBeGreaterThan(0);
	});
});

describe("a new command that lacks everything", () => {
	const long = "A hundred characters are what Discord shows of a description, and this one is meant to go beyond that.";
	const planted = defineCommand({
		name: "tips show",
		summary: `${long} Twice.`,
		options: { Which_one: optional(choiceOption(long, ["first", "second"])) },
		example: "tip show first",
		run: async () => ({ card: { tone: "plain", title: "A tip", blocks: [] } }),
	});

	test("gets a list of everything it lacks", () => {
		expect(debtsOf(planted, [...COMMANDS, planted])).toEqual([
			"a row in the README: run `npm run docs`",
			"its example does not read as itself: tip show first",
			"its summary is too long for Discord",
			"its summary ends in a full stop, which is added where it is shown",
			"option Which_one: its name has other than small letters",
			"option Which_one: its description is too long for Discord",
			"its group tips has 0 defaults instead of one: set groupDefault",
		]);
	});

	test("is refused when the commands together leave too little room on Discord", () => {
		const many = Array.from({ length: 40 }, (_, index) => ({ ...planted, name: `tips ${index}` }));
		expect(nativeRoom([...COMMANDS, ...many])).toBeLessThan(0);
	});
});

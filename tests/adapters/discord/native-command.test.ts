import { describe, expect, test } from "vitest";
import { readCommands } from "../../../packages/local-discord/bodies-check.ts";
import { controlId, readControlId } from "../../../src/adapters/discord/incoming/control-id.ts";
import { nativeCommands } from "../../../src/adapters/discord/install/definitions.ts";
import { CUSTOM_ID } from "../../../src/adapters/discord/outgoing/limits.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";

const GUILD = "12345678901234567890";

describe("custom ids", () => {
	test("a search with the longest words and every filter can turn its pages", () => {
		const options = {
			words: "key value cache ".repeat(4).slice(0, 45).trim(),
			category: "system-design",
			difficulty: "intermediate",
			page: "100",
		};
		const id = controlId({ command: "search", options });
		expect(id.length).toBeLessThanOrEqual(CUSTOM_ID);
		expect(readControlId(id, COMMANDS).call).toEqual({ command: "search", options });
	});

	test("only words are cut for lack of room, never filters", () => {
		const options = {
			words: "🔎 ".repeat(100).trim(),
			category: "system-design",
			difficulty: "intermediate",
			page: "100",
		};
		const id = controlId({ command: "search", options }, { workspaceId: GUILD });
		expect(id.length).toBeLessThanOrEqual(CUSTOM_ID);
		const read = readControlId(id, COMMANDS);
		expect(read.call.options).toMatchObject({ category: "system-design", difficulty: "intermediate", page: "100" });
		expect(read.workspaceId).toBe(GUILD);
		expect(options.words.startsWith(read.call.options.words ?? "?")).toBe(true);
	});

	test("a removed command's id says what to do", () => {
		expect(() => readControlId("quiz question:x", COMMANDS)).toThrow("older version");
	});
});

describe("the native command", () => {
	test("is legal, everywhere and in one server", () => {
		for (const everywhere of [true, false]) expect(readCommands(nativeCommands(COMMANDS, everywhere))).toHaveLength(1);
	});

	test("contains every command except those only for typed text", () => {
		const [command] = nativeCommands(COMMANDS, true);
		const names = (command?.options ?? []).flatMap((option) =>
			"options" in option && option.type === 2
				? (option.options ?? []).map((inner) => `${option.name} ${inner.name}`)
				: [option.name],
		);
		expect(names.toSorted()).toEqual(
			COMMANDS.filter((each) => !each.textOnly)
				.map((each) => each.name)
				.toSorted(),
		);
	});

	test("accepts no longer text than its option keeps", () => {
		const [report] = COMMANDS.filter(({ name }) => name === "report");
		const [native] = nativeCommands(report ? [report] : [], true);
		const text = JSON.stringify(native?.options);
		expect(text).toContain(`"name":"text"`);
		expect(text).toContain(`"max_length":${report?.options.text?.longest}`);
	});
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand, writeCommand } from "../../src/chat/grammar.ts";
import { UserError } from "../../src/core/errors.ts";

const read = (text: string) => readCommand(text, COMMANDS);

/** The error for a message; throws if the message is accepted. */
function refusal(text: string): UserError {
	try {
		read(text);
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
	throw new Error(`"${text}" was taken`);
}

describe("options by position", () => {
	test.each<[text: string, command: string, options: Record<string, string>]>([
		["today", "today", {}],
		["random", "random", {}],
		["random fundamentals", "random", { category: "fundamentals" }],
		["random basic", "random", { difficulty: "basic" }],
		["random fundamentals basic", "random", { category: "fundamentals", difficulty: "basic" }],
		["random basic fundamentals", "random", { category: "fundamentals", difficulty: "basic" }],
		["check today B", "check", { question: "today", option: "B" }],
		["check kv-cache", "check", { question: "kv-cache" }],
		["rate today 1,3,4", "rate", { question: "today", points: "1,3,4" }],
		["leaderboard answered week", "leaderboard", { board: "answered", period: "week" }],
		["streak Ada", "streak", { member: "Ada" }],
		[
			"schedule add 09:00 Europe/Berlin weekdays",
			"schedule add",
			{ time: "09:00", zone: "Europe/Berlin", weekdays: "weekdays" },
		],
		[
			"schedule add 09:00 mon,wed,fri berlin",
			"schedule add",
			{ time: "09:00", zone: "berlin", weekdays: "mon,wed,fri" },
		],
		["schedule add 9am #general basic", "schedule add", { time: "9am", channel: "#general", difficulties: "basic" }],
		["settings away 2027-12-24..2027-12-31", "settings away", { dates: "2027-12-24..2027-12-31" }],
		["help schedule add", "help", { command: "schedule add" }],
	])("%s", (text, command, options) => {
		expect(read(text)).toEqual({ command, options });
	});

	test("words continue until a choice or a named option", () => {
		expect(read("search key value cache").options).toEqual({ words: "key value cache" });
		expect(read("search key value cache basic").options).toEqual({ words: "key value cache", difficulty: "basic" });
		expect(read("search key value page:2").options).toEqual({ words: "key value", page: "2" });
		expect(read("search page:2 key value").options).toEqual({ words: "key value", page: "2" });
		expect(read('search "basic attention"').options).toEqual({ words: "basic attention" });
	});

	test("a question's title needs no quotes: words that fit nothing else belong to it", () => {
		expect(read("show key value cache").options).toEqual({ question: "key value cache" });
		expect(read("check key value cache B").options).toEqual({ question: "key value cache", option: "B" });
		expect(read("rate key value cache good").options).toEqual({ question: "key value cache", grade: "good" });
		expect(read("show question:key value cache").options).toEqual({ question: "key value cache" });
	});

	test("free text continues to the end of the message, exactly as written", () => {
		expect(read('answer today It   weighs "each" token: all of them.').options).toEqual({
			question: "today",
			text: 'It   weighs "each" token: all of them.',
		});
		expect(read("answer kv-cache line one\nline two\n\tthree ").options.text).toBe("line one\nline two\n\tthree ");
		expect(read("answer today category:basic difficulty:hard").options.text).toBe("category:basic difficulty:hard");
		expect(read("answer last text:It keeps keys. ").options).toEqual({ question: "last", text: "It keeps keys." });
	});
});

describe("options by name, in any case", () => {
	test.each<[text: string, options: Record<string, string>]>([
		["random category:transformers difficulty:advanced", { category: "transformers", difficulty: "advanced" }],
		["random difficulty:advanced category:transformers", { category: "transformers", difficulty: "advanced" }],
		["RANDOM CATEGORY:Transformers", { category: "Transformers" }],
		["Random Fundamentals", { category: "Fundamentals" }],
		['random category:"transformers"', { category: "transformers" }],
		["random category:“transformers” difficulty:«basic»", { category: "transformers", difficulty: "basic" }],
	])("%s", (text, options) => {
		expect(read(text)).toEqual({ command: "random", options });
	});

	test("a command of two words in any case, with any spaces", () => {
		expect(read("  Schedule   ADD\t09:00 zone:Asia/Tokyo ")).toEqual({
			command: "schedule add",
			options: { time: "09:00", zone: "Asia/Tokyo" },
		});
	});

	test("a colon within a value belongs to it", () => {
		expect(read("schedule add time:09:00").options).toEqual({ time: "09:00" });
	});

	test("a title in quotes is one question", () => {
		expect(read('check "BPE versus WordPiece" C').options).toEqual({ question: "BPE versus WordPiece", option: "C" });
		expect(read('check question:"KV cache: contents" a').options).toEqual({
			question: "KV cache: contents",
			option: "a",
		});
	});

	test("an unclosed quote is an ordinary character", () => {
		expect(read('search 5" disk').options).toEqual({ words: '5" disk' });
		expect(read('search "open ended').options).toEqual({ words: '"open ended' });
	});
});

describe("what cannot be read", () => {
	test.each([
		["", "help"],
		["   \n", "help"],
		["schedule", "schedule list"],
		["SETTINGS", "settings show"],
	])("%j means %s", (text, command) => {
		expect(read(text)).toEqual({ command, options: {} });
	});

	test.each([
		["strek", "/nlpq streak [member]"],
		["leaderbord week", "/nlpq leaderboard"],
		["radnom", "/nlpq random [category] [difficulty]"],
		["todya", "/nlpq today"],
		["schedule ad 09:00", "/nlpq schedule add"],
		["serach kv cache", "/nlpq search <words>"],
		["HLEP", "/nlpq help [command]"],
	])("a typo gets the nearest command and its usage: %s", (text, usage) => {
		const { message, remedy } = refusal(text);
		expect(message).toMatch(/^There is no command "/);
		expect(remedy).toContain(`\`${usage}`);
	});

	test("words that resemble no command suggest `help`", () => {
		expect(refusal("xyzzyqwvplugh").remedy).toBe("`/nlpq help` lists what I can do.");
		expect(refusal("😀").remedy).toBe("`/nlpq help` lists what I can do.");
	});

	test("a word too many and a wrong choice say what is allowed", () => {
		expect(refusal("today please").message).toBe('"please" is more than `today` takes.');
		expect(refusal("random trivia").remedy).toContain("fundamentals");
		expect(refusal("check today E").remedy).toContain("A, B, C or D");
	});

	test.each(["constructor", "toString", "__proto__", "hasOwnProperty"])("%s is not a command either", (text) => {
		expect(refusal(text).message).toBe(`There is no command "${text.toLowerCase()}".`);
	});

	test("any input is read or refused in words, and never quoted at length", () => {
		const texts = fc.oneof(
			fc.string({ unit: "binary", maxLength: 300 }),
			fc
				.array(
					fc.constantFrom(
						...COMMANDS.flatMap(({ name }) => name.split(" ")),
						'"',
						":",
						"today",
						"B",
						"1,2",
						"09:00",
						"\u202e",
						"';--",
						"“",
						"category:",
					),
					{ maxLength: 8 },
				)
				.map((words) => words.join(" ")),
		);
		fc.assert(
			fc.property(texts, (text) => {
				try {
					const call = read(text);
					expect(COMMANDS.some((command) => command.name === call.command)).toBe(true);
				} catch (error) {
					expect(error).toBeInstanceOf(UserError);
					if (error instanceof UserError) expect(error.message.length + error.remedy.length).toBeLessThan(1000);
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test("100 kB are read at once", () => {
		const before = process.cpuUsage();
		expect(read(`answer today ${"x".repeat(100_000)}`).options.text).toHaveLength(100_000);
		expect(read(`search ${"kv ".repeat(3_000)}`).command).toBe("search");
		expect(() => read("y".repeat(100_000))).toThrow(UserError);
		expect(process.cpuUsage(before).user / 1_000).toBeLessThan(3_000);
	});
});

describe("a call written as a message", () => {
	/** What a button may carry: any command with any options except free text, and any value that is not empty. */
	const values = fc.oneof(
		fc.string({ minLength: 1, maxLength: 60 }),
		fc.string({ unit: "grapheme", minLength: 1, maxLength: 30 }),
		fc
			.array(fc.constantFrom("a", " ", '"', "“", "”", "„", "«", ":", "'", "\n", "\t"), { minLength: 1, maxLength: 10 })
			.map((parts) => parts.join("")),
	);
	const calls = fc.constantFrom(...COMMANDS).chain((command) => {
		const names = Object.keys(command.options).filter((name) => command.options[name]?.kind !== "text");
		return fc
			.record({
				chosen: fc.subarray(names),
				texts: fc.array(values, { minLength: names.length, maxLength: names.length }),
			})
			.map(({ chosen, texts }) => ({
				command: command.name,
				options: Object.fromEntries(chosen.map((name, index) => [name, texts[index] ?? "x"])),
			}));
	});

	test("reads back as the same call", () => {
		fc.assert(
			fc.property(calls, (call) => {
				expect(read(writeCommand(call))).toEqual(call);
			}),
			{ numRuns: 2000 },
		);
	});

	test.each([
		[{ command: "today", options: {} }, "today"],
		[{ command: "check", options: { question: "kv-cache", option: "B" } }, "check question:kv-cache option:B"],
		[{ command: "search", options: { words: "key value", page: "2" } }, 'search words:"key value" page:2'],
		[{ command: "search", options: { words: 'a "b" c' } }, 'search words:“a "b" c”'],
	])("%j", (call, text) => {
		expect(writeCommand(call)).toBe(text);
	});
});

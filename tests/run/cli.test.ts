import { describe, expect, test } from "vitest";
import { readArguments } from "../../src/cli.ts";

describe("`nlpq questions`", () => {
	test.each([
		["--reports", ["--reports"]],
		["check", ["check"]],
		["show kv-cache", ["show", "kv-cache"]],
		["new my-id --category debugging", ["new", "my-id", "--category", "debugging"]],
		["--folder=bank", ["--folder=bank"]],
		["--help", ["--help"]],
		["-- show 12", ["show", "12"]],
		["--", []],
	])("%s is the authors' tool, as `npm run questions -- …`", (words, rest) => {
		expect(readArguments(["questions", ...words.split(" ")])).toEqual({ type: "program", name: "questions", rest });
	});

	test.each(["", "list retired", "show 12", "show ours/12", "show", "add", "import questions.csv", "--json"])(
		"%s is the admins' command",
		(words) => {
			const args = ["questions", ...words.split(" ").filter((word) => word !== "")];
			expect(readArguments(args)).toMatchObject({ type: "bot", words: args.filter((word) => word !== "--json") });
		},
	);

	test("`questions list --help` is the help of that command", () => {
		expect(readArguments(["questions", "list", "--help"])).toMatchObject({ words: ["help", "questions", "list"] });
	});
});

test("a program takes its arguments after `--` too, as npm's commands do", () => {
	expect(readArguments(["backup", "--", "a.gz"])).toEqual({ type: "program", name: "backup", rest: ["a.gz"] });
});

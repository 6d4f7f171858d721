import { expect, test } from "vitest";
import { completions } from "../../../src/adapters/terminal/completion.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { loadBank } from "../../../src/run/open.ts";

test("Tab completes commands, categories, difficulties, tags and ids, with or without a slash", async () => {
	const bank = await loadBank();
	const after = (line: string) => completions(line, COMMANDS, bank)[0].map((value) => value.trim());
	expect(after("ran")).toEqual(["random"]);
	expect(after("/nlpq leader")).toEqual(["leaderboard"]);
	expect(after("/leader")).toEqual(["/leaderboard"]);
	expect(after("settings ex")).toEqual(["export"]);
	expect(after("random transf")).toEqual(["transformers"]);
	expect(after("random transformers adv")).toEqual(["advanced"]);
	expect(after("show kv-cache")).not.toContain("kv-cache");
	expect(after("show kv-")).toContain("kv-cache");
	expect(after("search toke")).toContain("tokenization");
	expect(after("nothing of the kind ")).toEqual([]);
	expect(completions("show kv-c", COMMANDS, bank)[1]).toBe("kv-c");
});

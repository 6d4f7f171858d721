import { expect, onTestFinished, test } from "vitest";
import type { Call, Reply } from "../../src/chat/card.ts";
import { cardText } from "../../src/chat/text.ts";
import { openChat } from "../support/chat.ts";

const CSV = `title,prompt,answer\n${Array.from({ length: 31 }, (_, index) => `T${index},What is number ${index}?,It is ${index}.`).join("\n")}\nBad,,It is bad.\n`;

async function open() {
	const chat = await openChat();
	onTestFinished(() => chat.close());
	const run = async (options: Call["options"], command = "questions import", workspace = "home"): Promise<Reply> => {
		const outcome = await chat.dispatcher.run(chat.caller("boss", true, workspace), { command, options });
		expect(chat.faults).toEqual([]);
		if (outcome.type === "form") throw new Error("a form came instead of a reply");
		return outcome.reply;
	};
	const total = async () => (await run({}, "questions list")).data?.total;
	return { chat, run, total };
}

test("an import is previewed with faults by line, then added once, and never by half", async () => {
	const { run, total } = await open();
	const read = await run({ text: CSV });
	expect(read.card.title).toBe("31 good, 1 with a fault");
	expect(cardText(read.card)).toContain("line 33: prompt: it is empty");
	expect(await total()).toBe(0);
	const confirm = { confirm: String(read.data?.import) };
	const both = await Promise.all([run(confirm), run(confirm)]);
	expect(both.map(({ data }) => data?.added ?? null)).toContain(31);
	expect(await total()).toBe(31);
	// The same file again.
	expect((await run({ text: CSV })).card.title).toBe("0 good, 31 you have already, 1 with a fault");
});

test("two imports of the same file at once add each question once", async () => {
	const { run, total } = await open();
	const [one, other] = [await run({ text: CSV }), await run({ text: CSV })];
	await Promise.all([one, other].map(({ data }) => run({ confirm: String(data?.import) })));
	expect(await total()).toBe(31);
});

test("an import previewed in one workspace cannot be added in another", async () => {
	const { run } = await open();
	const read = await run({ text: CSV });
	const there = await run({ confirm: String(read.data?.import) }, "questions import", "away");
	expect(there.card.tone).toBe("error");
	expect((await run({}, "questions list", "away")).data?.total).toBe(0);
});

test("an export recreates the imported questions in another workspace", async () => {
	const { run } = await open();
	const read = await run({ text: CSV });
	await run({ confirm: String(read.data?.import) });
	for (const format of ["yaml", "csv", "anki"]) {
		const { file } = await run({ format }, "questions export");
		const again = await run({ text: file?.content ?? "" }, "questions import", format);
		expect(again.data).toMatchObject({ good: 31, faults: [] });
	}
});

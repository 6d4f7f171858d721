import { expect, test } from "vitest";
import type { Call, Outcome } from "../../src/chat/card.ts";
import { writeQuestions } from "../../src/core/import/write.ts";
import { checkDraft, type OwnContent } from "../../src/core/question/own.ts";
import { wellFormed } from "../../src/core/text/well-formed.ts";
import { KeepingPlatform, openChat } from "../support/chat.ts";
import { Dice } from "../support/dice.ts";
import { cardProblems, formProblems } from "../support/echoes.ts";
import { byEffort } from "../support/effort.ts";
import { hostileText } from "../support/hostile-texts.ts";

const TEXTS = byEffort({ test: 10, ci: 200, full: 1_000 });
/** How many questions one imported file has. */
const FILE = Math.min(25, TEXTS);

/** A content with a hostile text in every part, within its length limits. */
function hostileContent(dice: Dice, number: number): OwnContent {
	const part = (most: number) => wellFormed(hostileText(dice).replaceAll("\u0000", "").slice(0, most)).trim() || "x";
	const line = (most: number) =>
		part(most)
			.split(/[\n\r\u2028\u2029]/)[0]
			?.trim() || "x";
	const found = checkDraft({
		title: `${number} ${line(60)}`,
		prompt: `${number} ${part(350)}`,
		answer: part(1_700),
		key_points: [{ label: line(60), must: true }, { label: line(60) }],
		options: ["a", "b", "c", "d"].map((letter, index) => ({ text: `${letter} ${line(80)}`, correct: index === 1 })),
	});
	if ("faults" in found) throw new Error(JSON.stringify(found.faults));
	return found.content;
}

const partsOf = ({ title, prompt, answer, key_points: points, options }: OwnContent): Call["options"] => ({
	title,
	prompt,
	answer,
	points: points.map(({ label }) => label).join("\n"),
	options: options.map(({ text, correct }) => `${correct ? "* " : ""}${text}`).join("\n"),
});

/** A platform that returns the same file for every name. */
class SameFilePlatform extends KeepingPlatform {
	file = "";

	async readFile(): Promise<Uint8Array> {
		return new TextEncoder().encode(this.file);
	}
}

test(`${TEXTS} hostile texts as suggestions and imports: every card is legal on every platform, nothing pings, all comes back`, {
	timeout: 120_000 + 2_000 * TEXTS,
}, async () => {
	const dice = new Dice(20);
	const platform = new SameFilePlatform();
	const chat = await openChat({ platform });
	const problems: string[] = [];
	const run = async (name: string, admin: boolean, command: string, call: Omit<Call, "command">) => {
		const outcome: Outcome = await chat.dispatcher.run(chat.caller(name, admin), { command, ...call });
		const found = outcome.type === "form" ? formProblems(outcome.form) : await cardProblems(outcome.reply.card);
		for (const problem of found) problems.push(`${command}: ${problem}`);
		return outcome.type === "form" ? undefined : outcome.reply;
	};
	const posts = async () => {
		await chat.daily.run();
		for (const { card } of chat.platform.posts.splice(0))
			for (const problem of await cardProblems(card)) problems.push(`a post: ${problem}`);
	};
	const boss = (command: string, options: Call["options"] = {}) => run("boss", true, command, { options });
	await boss("schedule add", { time: "09:00", zone: "UTC", source: "ours", recap: "yes" });
	for (let number = 0; number < TEXTS; number += 1) {
		const content = hostileContent(dice, number);
		const author = `m${number}`;
		const options = partsOf(content);
		await run(author, false, "suggest", { options, reopen: true });
		const suggested = await run(author, false, "suggest", { options });
		const question = `ours/${suggested?.data?.question}`;
		await boss("questions waiting");
		await boss("questions edit", { question });
		if (number % 2 === 0)
			await boss("questions decline", { question, reason: hostileText(dice).slice(0, 400) || "No." });
		else {
			await boss("questions accept", { question });
			for (const command of ["show", "hint", "reveal"]) await run("ana", false, command, { options: { question } });
			await run("ana", false, "check", { options: { question, option: "A" } });
			await run("ana", false, "answer", { options: { question, text: content.answer } });
			await run("ana", false, "compare", { options: { question, part: "strong" } });
		}
		await boss("questions show", { question });
		await boss("questions list");
		if (number % 5 === 0) chat.clock.moveTo(new Date(chat.clock.now().getTime() + 24 * 3_600_000));
		await posts();
	}
	for (let from = 0; from < TEXTS; from += FILE) {
		const contents = Array.from({ length: FILE }, (_, index) => hostileContent(dice, TEXTS + from + index));
		const written = contents.map((content, index) => ({ id: `ours/${index + 1}`, content }));
		const format = dice.pick(["yaml", "csv"] as const);
		const file = writeQuestions(written, format);
		platform.file = file;
		const read = await boss("questions import", { file: "all" });
		expect(read?.data, `${format} from ${from}`).toMatchObject({ good: FILE, faults: [] });
		await boss("questions import", { confirm: String(read?.data?.import) });
		// Truncated: the faults are reported without mentions, too.
		platform.file = file.slice(0, Math.floor(file.length * dice.next()));
		await boss("questions import", { file: "half" });
		await boss("questions export", { format: "anki" });
		const stored = (await chat.store.own.active(1)).slice(-FILE).map(({ content }) => content);
		expect(stored).toEqual(contents);
	}
	expect(chat.faults).toEqual([]);
	expect(problems.slice(0, 10)).toEqual([]);
	await chat.close();
});

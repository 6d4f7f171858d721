import { afterEach, describe, expect, test } from "vitest";
import type { StoredMessage } from "../../../packages/local-discord/entities.ts";
import { retireQuestionsOfRun } from "../../support/practice/retired.ts";
import { type Bot, controlOf, openBot, postDaily, press, textOf, type } from "./support.ts";

let bot: Bot;
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	await bot.close();
});

/** The values that a message's menus have chosen already. */
const tickedIn = (message: StoredMessage): string[] =>
	message.components
		.flatMap((row) => row.components ?? [])
		.flatMap((part) => ("options" in part ? (part.options ?? []) : []))
		.flatMap((option) => (option.default ? [option.value] : []));

describe("from the daily post", () => {
	test("a member answers in a form, compares, ticks key points and shares", async () => {
		bot = await openBot();
		const post = await postDaily(bot);
		const pressed = press(bot, bot.ada, post, "Answer");
		const modal = await pressed.modal();
		expect(modal.title).toBe("Your answer");
		const sent = bot.discord.modalSubmit({
			customId: modal.custom_id,
			user: bot.ada,
			fields: { text: "It *weighs* <@1> tokens by need." },
		});
		expect(await sent.firstResponse()).toMatchObject({ type: 5, data: { flags: 64 } });
		const [answer, ...more] = await sent.replies();
		if (!answer) throw new Error("no answer");
		expect(more).toEqual([]);
		expect(textOf(answer)).toContain("Your streak is 1.");
		expect(textOf(answer)).toContain("> It \\*weighs\\* \\<@1\\> tokens by need.");
		const select = controlOf(answer, "Which of these did you have?");
		const tick = (values: string[]) =>
			bot.discord.select({ message: answer, customId: select, values, user: bot.ada }).reply();
		expect(await tick(["1", "3"])).toBe(answer);
		expect(textOf(answer)).toContain("Noted: 2 of");
		expect(textOf(answer)).toContain("Not ticked");
		for (const label of ["Next question", "Share", "Strong answer"]) controlOf(answer, label);
		await press(bot, bot.ada, answer, "Back").reply();
		expect(tickedIn(answer)).toEqual(["1", "3"]);
		await tick(["0"]);
		expect(textOf(answer)).toContain("Noted: 0 of");
		await press(bot, bot.ada, answer, "Back").reply();
		expect(tickedIn(answer)).toEqual(["0"]);
		await press(bot, bot.ada, answer, "Share").reply();
		expect(textOf(answer)).toContain("Everybody there sees your words");
		await bot.daily.run();
		expect(bot.discord.messages(post.thread?.id ?? "")).toEqual([]);
		await press(bot, bot.ada, answer, "Post it").reply();
		await bot.daily.run();
		const [shared] = bot.discord.messages(post.thread?.id ?? "");
		expect(shared && textOf(shared)).toContain("\\*weighs\\* \\<@1\\>");
		expect(bot.faults).toEqual([]);
	});

	test("what follows an answer fits a phone; each part opens in place and leads back", async () => {
		bot = await openBot();
		const post = await postDaily(bot);
		const modal = await press(bot, bot.ada, post, "Answer").modal();
		const text = `${"One family of words 👩‍👩‍👧 after another. ".repeat(40)}The end.`;
		const fields = { text };
		const answer = await bot.discord.modalSubmit({ customId: modal.custom_id, user: bot.ada, fields }).reply();
		const first = textOf(answer);
		// It has the member's own words and the essential points to tick, but nothing of the strong answer.
		expect(first.length).toBeLessThan(1500);
		expect(first).not.toContain("The end.");
		for (const label of ["Strong answer", "Traps", "Follow-ups", "References", "All your words"]) {
			expect(await press(bot, bot.ada, answer, label).reply()).toBe(answer);
			expect(textOf(answer)).toContain(label);
			if (label === "All your words") expect(textOf(answer)).toContain("The end.");
			expect(await press(bot, bot.ada, answer, "Back").reply()).toBe(answer);
			expect(textOf(answer)).toBe(first);
		}
	});

	test("the form shows the question, and the minutes it may take", async () => {
		bot = await openBot();
		for (const [id, minutes] of [
			["kv-cache", /\d+ minutes?/],
			["missed-deadline", /\d+ minutes?/],
		] as const) {
			const question = bot.bank.get(id) ?? expect.fail(id);
			const shown = await type(bot, bot.ada, bot.channel, "show", { question: id }).reply();
			const form = JSON.stringify(await press(bot, bot.ada, shown, "Answer").modal());
			expect(form).toContain(JSON.stringify(question.prompt.slice(0, 40)).slice(1, -1));
			expect(minutes.exec(form)?.[0]).toBe(question.minutes === 1 ? "1 minute" : `${question.minutes} minutes`);
			expect(form).toContain('"max_length":3000');
		}
	});

	test("a quick check counts, and shows its effect", async () => {
		bot = await openBot();
		const post = await postDaily(bot);
		const options = await press(bot, bot.ada, post, "Quick check").reply();
		expect(options.visibleTo).toBe(bot.ada);
		const checked = await press(bot, bot.ada, options, "B").reply();
		expect(textOf(checked)).toContain("Your streak is 1.");
		expect(textOf(await type(bot, bot.ada, bot.channel, "streak").reply())).toContain("Your streak: 1");
	});

	test("a reveal asks for confirmation", async () => {
		bot = await openBot();
		const post = await postDaily(bot);
		const asked = await press(bot, bot.ada, post, "Reveal").reply();
		expect(textOf(asked)).toContain("See the answer without an attempt?");
		expect(textOf(await press(bot, bot.ada, asked, "Reveal anyway").reply())).toContain("no longer counts");
	});
});

describe("direct messages", () => {
	test("a typed command means the server used last, names it, and its buttons belong to it", async () => {
		bot = await openBot();
		await postDaily(bot);
		const other = bot.discord.addGuild("other group");
		const elsewhere = bot.discord.addChannel(other, "general");
		bot.discord.addMember(other, bot.ada);
		const direct = bot.discord.directChannel(bot.ada);
		expect(textOf(await type(bot, bot.ada, direct, "today").reply())).toContain("do not know yet which workspace");
		await type(bot, bot.ada, bot.channel, "today").reply();
		const shown = await type(bot, bot.ada, direct, "today").reply();
		expect(textOf(shown)).toContain("Server: study group");
		bot.clock.moveTo(new Date(bot.clock.now().getTime() + 3_600_000));
		await type(bot, bot.ada, elsewhere, "help").reply();
		const options = await press(bot, bot.ada, shown, "Quick check").reply();
		expect(textOf(await press(bot, bot.ada, options, "A").reply())).toContain("Your streak is 1.");
	});

	test("a member who may manage the server can manage its schedules from there", async () => {
		bot = await openBot();
		await postDaily(bot);
		await type(bot, bot.ada, bot.channel, "help").reply();
		expect(textOf(await type(bot, bot.boss, bot.discord.directChannel(bot.boss), "schedule list").reply())).toContain(
			"1 daily question",
		);
		expect(textOf(await type(bot, bot.ada, bot.discord.directChannel(bot.ada), "schedule list").reply())).toContain(
			"is for admins",
		);
	});
});

describe("a practice run", () => {
	test("open on two devices moves once, and replaces questions that were retired meanwhile", async () => {
		bot = await openBot();
		const practise = (options = {}) => type(bot, bot.ada, bot.channel, "practice", options).reply();
		const phone = await practise({ count: 3 });
		const laptop = await practise();
		expect(textOf(phone)).toContain("1 of 3");
		const skipped = async (on: typeof phone) => textOf(await press(bot, bot.ada, on, "Skip").reply());
		expect(await skipped(laptop)).toContain("2 of 3");
		expect(await skipped(phone)).toContain("2 of 3");
		const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
		const ada = workspace && (await bot.store.people.findMember(workspace.id, bot.ada.id));
		await retireQuestionsOfRun(bot.store, ada?.id ?? 0);
		expect(textOf(await practise())).toContain("2 of 3");
		expect(bot.faults).toEqual([]);
	});

	test.each([
		["practice", { focus: "viele" }, "is not something to practise"],
		["practice", { focus: "missed" }, "questions are new to you"],
		["settings interview", { date: "2027-02-30" }, "is not a date"],
		["settings interview", { date: "2020-01-01" }, "is in the past"],
		["settings interview", { date: "2099-01-01" }, "is more than a year ahead"],
	])("/nlpq %s %j is answered with what there is", async (name, options, words) => {
		bot = await openBot();
		expect(textOf(await type(bot, bot.ada, bot.channel, name, options).reply())).toContain(words);
		expect(bot.faults).toEqual([]);
	});
});

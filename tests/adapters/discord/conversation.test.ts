import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test, vi } from "vitest";
import { MessageBodySchema } from "../../../packages/local-discord/bodies.ts";
import type { StoredMessage } from "../../../packages/local-discord/entities.ts";
import { controlId } from "../../../src/adapters/discord/incoming/control-id.ts";
import { wellFormed } from "../../../src/core/text/well-formed.ts";
import { Dice } from "../../support/dice.ts";
import { hostileText } from "../../support/hostile-texts.ts";
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

interface Option {
	readonly name: string;
	readonly autocomplete?: boolean | null | undefined;
	readonly options?: readonly Option[] | null | undefined;
}

/** The options that are completed while typing, each with the words of its command. */
function completed(options: readonly Option[], path: readonly string[] = []): { path: string[]; name: string }[] {
	return options.flatMap((option) => [
		...(option.autocomplete ? [{ path: [...path], name: option.name }] : []),
		...completed(option.options ?? [], [...path, option.name]),
	]);
}

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

describe("visibility", () => {
	test("a board is public, the asker's own rank is private", async () => {
		bot = await openBot();
		await postDaily(bot);
		const interaction = type(bot, bot.ada, bot.channel, "leaderboard");
		expect(await interaction.firstResponse()).not.toMatchObject({ data: { flags: 64 } });
		const [board, own] = await interaction.replies(2);
		expect(board?.visibleTo).toBeUndefined();
		expect(own?.visibleTo).toBe(bot.ada);
		const turned = press(bot, bot.ada, board ?? expect.fail(), "Longest streaks");
		expect((await turned.reply()).visibleTo).toBe(bot.ada);
	});

	test("members tied on a board keep their shared rank: no client renumbers it, and no name reverses or hides it", async () => {
		bot = await openBot();
		const post = await postDaily(bot);
		const twin = bot.discord.addUser("Bob\u202e evil");
		bot.discord.addMember(bot.guild, twin);
		for (const user of [bot.ada, twin]) {
			const options = await press(bot, user, post, "Quick check").reply();
			await press(bot, user, options, "B").reply();
		}
		const [board, own] = await type(bot, bot.ada, bot.channel, "leaderboard").replies(2);
		expect(textOf(board ?? expect.fail())).toMatch(/\*\*#1\*\* {2}Ada: 1 in a row\n\*\*#1\*\* {2}Bob evil: 1 in a row/);
		expect(textOf(own ?? expect.fail())).toBe("Your rank: 1\nYour streak: 1 in a row.");
	});

	test("a private follow-up that arrives although Discord answers 502 is shown only once", async () => {
		bot = await openBot();
		const fault = bot.discord.faults.add({
			fault: { kind: "commit-then-status", status: 502 },
			when: ({ route }) => route === "POST /webhooks/{application}/{token}",
			times: 1,
		});
		const interaction = type(bot, bot.ada, bot.channel, "leaderboard");
		await interaction.replies(2);
		await bot.adapter.stop();
		expect(fault.hits).toBe(1);
		expect(interaction.followUps).toHaveLength(1);
	});

	test("a reply whose embeds and buttons Discord refuses comes as plain words", async () => {
		bot = await openBot();
		bot.discord.faults.add({
			fault: { kind: "status", status: 400 },
			when: ({ route, body }) => route.startsWith("PATCH /webhooks") && JSON.stringify(body).includes('"embeds":[{'),
		});
		const reply = await type(bot, bot.ada, bot.channel, "show", { question: "kv-cache" }).reply();
		expect(reply.embeds).toEqual([]);
		expect(reply.content).toContain("KV cache");
		expect(reply.visibleTo).toBe(bot.ada);
	});

	test("a daily question whose embeds and buttons Discord refuses is posted as plain words and can be answered", async () => {
		bot = await openBot();
		bot.discord.faults.add({
			fault: { kind: "status", status: 400 },
			when: ({ route, body }) =>
				route === "POST /channels/{channel}/messages" && JSON.stringify(body).includes('"embeds":[{'),
		});
		await type(bot, bot.boss, bot.channel, "schedule add", { time: "09:00", zone: "UTC" }).reply();
		expect(textOf(await type(bot, bot.boss, bot.channel, "schedule post").reply())).toContain("Posted");
		const [post] = bot.discord
			.messages(bot.channel)
			.filter(({ content }) => content.includes("Question of the day #1"));
		expect(post?.embeds).toEqual([]);
		const answered = await type(bot, bot.ada, bot.channel, "today").reply();
		expect(textOf(answered)).toContain("Today's question #1");
	});

	test("if the public reply is already gone, the member still gets the private one", async () => {
		bot = await openBot();
		vi.spyOn(bot.store.people, "enter").mockRejectedValueOnce(new Error("a fault of ours"));
		bot.discord.faults.add({
			fault: { kind: "commit-then-status", status: 502 },
			when: ({ route }) => route.startsWith("DELETE /webhooks"),
			times: 1,
		});
		const interaction = type(bot, bot.ada, bot.channel, "leaderboard");
		await expect.poll(() => interaction.followUps.length).toBe(1);
		expect(interaction.followUps[0]?.visibleTo).toBe(bot.ada);
		expect(bot.discord.messages(bot.channel)).toEqual([]);
	});

	test("errors of a public command are shown privately", async () => {
		bot = await openBot();
		bot.discord.faults.clear();
		const broken = bot.store.people.ensureWorkspace.bind(bot.store.people);
		bot.store.people.ensureWorkspace = () => Promise.reject(new Error("the database is away"));
		const interaction = type(bot, bot.ada, bot.channel, "leaderboard");
		const reply = await interaction.reply();
		bot.store.people.ensureWorkspace = broken;
		expect(textOf(reply)).toContain("Something went wrong on our side.");
		expect(reply.visibleTo).toBe(bot.ada);
		expect(bot.discord.messages(bot.channel)).toEqual([]);
	});

	test("pages of a private list turn in place", async () => {
		bot = await openBot();
		const found = await type(bot, bot.ada, bot.channel, "search", { words: "model training data" }).reply();
		const before = textOf(found);
		const turned = press(bot, bot.ada, found, "More");
		expect(await turned.firstResponse()).toMatchObject({ type: 6 });
		expect(await turned.reply()).toBe(found);
		expect(textOf(found)).not.toBe(before);
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

describe("help at the right moment", () => {
	test("an admin's first command shows once how to set up the first daily question", async () => {
		bot = await openBot();
		const [, guide] = await type(bot, bot.boss, bot.channel, "help").replies(2);
		expect(guide?.visibleTo).toBe(bot.boss);
		const set = await press(bot, bot.boss, guide ?? expect.fail(), "Every day at 09:00 UTC here").reply();
		expect(textOf(set)).toContain("is set");
		expect((await type(bot, bot.boss, bot.channel, "help").replies()).length).toBe(1);
	});

	test("a member is not shown that", async () => {
		bot = await openBot();
		const interaction = type(bot, bot.ada, bot.channel, "help");
		await interaction.reply();
		await bot.adapter.stop();
		expect(interaction.followUps).toEqual([]);
	});

	test("whatever is typed, Discord accepts what each option suggests", async () => {
		bot = await openBot();
		const dice = new Dice(17);
		const texts = ["", "😀".repeat(60), "שאלה \u202e", "the ".repeat(500), hostileText(dice)];
		const options = completed(bot.discord.commands()[0]?.body.options ?? []);
		expect(options.map(({ path, name }) => `${path.join(" ")} ${name}`)).toEqual(
			expect.arrayContaining(["help command", "show question", "practice focus", "schedule add zone"]),
		);
		for (const { path, name } of options)
			for (const value of texts) {
				const focused = { name, value: wellFormed(value) };
				const choices = await bot.discord
					.autocomplete({ channel: bot.channel, user: bot.boss, name: "nlpq", path, focused })
					.choices();
				expect(choices.length).toBeLessThanOrEqual(25);
				for (const choice of choices)
					for (const text of [choice.name, String(choice.value)]) {
						expect(text).toBe(wellFormed(text));
						expect(text.trim().length).toBeGreaterThan(0);
						expect(text.length).toBeLessThanOrEqual(100);
					}
			}
	});

	test("questions, zones, weekdays and categories are completed while typing", async () => {
		bot = await openBot();
		const asked = async (name: string, option: string, value: string) =>
			(
				await bot.discord
					.autocomplete({
						channel: bot.channel,
						user: bot.boss,
						name: "nlpq",
						path: name.split(" "),
						focused: { name: option, value },
					})
					.choices()
			).map((choice) => choice.value);
		expect(await asked("show", "question", "kv cach")).toContain("kv-cache");
		expect((await asked("schedule add", "zone", "Berl"))[0]).toBe("Europe/Berlin");
		expect(await asked("schedule add", "weekdays", "week")).toEqual(["weekdays", "weekends"]);
		expect(await asked("schedule add", "categories", "scenarios, tr")).toEqual(["scenarios,transformers"]);
		expect(await asked("schedule add", "zone", "x".repeat(200))).toEqual([]);
	});

	test("a button of a removed command says what to do", async () => {
		bot = await openBot();
		const body = MessageBodySchema.parse({
			components: [{ type: 1, components: [{ type: 2, style: 1, label: "Old", custom_id: "quiz x:1" }] }],
		});
		const message = bot.discord.world.addMessage({ channel: bot.channel, author: bot.discord.world.bot, body });
		expect(textOf(await press(bot, bot.ada, message, "Old").reply())).toContain("older version");
	});

	test("a form that takes too long offers itself again", async () => {
		bot = await openBot();
		const ensure = bot.store.people.ensureWorkspace.bind(bot.store.people);
		bot.store.people.ensureWorkspace = async (...given) => {
			await wait(2600);
			return ensure(...given);
		};
		const customId = controlId({ command: "answer", options: { question: "kv-cache" } });
		const body = MessageBodySchema.parse({
			components: [{ type: 1, components: [{ type: 2, style: 1, label: "Answer", custom_id: customId }] }],
		});
		const message = bot.discord.world.addMessage({ channel: bot.channel, author: bot.discord.world.bot, body });
		const late = await press(bot, bot.ada, message, "Answer").reply();
		bot.store.people.ensureWorkspace = ensure;
		expect(textOf(late)).toContain("took too long");
		expect((await press(bot, bot.ada, late, "Again").modal()).custom_id).toBe(customId);
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

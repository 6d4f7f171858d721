import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { shownFields, typedEmbeds, typedTexts } from "../../../src/adapters/discord/outgoing/typed.ts";
import { Outage } from "../../../src/core/errors.ts";
import { byEffort } from "../../support/effort.ts";
import { type Bot, openBot, postDaily, press, textOf, type } from "./support.ts";

let bot: Bot;
afterEach(async () => {
	vi.restoreAllMocks();
	expect(bot.discord.violations).toEqual([]);
	await bot.close();
});

const REOPEN = "Edit and send again";
const LONG = `${"The softmax of *QK* <@1> ``` over the root of d. ".repeat(60)}👩‍👩‍👧`.slice(0, 3000);

/** Opens the refused form again, sends it with its presets, and expects the long text to be kept. */
async function expectKept(refused: Parameters<typeof press>[2]): Promise<void> {
	const again = await press(bot, bot.ada, refused, REOPEN).modal();
	const sent = bot.discord.modalSubmit({ customId: again.custom_id, user: bot.ada, fields: {} });
	expect(textOf(await sent.reply())).toContain("Your streak is 1.");
	const workspace = await bot.store.people.findWorkspace("discord", bot.guild.id);
	const member = await bot.store.people.findMember(workspace?.id ?? 0, bot.ada.id);
	const [kept] = await bot.store.answers.history(member?.id ?? 0, 0, 1);
	expect(kept?.answer.text).toBe(LONG);
}

test("a form sent too fast comes back with its whole text and a button that opens it filled in", async () => {
	let wait = 0;
	bot = await openBot({}, { throttle: () => wait });
	const post = await postDaily(bot);
	const modal = await press(bot, bot.ada, post, "Answer").modal();
	wait = 5;
	const refused = await bot.discord
		.modalSubmit({ customId: modal.custom_id, user: bot.ada, fields: { text: LONG } })
		.reply();
	expect(textOf(refused)).toContain("Nothing was done");
	wait = 0;
	await expectKept(refused);
});

test("a form sent while the database is down, at any step, gives the text back", async () => {
	bot = await openBot();
	const { people, interactions } = bot.store;
	const outage = new Outage(new Error("gone"));
	const steps = [
		() => vi.spyOn(people, "enter").mockRejectedValue(outage),
		() => vi.spyOn(interactions, "owe").mockRejectedValue(outage),
	];
	const post = await postDaily(bot);
	for (const [index, breakIt] of steps.entries()) {
		const modal = await press(bot, bot.ada, post, "Answer").modal();
		const broken = breakIt();
		const text = `Typed before step ${index} failed.`;
		const reply = await bot.discord.modalSubmit({ customId: modal.custom_id, user: bot.ada, fields: { text } }).reply();
		broken.mockRestore();
		expect(textOf(reply)).toContain(text);
		const again = await press(bot, bot.ada, reply, REOPEN).modal();
		expect(JSON.stringify(again)).toContain(text);
	}
});

/** What the bot has written to a member directly. */
const directly = (user: string) => {
	const known = bot.discord.world.users.get(user);
	return known ? bot.discord.messages(bot.discord.directChannel(known)) : [];
};
/** Lets something be sent, and Discord's three seconds pass before the bot hears of it. */
function tooLate(send: () => unknown): void {
	bot.discord.gateway.delivers = false;
	send();
	bot.clock.moveTo(new Date(bot.clock.now().getTime() + 4000));
	bot.discord.gateway.delivers = true;
	bot.discord.gateway.dropConnections();
}

test("a form that came too late for a response and cannot be taken: the text comes back in a direct message", async () => {
	let wait = 0;
	bot = await openBot({}, { throttle: () => wait });
	const post = await postDaily(bot);
	const modal = await press(bot, bot.ada, post, "Answer").modal();
	wait = 5;
	tooLate(() => bot.discord.modalSubmit({ customId: modal.custom_id, user: bot.ada, fields: { text: LONG } }));
	await expect.poll(() => directly(bot.ada.id).length).toBe(1);
	const [refused] = directly(bot.ada.id);
	if (!refused) throw new Error("nothing came");
	expect(textOf(refused)).toContain("Nothing was done");
	wait = 0;
	await expectKept(refused);
});

test("a command that came too late for a response: nothing is done, and the words come back in a direct message", async () => {
	bot = await openBot();
	const words = "a question about attention that nobody has asked yet";
	tooLate(() => type(bot, bot.ada, bot.channel, "search", { words }));
	await expect.poll(() => directly(bot.ada.id).map(textOf).join()).toContain(words);
	expect(directly(bot.ada.id).map(textOf).join()).toContain("reached me too late");
});

test("a wrong zone in a schedule's form: every field comes back, and the form opens with them", async () => {
	bot = await openBot();
	const modal = await type(bot, bot.boss, bot.channel, "schedule add").modal();
	const sent = bot.discord.modalSubmit({
		customId: modal.custom_id,
		user: bot.boss,
		fields: { time: "10:15", zone: "Europe/Berln", weekdays: ["weekends"], channel: [bot.channel.id] },
	});
	const refused = await sent.reply();
	expect(textOf(refused)).toContain("Did you mean Europe/Berlin");
	expect(Object.fromEntries(refused.embeds.slice(1).map(({ title, description }) => [title, description]))).toEqual({
		Channel: `<#${bot.channel.id}>`,
		"Time of day": "```\n10:15\n```",
		"Time zone": "```\nEurope/Berln\n```",
		Days: "Saturday and Sunday",
		"Role to notify": "```\nnone\n```",
	});
	const again = JSON.stringify(await press(bot, bot.boss, refused, REOPEN).modal());
	expect(again).toContain('"value":"10:15"');
	expect(again).toContain('"value":"Europe/Berln"');
	expect(again).toContain(`"id":"${bot.channel.id}"`);
	expect(again).toContain('"value":"weekends","default":true');
});

test("a refused edit shows the schedule's form alone, and its button keeps the schedule", async () => {
	bot = await openBot();
	await type(bot, bot.boss, bot.channel, "schedule add", { time: "09:00", zone: "UTC" }).reply();
	const modal = await type(bot, bot.boss, bot.channel, "schedule edit", { schedule: 1 }).modal();
	const fields = { time: "25:15", zone: "UTC", weekdays: ["daily"], channel: [bot.channel.id] };
	const refused = await bot.discord.modalSubmit({ customId: modal.custom_id, user: bot.boss, fields }).reply();
	const titles = refused.embeds.slice(1).map(({ title }) => title);
	expect(titles.sort()).toEqual(["Channel", "Days", "Role to notify", "Time of day", "Time zone"]);
	const again = await press(bot, bot.boss, refused, REOPEN).modal();
	expect(again.title).toBe("Schedule #1");
	const sent = bot.discord.modalSubmit({ customId: again.custom_id, user: bot.boss, fields: { time: "21:15" } });
	expect(textOf(await sent.reply())).toContain("21:15");
});

test("typed texts are read back unchanged from a message", () => {
	const signs = fc.string({
		unit: fc.constantFrom("a", " ", "\n", "`", "```", "😀", "👩‍👩‍👧", "שלום", "<@1>", "*"),
		minLength: 1,
		maxLength: 60,
	});
	fc.assert(
		fc.property(fc.array(signs, { minLength: 1, maxLength: 5 }), (texts) => {
			const fields = texts.map((text, index) => ({ name: `field${index}`, label: "Your text", text }));
			const { embeds, file } = typedEmbeds({ type: "typed", fields, reopen: null }, 0, 6000);
			const expected = Object.fromEntries(fields.map(({ name, text }) => [name, text]));
			expect(
				typedTexts(
					fields.map(({ name }) => name),
					[{ description: "above" }, ...embeds],
				),
			).toEqual(expected);
			expect(file).toBeNull();
		}),
		{ numRuns: byEffort({ test: 200, ci: 1000, full: 10_000 }) },
	);
});

test("a form with more options than a message has embeds gives all of them back, and opens with them", () => {
	const names = [
		"time",
		"zone",
		"weekdays",
		"channel",
		"categories",
		"difficulties",
		"source",
		"recap",
		"role",
		"publish",
	];
	const fields = names.map((name, index) => ({ name, label: name, text: `${name}: *${index}*` }));
	const shown = shownFields(fields);
	const { embeds, file } = typedEmbeds({ type: "typed", fields, reopen: null }, 0, 6000);
	expect(embeds).toHaveLength(1);
	expect(file).toBeNull();
	const expected = Object.fromEntries(fields.map(({ name, text }) => [name, text]));
	expect(
		typedTexts(
			shown.map(({ name }) => name),
			embeds,
		),
	).toEqual(expected);
	const long = fields.map((field) => ({ ...field, text: `${field.text}\nlong` }));
	const cut = typedEmbeds({ type: "typed", fields: long, reopen: null }, 0, 6000);
	expect(cut.embeds.length).toBeLessThanOrEqual(5);
	for (const { text } of long) expect(cut.file).toContain(text);
});

test("however long a form's texts are, all of them fit into one message", () => {
	const lengths = fc.array(fc.constantFrom(1, 100, 1500, 4000, 20_000), { minLength: 1, maxLength: 5 });
	fc.assert(
		fc.property(lengths, fc.constantFrom(4600, 5000, 6000), (sizes, room) => {
			const fields = sizes.map((size) => ({ name: "text", label: "x".repeat(45), text: "y".repeat(size) }));
			const { embeds } = typedEmbeds({ type: "typed", fields, reopen: null }, 0, room);
			const used = embeds.map(({ title = "", description = "" }) => title.length + description.length);
			expect(used.reduce((sum, length) => sum + length, 0)).toBeLessThanOrEqual(room);
		}),
		{ numRuns: 200 },
	);
});

test("a text too long for any form comes back as a file", () => {
	const text = "`".repeat(3000);
	const { embeds, file } = typedEmbeds(
		{ type: "typed", fields: [{ name: "text", label: "Your text", text }], reopen: null },
		0,
		5000,
	);
	expect(file).toBe(text);
	expect(embeds[0]?.description?.length).toBeLessThanOrEqual(4096);
});

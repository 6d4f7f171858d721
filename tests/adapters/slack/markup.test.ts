import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { seeded } from "../../../packages/local-slack/faults.ts";
import { mentionsIn } from "../../../packages/local-slack/mentions.ts";
import { checkContent } from "../../../packages/local-slack/schema/message.ts";
import { checkModal } from "../../../packages/local-slack/schema/view.ts";
import { plainCommand } from "../../../src/adapters/slack/incoming/incoming-text.ts";
import { renderMessages, renderViewBlocks } from "../../../src/adapters/slack/outgoing/render.ts";
import { modalOf, renderForm } from "../../../src/adapters/slack/outgoing/render-form.ts";
import { type Card, plain, strong } from "../../../src/chat/card.ts";
import { sharedCard } from "../../../src/chat/cards/notices.ts";
import { byEffort } from "../../support/effort.ts";
import { faultsOf, openStore, setStage, socketSettings, startBot } from "./support.ts";

const FRAGMENTS = [
	"<!channel>",
	"<!here|here>",
	"<!everyone>",
	"<@U0123456789>",
	"<@U0123456789|ana>",
	"<#C0123456789|nlp>",
	"<!subteam^S1|@all>",
	"<https://evil.example|bank>",
	"<mailto:a@b.c|x>",
	"<!date^1^{date}|x>",
	"&lt;!channel&gt;",
	"&amp;lt;",
	"@channel",
	"@here",
	"#general",
	":smile:",
	"*",
	"_",
	"~",
	"`",
	"```",
	">",
	"<",
	"&",
	"|",
	"\n",
	"\n> ",
	"\u0000",
	"\u202e",
	"\u200b",
	"\ud83d\ude00",
	"\ud800",
	"é",
	"中文",
	"https://example.org/a?b=<!channel>",
	"{date}",
	"\\",
	'"',
	"“",
	"word ",
	"x".repeat(120),
];

const TEXTS = byEffort({ test: 500, ci: 10_000, full: 10_000 });
/** How many members have such texts as names and answers, in the whole program. */
const MEMBERS = byEffort({ test: 8, ci: 40, full: 40 });

const random = seeded(11);
const nasty = () =>
	Array.from({ length: 1 + Math.floor(random() * 12) }, () => FRAGMENTS[Math.floor(random() * FRAGMENTS.length)]).join(
		"",
	);

/** A card with the text in every place that can hold a member's words. */
const cardWith = (text: string): Card => ({
	tone: "good",
	title: text,
	blocks: [
		{
			type: "text",
			text: [
				"before ",
				plain(text),
				" ",
				strong(text),
				" ",
				{ type: "code", text },
				{ type: "instant", at: new Date(0), zone: "UTC" },
			],
		},
		{ type: "text", text },
		{ type: "heading", text },
		{ type: "list", marker: "bullet", items: [[plain(text)], text] },
		{ type: "list", marker: "letter", items: [[plain(text)]] },
		{
			type: "facts",
			facts: [
				{ name: text, value: text },
				{ name: "n", value: [plain(text)] },
			],
		},
		{ type: "facts", facts: [{ name: "n", value: text.slice(0, 60) }] },
		{ type: "quote", text },
		{ type: "note", text },
		{ type: "note", text: [plain(text), strong(text), { type: "code", text }] },
		{ type: "picture", picture: { type: "profile", title: text, rows: [] }, alternative: text },
		{
			type: "actions",
			buttons: [
				{
					label: text || "x",
					call: { command: "show", options: { question: text.slice(0, 300) } },
					style: "secondary",
				},
			],
		},
		{
			type: "checklist",
			label: text,
			items: [text || "x"],
			call: { command: "rate", options: { question: "kv-cache" } },
			option: "points",
		},
	],
});

test("a right-to-left name does not reorder the words after it", () => {
	const context = { workspaceId: "T1", pictures: new Map() };
	const list = { type: "list", marker: "bullet", items: [[strong("#1"), plain("سلمى"), ": 1"]] } as const;
	const lines: Card = { tone: "plain", title: "Board", blocks: [list, { type: "note", text: [plain("سلمى"), ": 1"] }] };
	const [message] = renderMessages(lines, context);
	expect(JSON.stringify(message?.blocks).match(/\u2068سلمى\u2069/g)).toHaveLength(2);
});

describe("members' words", () => {
	test(`are never mentions or markup, anywhere in ${TEXTS} texts`, () => {
		const context = { workspaceId: "T1", pictures: new Map() };
		let found = 0;
		for (let index = 0; index < TEXTS; index += 1) {
			const text = nasty();
			const card = cardWith(text);
			const payloads = [...renderMessages(card, context), ...renderMessages(sharedCard(text, text), context)];
			found += payloads.flatMap(mentionsIn).length;
			if (index % 20 !== 0) continue;
			for (const payload of payloads) expect(checkContent(payload)).toMatchObject({ ok: true });
			const modal = modalOf(renderViewBlocks([card], context));
			const form = renderForm(
				{
					title: text,
					call: card.blocks.length > 0 ? { command: "answer", options: {} } : { command: "", options: {} },
					submit: "Go",
					fields: [
						{
							type: "text",
							name: "text",
							label: text,
							hint: text,
							long: true,
							required: true,
							longest: 4000,
							initial: text,
						},
					],
				},
				"{}",
			);
			found += [modal, form].flatMap(mentionsIn).length;
			expect(checkModal(modal)).toMatchObject({ ok: true });
			expect(checkModal(form)).toMatchObject({ ok: true });
		}
		expect(found).toBe(0);
	});

	test("arrive as they were typed", () => {
		expect(
			plainCommand(
				"answer today &lt;b&gt; &amp;amp; <@U1|ana> in <#C2|nlp> <https://a.b/c?d=1&amp;e=2|a.b> <!here> <!subteam^S1|@all>",
			),
		).toEqual({
			text: "answer today <b> &amp; U1 in C2 https://a.b/c?d=1&e=2 @here @all",
			mentioned: new Map([
				["U1", "ana"],
				["C2", "nlp"],
			]),
		});
	});
});

describe("through the whole program", () => {
	let database: Awaited<ReturnType<typeof openStore>>;
	beforeAll(async () => {
		database = await openStore();
	});
	afterAll(() => database.close());

	test("names, searches, answers and shared answers mention nobody", async () => {
		const stage = await setStage();
		const bot = await startBot(socketSettings(stage), database, stage.clock);
		const say = (text: string, user = stage.ana) => stage.slack.command({ user, channel: stage.channel, text });
		await say("schedule add 09:00 UTC", stage.admin).reply();
		await say("schedule post", stage.admin).reply();
		for (let index = 0; index < MEMBERS; index += 1) {
			const text = nasty();
			const user = stage.slack.settings.addMember({
				team: stage.team.id,
				id: `UF${index}${stage.ana.slice(4)}`,
				name: `f${index}`,
				displayName: text,
			}).id;
			stage.slack.world.channel(stage.channel).members.add(user);
			await say(text, user).reply();
			await say(`search ${text}`, user).reply();
			await say(`streak ${text}`, user).reply();
			await say(`answer today ${text} and what I would say of it`, user).reply();
			await say("share today", user).reply();
			await say("leaderboard", user).reply(1);
		}
		await bot.adapter.idle();
		await bot.daily.run();
		expect(stage.slack.messages(stage.team.id, stage.channel).length).toBeGreaterThan(MEMBERS);
		expect(faultsOf(stage.slack)).toEqual([]);
		expect(bot.faults).toEqual([]);
		await bot.stop();
		await stage.slack.stop();
	});

	test("of one workspace never show in another with the same ids", async () => {
		const [one, two] = [await setStage(undefined, "SAMEIDS"), await setStage(undefined, "SAMEIDS")];
		expect(one.ana).toBe(two.ana);
		expect(one.team.id).not.toBe(two.team.id);
		one.slack.world.member(one.ana).displayName = "ana-of-one";
		one.slack.world.channel(one.channel).name = "room-of-one";
		const first = await startBot(socketSettings(one), database, one.clock);
		const second = await startBot(socketSettings(two), database, two.clock);
		const script = [
			"help",
			"today",
			"streak",
			"leaderboard",
			"leaderboard longest all",
			"leaderboard answered week",
			"stats",
			"history",
			"search attention",
			"settings",
			"settings export",
			"schedule list",
			"schedule admins",
			"schedule test",
			"schedule post",
			"answer today my-own-words-of-one-workspace",
			"share today",
			"check last A",
			"hint last",
			"reveal last",
			"rate last 1",
			"streak ana-of-one",
			"history",
			"settings export",
			"settings forget confirm:yes",
		];
		const own = [`schedule add 08:00 UTC`, `schedule admins <@${one.ana}|ana-of-one> yes`];
		const say = async (stage: typeof one, text: string, user: string) => {
			const given = stage.slack.command({ user, channel: stage.channel, text });
			await Promise.race([given.reply(), given.view()]);
		};
		for (const text of own) await say(one, text, one.admin);
		for (const text of script.slice(0, -1)) await say(one, text, one.ana);
		await first.adapter.idle();
		for (const text of script) for (const user of [two.ana, two.admin]) await say(two, text, user);
		two.slack.homeOpened({ team: two.team.id, user: two.admin });
		await two.slack.until("a Home tab", () => two.slack.home(two.team.id, two.admin));
		await second.adapter.idle();
		// What the second workspace typed itself is no leak: only what it was shown counts.
		const seen =
			JSON.stringify(two.slack.requests.map((request) => request.args)) +
			[...two.slack.world.files.values()].map((file) => String(file.bytes)).join();
		for (const leak of ["room-of-one", one.team.id, one.channel]) expect(seen).not.toContain(leak);
		const exports = [...two.slack.world.files.values()]
			.filter((file) => file.filename.endsWith(".json"))
			.map((file) => String(file.bytes));
		expect(exports.length).toBeGreaterThan(0);
		expect(exports.join()).not.toContain("ana-of-one");
		// What one of them forgets, the other keeps.
		const history = one.slack.command({ user: one.ana, channel: one.channel, text: "history answer:2" });
		expect(JSON.stringify((await history.reply()).blocks)).toContain("my-own-words-of-one-workspace");
		for (const [stage, bot] of [
			[one, first],
			[two, second],
		] as const) {
			await bot.stop();
			expect(faultsOf(stage.slack)).toEqual([]);
			expect(bot.faults).toEqual([]);
			await stage.slack.stop();
		}
	});
});

import { describe, expect, test } from "vitest";
import type { OpenView } from "../../../packages/local-slack/world.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { retireQuestionsOfRun } from "../../support/practice/retired.ts";
import { bot, database, openForEachTest, stage } from "./opening.ts";
import { button } from "./support.ts";

openForEachTest();

const shown = (view: OpenView | undefined) => JSON.stringify(view?.view.blocks ?? []);
const home = (user: string) => stage.slack.home(stage.team.id, user);
async function openHome(user: string): Promise<OpenView> {
	stage.slack.homeOpened({ team: stage.team.id, user });
	const view = await stage.slack.until("a Home tab", () => home(user));
	await bot.adapter.idle();
	return home(user) ?? view;
}
const modal = (user: string, words: string) =>
	stage.slack.until(`a modal with "${words}"`, () =>
		stage.slack.views(user).find((view) => JSON.stringify(view.view).includes(words)),
	);

describe("Home", () => {
	test("lets a member practise all day: each form replaces the card instead of stacking on it", async () => {
		const tab = await openHome(stage.ana);
		stage.slack.action({ user: stage.ana, view: tab, ...button(tab, "Random question") });
		for (let turn = 1; turn <= 4; turn += 1) {
			const question = await modal(stage.ana, '"Answer"');
			stage.slack.action({ user: stage.ana, view: question, ...button(question, "Answer") });
			const form = await modal(stage.ana, '"submit"');
			expect(stage.slack.views(stage.ana)).toHaveLength(1);
			const values = { value: `Attention weighs tokens against each other, turn ${turn}.` };
			stage.slack.viewSubmission({ view: form, values });
			const answered = await modal(stage.ana, "Next question");
			stage.slack.action({ user: stage.ana, view: answered, ...button(answered, "Next question") });
		}
		await bot.adapter.idle();
		expect(stage.slack.requests.filter(({ method }) => method === "views.push")).toEqual([]);
	});

	test("has a button that starts practice in place of the card, without stacking views", async () => {
		const tab = await openHome(stage.ana);
		stage.slack.action({ user: stage.ana, view: tab, ...button(tab, "Practise") });
		const first = await modal(stage.ana, "1 of 5");
		stage.slack.action({ user: stage.ana, view: first, ...button(first, "Skip") });
		await modal(stage.ana, "2 of 5");
		expect(stage.slack.views(stage.ana)).toHaveLength(1);
		await bot.adapter.idle();
		expect(stage.slack.requests.filter(({ method }) => method === "views.push")).toEqual([]);
	});

	test("offers practice beside today's question too", async () => {
		const { slack, admin, channel } = stage;
		await slack.command({ user: admin, channel, text: "schedule add 09:00 UTC" }).reply();
		await slack.command({ user: admin, channel, text: "schedule post" }).reply();
		const tab = await openHome(stage.ana);
		expect(shown(tab)).toContain("Today's question #1");
		slack.action({ user: stage.ana, view: tab, ...button(tab, "Practise") });
		await modal(stage.ana, "1 of 5");
		await bot.adapter.idle();
	});

	test("moves a run once when two devices skip its question, and replaces what was retired meanwhile", async () => {
		const tab = await openHome(stage.ana);
		stage.slack.action({ user: stage.ana, view: tab, ...button(tab, "Practise") });
		const first = await modal(stage.ana, "1 of 5");
		const skip = button(first, "Skip");
		stage.slack.action({ user: stage.ana, view: first, ...skip });
		stage.slack.action({ user: stage.ana, view: first, ...skip });
		const second = await modal(stage.ana, "2 of 5");
		await bot.adapter.idle();
		const before = shown(stage.slack.views(stage.ana)[0]);
		expect(before).toContain("2 of 5");
		const store = createStore(database.db);
		const workspace = await store.people.findWorkspace("slack", stage.team.id);
		const ana = workspace && (await store.people.findMember(workspace.id, stage.ana));
		await retireQuestionsOfRun(store, ana?.id ?? 0);
		stage.slack.action({ user: stage.ana, view: second, ...button(second, "Skip") });
		const replaced = await stage.slack.until("another question", () =>
			stage.slack.views(stage.ana).find((view) => shown(view) !== before),
		);
		expect(shown(replaced)).toContain("2 of 5");
	});

	test.each([
		["practice 0", "is not a number from 1 to 20"],
		["practice 21", "is not a number from 1 to 20"],
		["practice viele", "is not something to practise"],
		["practice missed", "questions are new to you"],
		["next", "You have no practice run open."],
		["settings interview 2027-02-30", "is not a date"],
		["settings interview 2020-01-01", "is in the past"],
		["settings interview 2099-01-01", "is more than a year ahead"],
		["rate kv-cache good", "You have not answered this question yet."],
	])("/nlpq %s is answered with what is wrong, or what there is", async (text, words) => {
		const message = await stage.slack.command({ user: stage.ana, channel: stage.channel, text }).reply();
		expect(JSON.stringify(message.blocks)).toContain(words);
	});

	test("shows an admin without a schedule the first thing to do, and a member nothing that is zero", async () => {
		const admins = shown(await openHome(stage.admin));
		expect(admins.indexOf("No daily question is set here yet")).toBeGreaterThan(-1);
		expect(admins.indexOf("No daily question is set here yet")).toBeLessThan(admins.indexOf("Your settings"));
		expect(admins).not.toMatch(/streak is 0|"0"/);
		expect(shown(await openHome(stage.ana))).not.toContain("Current");
	});

	test("publishes in order: a slow publish never overwrites a later one", async () => {
		await openHome(stage.ana);
		let slowed = false;
		stage.slack.faults.add({
			method: "views.publish",
			kind: "slow",
			delayMs: 400,
			when: () => {
				const isFirst = !slowed;
				slowed = true;
				return isFirst;
			},
		});
		stage.slack.homeOpened({ team: stage.team.id, user: stage.ana });
		await stage.slack.until("a slow publish", () => (slowed ? true : undefined));
		await stage.slack.command({ user: stage.ana, channel: stage.channel, text: "settings leaderboard no" }).reply();
		stage.slack.homeOpened({ team: stage.team.id, user: stage.ana });
		await bot.adapter.idle();
		expect(shown(home(stage.ana))).toContain("hidden from others");
	});

	test("an older view from another process never overwrites a newer one: the tab is drawn again", async () => {
		const tab = await openHome(stage.ana);
		let slowed = false;
		stage.slack.faults.add({
			method: "views.publish",
			kind: "slow",
			delayMs: 400,
			when: () => {
				const isFirst = !slowed;
				slowed = true;
				return isFirst;
			},
		});
		stage.slack.homeOpened({ team: stage.team.id, user: stage.ana });
		await stage.slack.until("a slow publish", () => (slowed ? true : undefined));
		await stage.slack.command({ user: stage.ana, channel: stage.channel, text: "settings leaderboard no" }).reply();
		// Another process has published meanwhile.
		tab.hash = "another";
		await bot.adapter.idle();
		expect(shown(home(stage.ana))).toContain("hidden from others");
		expect(stage.slack.requests.filter(({ method }) => method === "views.publish")).toHaveLength(3);
	});

	test.each(["ratelimited", "500", "reset"] as const)(
		"is drawn even if Slack takes it only later (%s)",
		async (kind) => {
			stage.slack.faults.add({ method: "views.publish", kind, times: 1, retryAfter: 1 });
			expect(shown(await openHome(stage.ana))).toContain("Your settings");
		},
	);

	test("is not published for a member who is gone", async () => {
		stage.slack.faults.add({ method: "views.publish", kind: { error: "user_not_found" } });
		stage.slack.homeOpened({ team: stage.team.id, user: stage.ana });
		await stage.slack.until("a publish", () => stage.slack.requests.find(({ method }) => method === "views.publish"));
		await bot.adapter.idle();
		expect(stage.slack.requests.filter(({ method }) => method === "views.publish")).toHaveLength(1);
		expect(bot.lines.join()).toContain("an interaction failed");
	});

	test("lets an admin edit and pause schedules, and shows the result", async () => {
		await stage.slack.command({ user: stage.admin, channel: stage.channel, text: "schedule add 09:00 UTC" }).reply();
		const tab = await openHome(stage.admin);
		stage.slack.action({ user: stage.admin, view: tab, ...button(tab, "Pause #1") });
		await modal(stage.admin, "Schedule #1 is paused");
		await bot.adapter.idle();
		expect(shown(home(stage.admin))).toContain("Resume #1");
	});
});

describe("when Slack does not answer about a member", () => {
	test("an admin's reply says so instead of denying the rights, and the display name is kept", async () => {
		await stage.slack.command({ user: stage.ana, channel: stage.channel, text: "help" }).reply();
		stage.slack.faults.add({ method: "users.info", kind: "ratelimited", retryAfter: 30 });
		const refused = await stage.slack
			.command({ user: stage.admin, channel: stage.channel, text: "schedule list" })
			.reply();
		expect(JSON.stringify(refused.blocks)).toContain("could not ask just now whether you are an admin");
	});
});

describe("a rate limit in one channel", () => {
	test("does not apply to another channel", async () => {
		const other = stage.slack.settings.addChannel({
			team: stage.team.id,
			id: `${stage.channel}2`,
			name: "other",
			members: [stage.admin],
		}).id;
		stage.slack.faults.add({
			method: "chat.postMessage",
			kind: "ratelimited",
			retryAfter: 30,
			when: ({ channel }) => channel === stage.channel,
		});
		const card = { tone: "plain" as const, title: "Hello", blocks: [] };
		const post = (channelId: string) =>
			bot.adapter.platform.post(
				{ type: "channel", workspaceId: stage.team.id, channelId },
				card,
				channelId,
				AbortSignal.timeout(60_000),
			);
		await expect(post(stage.channel)).rejects.toMatchObject({ retryAfter: 30_000 });
		await expect(post(other)).resolves.toMatchObject({ threadId: null });
		await expect(post(stage.channel)).rejects.toMatchObject({ kind: "not-sent" });
	});
});

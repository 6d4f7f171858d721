import { afterEach, beforeEach, expect, test } from "vitest";
import type { Card } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { DeliveryFault } from "../../src/chat/platform.ts";
import { cardText } from "../../src/chat/text.ts";
import { openChat } from "../support/chat.ts";
import { endLeases } from "../support/embedded.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeEach(async () => {
	chat = await openChat();
});
afterEach(async () => {
	expect(chat.faults).toEqual([]);
	await chat.close();
});

async function say(name: string, line: string): Promise<Card> {
	const outcome = await chat.dispatcher.run(chat.caller(name, name === "boss"), readCommand(line, COMMANDS));
	if (outcome.type === "form") throw new Error("a form came instead of a reply");
	return outcome.reply.card;
}

async function goTo(instant: string): Promise<void> {
	chat.clock.moveTo(new Date(instant));
	await chat.daily.run();
}

const recaps = () => chat.platform.posts.filter(({ card }) => card.title.startsWith("The week from"));

/** A week from Monday, 8 March 2027: who answers on each of its days. */
async function week(days: readonly (readonly string[])[], first = 8): Promise<void> {
	for (const [index, names] of days.entries()) {
		await goTo(`2027-03-${String(first + index).padStart(2, "0")}T09:00:00Z`);
		for (const name of names) await say(name, "check today A");
	}
}

test("a recap comes on Monday where it was asked for, and nowhere else", async () => {
	await say("boss", "schedule add 09:00 UTC daily recap:yes");
	await say("boss", "schedule add 09:30 UTC daily");
	await week([["ana"], ["ana"], [], [], [], [], []]);
	expect(recaps()).toEqual([]);
	await goTo("2027-03-15T09:00:00Z");
	expect(recaps()).toHaveLength(1);
	expect(recaps()[0]?.to).toMatchObject({ type: "channel", channelId: "general" });
	await goTo("2027-03-15T12:00:00Z");
	expect(recaps()).toHaveLength(1);
});

test("a recap says who kept going and what was hard, never names a hidden member, never says who missed", async () => {
	await say("boss", "schedule add 09:00 UTC daily recap:yes");
	await say("hidden", "settings leaderboard no");
	const all = ["ana", "ben", "cid", "dan", "eve", "hidden"];
	await week([["ana"], ["ana"], [], [], [], [], []], 8);
	const last = ["ben", "hidden"];
	await week([all, all, ["ana", "ben", "hidden"], last, last, last, last], 15);
	await goTo("2027-03-22T09:00:00Z");
	const text = cardText(recaps()[1]?.card ?? { tone: "plain", title: "", blocks: [] });
	expect(text).toContain("6 members answered a daily question; 1 did the week before.");
	expect(text).toContain("ben answered on 7 more days than the week before");
	expect(text).toMatch(/First attempt: ben, cid, dan and eve/);
	expect(text).toContain("Longest streaks: ben (7 days in a row)");
	expect(text).not.toContain("hidden");
	expect(text).not.toMatch(/miss/i);
});

test("with fewer than five participants a recap only tells participation", async () => {
	await say("boss", "schedule add 09:00 UTC daily recap:yes");
	await week([["ana", "ben"], ["ana"], ["ana"], [], [], [], []]);
	await goTo("2027-03-15T09:00:00Z");
	const text = cardText(recaps()[0]?.card ?? { tone: "plain", title: "", blocks: [] });
	expect(text).toContain("2 members answered");
	expect(text).not.toMatch(/ana|ben/);
});

test("a recap whose send is cut off, and that two processes plan, comes exactly once", async () => {
	await say("boss", "schedule add 09:00 UTC daily recap:yes");
	await week([["ana"]]);
	const post = chat.platform.post.bind(chat.platform);
	let cuts = 0;
	chat.platform.post = async (to, card, key) => {
		const posted = await post(to, card, key);
		if (card.title.startsWith("The week from") && cuts++ === 0) throw new DeliveryFault("uncertain", "cut", "");
		return posted;
	};
	chat.clock.moveTo(new Date("2027-03-15T09:00:00Z"));
	await Promise.all([chat.daily.run(), chat.daily.run()]);
	for (let hour = 1; hour < 4; hour += 1) {
		await endLeases(chat.db);
		await goTo(`2027-03-15T${9 + hour}:00:00Z`);
	}
	expect(cuts).toBe(1);
	expect(recaps()).toHaveLength(1);
});

test("a season's board shows the longest run within it; frozen days neither add nor break", async () => {
	await say("boss", "schedule add 09:00 UTC daily");
	// Ana begins in the first quarter; only the second counts there.
	const dates = ["2027-03-30", "2027-03-31", "2027-04-01", "2027-04-02", "2027-04-03", "2027-04-04"];
	const answers: Record<string, string[]> = {
		"2027-03-30": ["ana"],
		"2027-03-31": ["ana"],
		"2027-04-01": ["ana", "ben"],
		"2027-04-02": ["ben"],
		"2027-04-03": ["ana", "ben"],
		"2027-04-04": ["ana"],
	};
	for (const date of dates) {
		await goTo(`${date}T09:00:00Z`);
		for (const name of answers[date] ?? []) await say(name, "answer today An honest attempt, in a few words.");
	}
	const outcome = await chat.dispatcher.run(chat.caller("ana"), {
		command: "leaderboard",
		options: { board: "current", period: "season" },
	});
	const data = outcome.type === "reply" ? outcome.reply.data : null;
	expect(data?.rows).toEqual([
		{ rank: 1, member: "ben", value: 3 },
		{ rank: 2, member: "ana", value: 2 },
	]);
	expect(outcome.type === "reply" && outcome.reply.card.title).toContain("this season");
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Caller } from "../../src/chat/caller.ts";
import type { Card } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { DeliveryFault } from "../../src/chat/platform.ts";
import { cardText } from "../../src/chat/text.ts";
import { chores } from "../../src/core/service/housekeeping.ts";
import { openChat } from "../support/chat.ts";
import { Dice } from "../support/dice.ts";
import { byEffort } from "../support/effort.ts";
import { endLeases } from "../support/embedded.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeEach(async () => {
	chat = await openChat();
});
afterEach(async () => {
	expect(chat.faults).toEqual([]);
	await chat.close();
});

async function cardOf(caller: Caller, line: string): Promise<Card> {
	const outcome = await chat.dispatcher.run(caller, readCommand(line, COMMANDS));
	await chat.daily.run();
	if (outcome.type === "form") throw new Error("a form came instead of a reply");
	return outcome.reply.card;
}

const member = (name: string, line: string) => cardOf(chat.caller(name), line);
const admin = (line: string, name = "boss") => cardOf(chat.caller(name, true), line);

/** What was sent privately to members, as `name: text`. */
const privateMessages = () =>
	chat.platform.posts.flatMap(({ to, card }) => (to.type === "member" ? [`${to.memberId}: ${cardText(card)}`] : []));

const [first, second] = ["The figure is per layer.", "It is out of date."];

describe("a report", () => {
	test("is listed with number, question, revision and words until somebody decides", async () => {
		await member("ana", `report kv-cache ${first}`);
		const list = cardText(await admin("reports"));
		expect(list).toContain("1 open report");
		expect(list).toContain(`revision ${chat.bank.find("kv-cache").revision}`);
		expect(list).toContain(first);
		expect(list).not.toContain("ana");
		// Nothing about it expires.
		chat.clock.moveTo(new Date("2028-03-08T08:00:00Z"));
		expect(cardText(await admin("reports"))).toContain(first);
		await admin("reports accept 1");
		expect(cardText(await admin("reports"))).toContain("0 open reports");
		expect(cardText(await admin("reports all"))).toMatch(
			/accepted \S*8 Mar\S* 2028|accepted 2028-03-08|accepted .*2028/,
		);
	});

	test("comes to the admins under the question's title", async () => {
		await member("ana", `report kv-cache ${first}`);
		const { title } = chat.bank.find("kv-cache");
		expect(chat.platform.posts.map(({ card }) => card.title)).toContain(`Reported · ${title}`);
	});

	test("on the same question and revision is counted, and everybody who reported it is told once", async () => {
		await member("ana", `report kv-cache ${first}`);
		await member("ben", `report kv-cache ${second}`);
		await member("ana", `report kv-cache ${second}`);
		expect(chat.platform.posts.filter(({ to }) => to.type === "admins")).toHaveLength(1);
		const list = cardText(await admin("reports"));
		expect(list).toContain("1 open report");
		expect(list).toContain("reported 3 times");
		await admin("reports decline 1 The figure is per layer, as the prompt says.");
		await chat.daily.run();
		expect(
			privateMessages()
				.map((line) => line.split(":")[0])
				.sort(),
		).toEqual(["ana", "ben"]);
		for (const line of privateMessages()) expect(line).toContain("The figure is per layer, as the prompt says.");
	});

	test("cannot be decided twice: the second admin is told what the first decided, and nobody else is told again", async () => {
		await member("ana", `report kv-cache ${first}`);
		const both = await Promise.all([
			admin("reports accept 1", "boss"),
			admin("reports decline 1 It is right.", "chief"),
		]);
		expect(both.filter(({ tone }) => tone === "good")).toHaveLength(1);
		const refused = both.find(({ tone }) => tone !== "good");
		expect(refused && cardText(refused)).toMatch(/Report #1 was (accepted|declined) by another admin/);
		expect(privateMessages()).toHaveLength(1);
	});

	test("of another workspace does not exist here", async () => {
		await member("ana", `report kv-cache ${first}`);
		const there = await cardOf(chat.caller("boss", true, "away"), "reports accept 1");
		expect(there.title).toContain("There is no report #1 here");
		expect(cardText(await cardOf(chat.caller("boss", true, "away"), "reports all"))).toContain("0 reports");
		expect(cardText(await admin("reports"))).toContain(first);
	});

	test("is settled by a new revision of its question, and its reporter is told", async () => {
		await member("ana", `report kv-cache ${first}`);
		const question = chat.bank.find("kv-cache");
		const others = chat.bank.all().filter(({ id }) => id !== question.id);
		const revised = { ...question, revision: question.revision + 1 };
		await chat.store.transaction((tx) => tx.bank.synchronise([...others, revised], chat.clock.now()));
		const [settle] = chores(chat.services);
		expect(await settle?.step(chat.clock.now())).toBe(1);
		expect(await settle?.step(chat.clock.now())).toBe(0);
		await chat.daily.run();
		expect(privateMessages()).toHaveLength(1);
		expect(privateMessages()[0]).toContain("has been revised since");
		expect(cardText(await admin("reports all"))).toContain("corrected since");
	});

	test("of a member who is forgotten loses its words, and nobody is told", async () => {
		await member("ana", `report kv-cache ${first}`);
		await member("ben", `report kv-cache ${second}`);
		await member("ana", "settings forget confirm:yes");
		const list = cardText(await admin("reports"));
		expect(list).not.toContain(first);
		expect(list).toContain(second);
		await admin("reports duplicate 1");
		expect(privateMessages().map((line) => line.split(":")[0])).toEqual(["ben"]);
	});
});

const REPORTS = byEffort({ test: 20, ci: 300, full: 1_000 });

test(`${REPORTS} reports, with sends cut off and decisions delivered twice: each listed once, each reporter told once`, async () => {
	const dice = new Dice(20);
	const post = chat.platform.post.bind(chat.platform);
	chat.platform.post = async (to, card, key) => {
		const fault = (kind: "not-sent" | "uncertain") => new DeliveryFault(kind, "the line was cut", "");
		if (dice.chance(0.15)) throw fault("not-sent");
		const posted = await post(to, card, key);
		// It has arrived, but nobody is told so.
		if (dice.chance(0.3)) throw fault("uncertain");
		return posted;
	};
	const questions = chat.bank.all();
	const decisions = ["accept", "decline", "duplicate"];
	for (let index = 0; index < REPORTS; index += 1) {
		const id = questions[index % questions.length]?.id;
		await chat.dispatcher.run(chat.caller(`m${index}`), readCommand(`report ${id} Wrong ${index}.`, COMMANDS));
	}
	const listed: number[] = [];
	for (let page = 1; ; page += 1) {
		const outcome = await chat.dispatcher.run(
			chat.caller("boss", true),
			readCommand(`reports open page:${page}`, COMMANDS),
		);
		const data = outcome.type === "reply" ? outcome.reply.data : undefined;
		const found = (data?.reports ?? []) as { report: number; reports: number }[];
		listed.push(...found.flatMap(({ report, reports }) => Array<number>(reports).fill(report)));
		if (found.length === 0) break;
	}
	expect(listed).toHaveLength(REPORTS);
	for (const report of new Set(listed)) {
		const verb = dice.pick(decisions);
		const line = `reports ${verb} ${report}${verb === "decline" ? " It is right." : ""}`;
		const caller = chat.caller("boss", true);
		const call = readCommand(line, COMMANDS);
		await Promise.all([chat.dispatcher.run(caller, call), chat.dispatcher.run(caller, call)]);
	}
	// A lease outlives its send, so none ends here while one is in the air.
	await chat.daily.run();
	for (let hour = 1; hour <= 60; hour += 1) {
		chat.clock.moveTo(new Date(chat.clock.now().getTime() + 60 * 60 * 1000));
		await endLeases(chat.db);
		await chat.daily.run();
	}
	const names = privateMessages().map((line) => line.split(":")[0]);
	expect(names.sort()).toEqual(Array.from({ length: REPORTS }, (_, index) => `m${index}`).sort());
});

import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Call, Card, Outcome } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { cardText } from "../../src/chat/text.ts";
import { openChat } from "../support/chat.ts";
import { openSharedWithBank } from "../support/postgres.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeEach(async () => {
	chat = await openChat({ database: await openSharedWithBank() });
});
afterEach(async () => {
	expect(chat.faults).toEqual([]);
	await chat.close();
});

type Who = { readonly name: string; readonly admin?: boolean; readonly workspace?: string };
const ANA: Who = { name: "ana" };
const BOSS: Who = { name: "boss", admin: true };

async function run({ name, admin, workspace }: Who, call: Call): Promise<Outcome> {
	const outcome = await chat.dispatcher.run(chat.caller(name, admin, workspace), call);
	await chat.daily.run();
	return outcome;
}

async function card(who: Who, line: string | Call): Promise<Card> {
	const outcome = await run(who, typeof line === "string" ? readCommand(line, COMMANDS) : line);
	if (outcome.type === "form") throw new Error("a form came instead of a reply");
	return outcome.reply.card;
}

const text = async (who: Who, line: string | Call) => cardText(await card(who, line));

const PARTS = {
	title: "Our deploy freeze",
	prompt: "When do we freeze deploys, and why?",
	answer: "On Fridays at noon, so that nobody is paged on a weekend.",
	points: "- Fridays at noon (essential)\n- Nobody is paged",
	options: "* Fridays at noon\nMondays at nine\nNever at all\nOn any holiday",
};
const suggestion = (changes: Partial<typeof PARTS> = {}): Call => ({
	command: "suggest",
	options: { ...PARTS, ...changes },
});
const addition = (changes: Partial<typeof PARTS> = {}): Call => ({
	command: "questions add",
	options: { ...PARTS, ...changes },
});

/** What was sent privately to members, as `name: text`. */
const privateMessages = () =>
	chat.platform.posts.flatMap(({ to, card: sent }) =>
		to.type === "member" ? [`${to.memberId}: ${cardText(sent)}`] : [],
	);
const labels = (shown: Card) =>
	shown.blocks.flatMap((block) => (block.type === "actions" ? block.buttons.map(({ label }) => label) : []));

describe("a suggestion", () => {
	test("is asked for by a form of five parts that says who reads it", async () => {
		const outcome = await run(ANA, { command: "suggest", options: {} });
		if (outcome.type !== "form") throw new Error("no form came");
		expect(outcome.form.fields.map(({ name }) => name)).toEqual(["title", "prompt", "answer", "points", "options"]);
		expect(JSON.stringify(outcome.form)).toContain("admins here and the operator read");
	});

	test("waits for an admin, is asked once accepted, and its author is told once", async () => {
		await card(ANA, suggestion());
		expect(await text(ANA, "search deploy freeze")).not.toContain("Our deploy freeze");
		expect(chat.platform.posts.filter(({ to }) => to.type === "admins")).toHaveLength(1);
		const waiting = await card(BOSS, "questions waiting");
		expect(labels(waiting).slice(0, 3)).toEqual(["Accept", "Edit", "Decline"]);
		expect(cardText(waiting)).toContain("Fridays at noon");
		await card(BOSS, "questions accept 1");
		expect(privateMessages()).toHaveLength(1);
		expect(privateMessages()[0]).toMatch(/^ana: .*accepted/);
		expect(await text(ANA, "search deploy freeze")).toContain("Our deploy freeze");
		expect(await text(ANA, "show ours/1")).toContain("When do we freeze deploys");
		expect(await text(ANA, 'show "Our deploy freeze"')).not.toContain("paged");
		expect(await text(ANA, "check ours/1 A")).toMatch(
			/^Well chosen · Our deploy freeze[\s\S]*You chose A, the right one\./,
		);
		expect(await text(ANA, "answer ours/1 On Fridays, as far as I know.")).toContain("Nobody is paged");
		expect(await text(ANA, "compare ours/1 strong")).toContain("so that nobody is paged on a weekend");
		expect(await text(ANA, "rate ours/1 1,2")).toContain("2 of 2");
		expect(await text(ANA, "history")).toContain("Our deploy freeze");
	});

	test("is declined once, with a reason: a second admin is told what the first decided", async () => {
		await card(ANA, suggestion());
		const both = await Promise.all([
			card(BOSS, "questions decline 1 We never freeze."),
			card({ name: "chief", admin: true }, "questions accept 1"),
		]);
		const refused = both.filter(({ tone }) => tone !== "good").map((shown) => cardText(shown));
		expect(refused).toHaveLength(1);
		expect(refused[0]).toMatch(/was (accepted|declined) by another admin/);
		expect(privateMessages()).toHaveLength(1);
	});

	test.each<[string, Partial<typeof PARTS>, string]>([
		["two right options", { options: "* a\n* b\nc\nd" }, "exactly one right option"],
		["no right option", { options: "a\nb\nc\nd" }, "exactly one right option"],
		["three options", { options: "* a\nb\nc" }, "none or 4"],
		["the same option twice", { options: "* a\nA\nc\nd" }, "four different options"],
		["nine key points", { points: "abcdefghi".split("").join("\n") }, "Key points: at most 8"],
		["a long title", { title: "x".repeat(80) }, "Title: at most 75 characters, here 80"],
		["no answer", { answer: "  " }, "Answer: it is empty"],
	])("with %s is not taken, and says why", async (_name, changes, why) => {
		const refused = await text(ANA, suggestion(changes));
		expect(refused).toContain(why);
		expect(await text(BOSS, "questions waiting")).toContain("No suggestion waits");
	});

	test("with several faults names them all at once, each with its field", async () => {
		const changes = {
			title: "x".repeat(80),
			points: "abcdefghi".split("").join("\n"),
			options: `${"y".repeat(300)}\nb\nc`,
		};
		const expected = [
			{ field: "title", message: "Title: at most 75 characters, here 80. Nothing was saved." },
			{ field: "points", message: "Key points: at most 8. Nothing was saved." },
			{
				field: "options",
				message: expect.stringMatching(
					/^Option. 1: at most \d+ characters, here 300; options: none or 4 of them, here 3; options: exactly one right/,
				),
			},
		];
		for (const call of [suggestion(changes), addition(changes)]) {
			const ask = async () => chat.caller("boss", true);
			const faults = await chat.dispatcher.faultsOf(ask, call, chat.clock.now(), 60_000);
			expect(faults).toMatchObject(expected);
			const refused = await text(BOSS, call);
			expect(refused).toContain("3 things are wrong with that. Nothing was changed.");
			for (const each of ["Title: at most 75", "Key points: at most 8", "none or 4 of them"])
				expect(refused).toContain(each);
			expect(refused).toContain("x".repeat(80));
		}
		expect(await text(BOSS, "questions list")).toContain("0 questions of your own");
	});

	test("without options and key points has no quick check and nothing to tick", async () => {
		await card(ANA, suggestion({ options: "", points: "" }));
		await card(BOSS, "questions accept ours/1");
		expect(labels(await card(ANA, "show ours/1"))).not.toContain("Quick check");
		expect(await text(ANA, "check ours/1")).toContain("has no quick check");
		const answered = await card(ANA, "answer ours/1 On Fridays, as far as I know.");
		expect(answered.blocks.some(({ type }) => type === "checklist")).toBe(false);
		expect(await text(ANA, "rate ours/1 1")).toContain("no key points");
	});

	test("number six of a member waits until an admin has decided on others", async () => {
		for (let index = 0; index < 5; index += 1) await card(ANA, suggestion({ title: `Number ${index}` }));
		expect(await text(ANA, suggestion())).toContain("5 of your suggestions wait");
		await card(BOSS, "questions decline 1 No.");
		expect(await text(ANA, suggestion())).toContain("waits for an admin");
	});

	test("of a member who is forgotten is deleted while it waits, and is kept without an author once accepted", async () => {
		await card(ANA, suggestion());
		await card(ANA, suggestion({ title: "Another one" }));
		await card(BOSS, "questions accept 1");
		expect(await text(BOSS, "questions show 1")).toContain("Suggested by ana");
		await card(ANA, "settings forget confirm:yes");
		expect(await text(BOSS, "questions waiting")).toContain("No suggestion waits");
		const shown = await text(BOSS, "questions show 1");
		expect(shown).toContain("Our deploy freeze");
		expect(shown).not.toContain("ana");
	});
});

describe("a workspace's own question", () => {
	test("gets a new revision when edited, settles reports on the older one, and accepts both right options", async () => {
		await card(BOSS, addition());
		await card(ANA, "check ours/1 B");
		await card(ANA, "report ours/1 It is Mondays by now.");
		const options = "Fridays at noon\n* Mondays at nine\nNever at all\nOn any holiday";
		const edit = { command: "questions edit", options: { question: "1", ...PARTS, options, difficulty: "advanced" } };
		await card(BOSS, edit);
		expect(await text(BOSS, "questions show 1")).toMatch(/revision 2[\s\S]*advanced/);
		expect(privateMessages()).toHaveLength(1);
		expect(await text(BOSS, "reports all")).toContain("corrected since");
		expect(await text(ANA, "history")).toContain("right");
	});

	const formOf = async (who: Who, question: string) => {
		const outcome = await run(who, { command: "questions edit", options: { question } });
		if (outcome.type !== "form") throw new Error("no form came");
		return outcome.form;
	};

	test("edited by two admins at once keeps the first edit, and gives the second one's text back", async () => {
		await card(BOSS, addition());
		const chief = { name: "chief", admin: true };
		const [mine, theirs] = [await formOf(BOSS, "1"), await formOf(chief, "1")];
		const sent = (form: typeof mine, answer: string): Call => ({
			...form.call,
			options: { ...PARTS, ...form.call.options, answer },
		});
		expect(await text(BOSS, sent(mine, "On Mondays."))).toContain("Saved: ours/1");
		const refused = await card(chief, sent(theirs, "On Tuesdays."));
		expect(cardText(refused)).toContain("Somebody has edited ours/1 since you opened the form. Nothing was saved.");
		expect(cardText(refused)).toContain("On Tuesdays.");
		expect(labels(refused)).toContain("Edit what is there now");
		expect(await text(BOSS, "questions show 1")).toContain("On Mondays.");
		const fresh = await formOf(chief, "1");
		expect(fresh.fields.find(({ name }) => name === "answer")).toMatchObject({ initial: "On Mondays." });
		expect(await text(chief, sent(fresh, "On Tuesdays."))).toContain("Saved: ours/1");
		// What was typed and refused can be sent on purpose, from the form that opens again.
		const again = await run(chief, {
			command: "questions edit",
			options: { ...sent(theirs, "On Sundays.").options },
			reopen: true,
		});
		if (again.type !== "form") throw new Error("no form came");
		expect(again.form.fields.find(({ name }) => name === "answer")).toMatchObject({ initial: "On Sundays." });
		expect(await text(chief, sent(again.form, "On Sundays."))).toContain("Saved: ours/1");
	});

	test("saved without changes keeps its revision", async () => {
		await card(BOSS, addition());
		await card(BOSS, { command: "questions edit", options: { question: "1", ...PARTS } });
		expect(await text(BOSS, "questions show 1")).toContain("ours/1, revision 1");
	});

	test("without key points is graded by its buttons, in a run and outside", async () => {
		await card(BOSS, addition({ points: "" }));
		const answered = await card(ANA, "answer ours/1 On Fridays, as far as I know.");
		expect(cardText(answered)).toContain("Say how well you knew it");
		expect(
			labels(answered)
				.slice(-4)
				.map((label) => label.split(":")[0]),
		).toEqual(["Again", "Hard", "Good", "Easy"]);
		expect(await text(ANA, "rate ours/1 1")).toContain("/nlpq rate ours/1 good");
		expect(await text(ANA, "rate ours/1 good")).toContain("Good: you know this.");
		expect(await text(ANA, "check ours/1 B")).not.toMatch(/ $/m);
		await card({ name: "ben" }, "answer ours/1 On Fridays, as far as I know.");
		chat.clock.moveTo(new Date("2027-03-10T09:00:00Z"));
		const run = await card({ name: "ben" }, "practice");
		expect(cardText(run)).toContain("How well did you know it? Our deploy freeze");
		expect(run.blocks.some(({ type }) => type === "checklist")).toBe(false);
		expect(labels(run).map((label) => label.split(":")[0])).toEqual(expect.arrayContaining(["Again", "Good"]));
	});

	test("without options offers no quick check to a text that is no attempt, and names none at Share", async () => {
		await card(BOSS, addition({ options: "" }));
		await card(BOSS, "schedule add 09:00 UTC daily source:ours");
		chat.clock.moveTo(new Date("2027-03-09T09:00:00Z"));
		await chat.daily.run();
		const refused = await text(ANA, "answer today no");
		expect(refused).toContain("A sentence or two, please. Nothing was recorded");
		expect(refused).not.toMatch(/quick check/i);
		const unshared = await text(ANA, "share today");
		expect(unshared).toContain("only free text");
		expect(unshared).not.toMatch(/quick check/i);
	});

	test("is never asked once retired, keeps its history, and can be brought back", async () => {
		await card(BOSS, addition());
		await card(ANA, "check ours/1 A");
		await card(BOSS, "questions retire 1");
		expect((await card(ANA, "show ours/1")).tone).toBe("error");
		expect(await text(ANA, "history")).toContain("Our deploy freeze");
		await card(BOSS, "questions retire 1 no");
		expect(await text(ANA, "show ours/1")).toContain("When do we freeze");
	});

	test("comes first in each bag, alone if the source is ours, and never if it is the bank", async () => {
		for (const title of ["First", "Second"]) await card(BOSS, addition({ title, prompt: `${title}: what is it?` }));
		for (const [minute, source] of ["ours", "both", "bank"].entries())
			await card(BOSS, `schedule add 09:0${minute} UTC daily source:${source}`);
		const drawn: string[][] = [];
		for (const date of ["08", "09", "10"]) {
			chat.clock.moveTo(new Date(`2027-03-${date}T09:05:00Z`));
			await chat.daily.run();
			const home = await chat.store.people.findWorkspace("terminal", "home");
			const open = home ? await chat.store.occurrences.open(home.id, null, chat.clock.now()) : [];
			const today = open.filter(({ localDate }) => localDate.endsWith(date));
			const bySchedule = today.sort((a, b) => a.scheduleId - b.scheduleId);
			drawn.push(bySchedule.map(({ questionId }) => questionId ?? ""));
		}
		const [ours, both, bank] = [0, 1, 2].map((schedule) => drawn.map((day) => day[schedule] ?? ""));
		expect(ours?.every((id) => id.startsWith("ours/"))).toBe(true);
		expect(new Set(both?.slice(0, 2))).toEqual(new Set(["ours/1", "ours/2"]));
		expect(both?.[2]).not.toContain("ours/");
		expect(bank?.some((id) => id.startsWith("ours/"))).toBe(false);
	});

	test("cannot be the source while there are none", async () => {
		expect(await text(BOSS, "schedule add 09:00 UTC daily source:ours")).toContain("no questions of its own to ask");
	});
});

import { eq } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { handledInteractions } from "../../drizzle/running.ts";
import type { Caller } from "../../src/chat/caller.ts";
import type { Call, Card, Outcome } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import type { ReadServices } from "../../src/core/service/services.ts";
import { openChat } from "../support/chat.ts";
import { snapshot } from "../support/snapshot.ts";

type Chat = Awaited<ReturnType<typeof openChat>>;

const REPORT = "report today The figure is per layer, not in all.";
const OWN = { title: "Freeze", prompt: "When do we freeze?", answer: "On Fridays.", points: "", options: "" };
const SUGGEST: Call = { command: "suggest", options: OWN };
/** For commands whose own example changes nothing here: lines to send first (`before`), and a line in its place. */
const LINES: Readonly<
	Record<
		string,
		{ readonly before?: readonly (string | Call)[]; readonly line?: string | Call | (() => Promise<string>) }
	>
> = {
	rate: { before: ["answer today An honest attempt, in words."] },
	share: { before: ["answer today An honest attempt, in words."] },
	practice: { line: "practice 3" },
	next: { before: ["practice 3", "check last A"] },
	skip: { before: ["practice 3"] },
	stop: { before: ["practice 3"] },
	report: { line: REPORT },
	"reports accept": { before: [REPORT], line: () => onNewest("reports accept") },
	"reports decline": { before: [REPORT], line: () => onNewest("reports decline", "It is as the prompt says.") },
	"reports duplicate": { before: [REPORT], line: () => onNewest("reports duplicate") },
	suggest: { line: SUGGEST },
	"questions add": { line: { command: "questions add", options: OWN } },
	"questions edit": {
		line: { command: "questions edit", options: { ...OWN, question: "2", title: "Another title" } },
	},
	"questions retire": { line: "questions retire 2" },
	"questions import": {
		line: {
			command: "questions import",
			options: { text: "title,prompt,answer\nThaw,When do we thaw?,On Mondays.\n" },
		},
	},
	"questions accept": { line: "questions accept 1" },
	"questions decline": { before: [SUGGEST], line: "questions decline 3 The bank has it." },
	"schedule pause": { line: "schedule pause 1 until:2027-04-01" },
	"schedule remove": { before: ["schedule add 10:30 UTC"], line: "schedule remove 2 confirm:yes" },
	"schedule post": { before: ["schedule add 23:30 UTC"], line: "schedule post 3" },
	"schedule settle": { line: settlingUnknown },
	"schedule repair": { line: "schedule repair ana 2027-03-09 schedule:1" },
};
/** Commands that change something with these lines. */
const EFFECTIVE = [
	"answer",
	"check",
	"reveal",
	"practice",
	"next",
	"skip",
	"stop",
	"rate",
	"share",
	"report",
	"settings away",
	"settings leaderboard",
	"settings reminders",
	"settings interview",
	"settings milestones",
	"settings forget",
	"schedule add",
	"schedule edit",
	"schedule pause",
	"schedule resume",
	"schedule remove",
	"schedule post",
	"schedule settle",
	"schedule repair",
	"schedule admins",
	"reports accept",
	"reports decline",
	"reports duplicate",
	"suggest",
	"questions add",
	"questions edit",
	"questions retire",
	"questions import",
	"questions accept",
	"questions decline",
];

function cardOf(outcome: Outcome): Card {
	if (outcome.type === "form") throw new Error("a form came instead of a reply");
	return outcome.reply.card;
}

let chat: Chat;

const say = (caller: Caller, line: string | Call) =>
	chat.dispatcher.run(caller, typeof line === "string" ? readCommand(line, COMMANDS) : line);

/** A decision on the newest open report. */
async function onNewest(verb: string, reason = ""): Promise<string> {
	const home = await chat.store.people.findWorkspace("terminal", "home");
	const [report] = home ? await chat.store.reports.list(home.id, "open", 0, 1) : [];
	return `${verb} ${report?.id} ${reason}`.trim();
}

/** The last question may not have arrived, and an admin has seen the notice. */
async function settlingUnknown(): Promise<string> {
	await chat.store.transaction(async ({ occurrences }) => {
		const last = await occurrences.ofDate(1, "2027-03-10");
		await occurrences.change(last?.id ?? 0, { state: "unknown", messageId: null });
	});
	return "schedule settle 1 2027-03-10 there";
}

/** The rows that an interaction has left, and what the database contains. */
async function look(caller: Caller) {
	await chat.daily.run();
	const { key } = caller.interaction;
	const rows = await chat.db.select().from(handledInteractions).where(eq(handledInteractions.key, key));
	return { rows, kept: await snapshot(chat.db) };
}

beforeAll(async () => {
	chat = await openChat();
	// Ana answers the first question and misses the second; the third is open.
	await say(chat.caller("boss", true), "schedule add 09:00 UTC daily");
	for (const date of ["08", "09", "10"]) {
		chat.clock.moveTo(new Date(`2027-03-${date}T09:00:00Z`));
		await chat.daily.run();
		if (date === "08") await say(chat.caller("ana"), "answer today An honest attempt, in words.");
	}
	chat.clock.moveTo(new Date("2027-03-10T10:00:00Z"));
	await chat.daily.run();
});
afterAll(async () => {
	expect(chat.faults).toEqual([]);
	await chat.close();
});

describe("every command makes its change once, and leaves one row for it", () => {
	test.each(COMMANDS.map(({ name, example }) => ({ name, example })))("$name", async ({ name, example }) => {
		const { before = [], line: given = example } = LINES[name] ?? {};
		// Each command has its own member, who has been seen before.
		const caller = () => chat.caller(`member of ${name}`, true);
		await say(caller(), "help");
		for (const earlier of before) await say(caller(), earlier);
		const line = typeof given === "function" ? await given() : given;
		const interaction = caller();
		const first = await look(interaction);
		const reply = cardOf(await say(interaction, line));
		const second = await look(interaction);
		const hasChanged = JSON.stringify(first.kept) !== JSON.stringify(second.kept);
		const remedy = "a command that changes data belongs in EFFECTIVE; one whose example needs a set-up, in LINES";
		expect({ reply: reply.title, hasChanged }, remedy).toEqual({
			reply: reply.title,
			hasChanged: EFFECTIVE.includes(name),
		});
		expect(second.rows.map(({ command }) => command)).toEqual(hasChanged ? [name] : []);
		expect(JSON.stringify(second.rows)).not.toContain("honest");

		// Again, as when another process takes over, and as when a platform delivers it twice.
		for (const repeated of [true, false]) {
			const again = cardOf(await say({ ...interaction, interaction: { ...interaction.interaction, repeated } }, line));
			const third = await look(interaction);
			if (hasChanged) {
				// A late delivery after forgetting looks like a new command: the member is then new.
				const isNew = name === "settings forget" && !repeated;
				expect(third.kept).toEqual(isNew ? { ...second.kept, members: third.kept.members } : second.kept);
				expect(third.rows).toEqual(second.rows);
				expect([reply.title, `Saved: ${name}`]).toContain(again.title);
				expect(["good", reply.tone]).toContain(again.tone);
			} else expect(third.rows).toEqual([]);
		}
	});
});

test("an answer's reply can be rebuilt unchanged: the verdict, the streak and the model answer", async () => {
	const caller = chat.caller("once more");
	const line = "check today A";
	const first = cardOf(await say(caller, line));
	const again = cardOf(await say({ ...caller, interaction: { ...caller.interaction, repeated: true } }, line));
	expect(again).toEqual(first);
	expect(JSON.stringify(first)).toContain("Your streak is 1.");
});

test("practice that finds nothing due leaves no row, and a repeat gets the same reply", async () => {
	const caller = chat.caller("nothing due");
	const first = cardOf(await say(caller, "practice due 5"));
	expect((await look(caller)).rows).toEqual([]);
	const again = cardOf(
		await say({ ...caller, interaction: { ...caller.interaction, repeated: true } }, "practice due 5"),
	);
	expect([first.title, again.title]).toEqual(["Nothing is due", "Nothing is due"]);
});

test("an abandoned interaction does nothing, and the reply says so", async () => {
	const caller = chat.caller("given up");
	await say(chat.caller("given up"), "help");
	await chat.store.interactions.giveUp(caller.interaction.key, chat.clock.now());
	const before = await look(caller);
	expect(cardOf(await say(caller, "settings leaderboard no")).title).toBe("Not saved: settings leaderboard");
	expect((await look(caller)).kept).toEqual(before.kept);
});

test("a command cannot write, except in a transaction", () => {
	// The types guarantee it: each of these must fail to compile.
	const attempts = (services: ReadServices) => [
		// @ts-expect-error a setting is a write
		services.store.people.changeSettings,
		// @ts-expect-error an answer is a write
		services.store.answers.record,
		// @ts-expect-error a delivery is a write
		services.store.deliveries,
		// @ts-expect-error a new schedule is a write
		services.store.schedules.add,
	];
	expect(attempts).toBeTypeOf("function");
});

import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import type { Call } from "../../src/chat/card.ts";
import type { Command } from "../../src/chat/command.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { openChat } from "../support/chat.ts";
import { Dice } from "../support/dice.ts";
import { byEffort } from "../support/effort.ts";
import { callOptionsOf } from "../support/ways-of-command.ts";

/** How many rounds to go through every command in both workspaces. */
const ROUNDS = byEffort({ test: 1, ci: 10, full: 60 });
/** Both workspaces get fresh content after this many commands, since forgetting and retiring use it up. */
const SEED_EVERY = 30;

const MARKS = { home: "HOMEMARK", away: "AWAYMARK" } as const;
type Place = keyof typeof MARKS;
const PLACES = ["home", "away"] as const;
const otherOf = (place: Place): Place => (place === "home" ? "away" : "home");

async function open(dice: Dice) {
	const chat = await openChat({ random: () => dice.next() });
	onTestFinished(() => chat.close());
	let seeds = 0;
	const run = (place: Place, name: string, call: Call) =>
		chat.dispatcher.run(chat.caller(name, name === "boss", place), call);

	/** Fills both with the same numbers, titles and members; only the marks differ. */
	const seed = async (): Promise<void> => {
		seeds += 1;
		for (const place of PLACES) {
			const mark = MARKS[place];
			const content = { prompt: `What is ${mark} ${seeds}?`, answer: `It is ${mark}, as everybody here knows.` };
			const otherFields = { points: mark, options: `* ${mark}\nb\nc\nd` };
			const title = `Our deploy freeze ${seeds}`;
			const of = (command: string, options: Call["options"]): Call => ({ command, options });
			await run(place, "boss", of("questions add", { title, ...content, ...otherFields }));
			await run(place, "ana", of("suggest", { title: `Suggested ${seeds}`, ...content, ...otherFields }));
			await run(place, "ana", of("report", { question: `ours/${2 * seeds - 1}`, text: `${mark} is wrong.` }));
			await run(place, "ana", of("answer", { question: `ours/${2 * seeds - 1}`, text: `I would say ${mark} here.` }));
			await run(
				place,
				"boss",
				of("questions import", { text: `question,answer\nImported ${mark} ${seeds}?,It is ${mark}.` }),
			);
			await run(place, "boss", of("schedule add", { time: "09:00", zone: "UTC", source: "ours" }));
		}
	};
	/** A digest of every row of a workspace, in every table that names one. */
	const named = await rawRows(
		chat.db,
		sql`select table_name from information_schema.columns where column_name = 'workspace_id' and table_schema = 'public' order by 1`,
	);
	const tables = named.map((row) => String(row.table_name));
	const rowsOf = async (place: Place): Promise<string> => {
		const parts = tables.map(
			(table) =>
				sql`select md5(string_agg(one::text, '|' order by one::text)) as digest from ${sql.identifier(table)} one
					where workspace_id = (select id from workspaces where external_id = ${place})`,
		);
		return JSON.stringify(await rawRows(chat.db, sql.join(parts, sql` union all `)));
	};
	return { chat, run, seed, rowsOf, tables };
}

/** Options of a command as a member might type them, with numbers that exist in both workspaces. */
function optionsOf(dice: Dice, command: Command, ways: readonly Call["options"][], mark: string): Call["options"] {
	const options = { ...dice.pick(ways) };
	for (const [name, { kind }] of Object.entries(command.options)) {
		if (options[name] === undefined) continue;
		if (kind === "question") options[name] = dice.pick(["ours/1", "ours/2", "ours/3", "last", "today", "1", "2"]);
		if (kind === "text") options[name] = `I say ${mark} of it, in some words of my own.`;
		if (kind === "words") options[name] = "deploy freeze";
		if (kind === "member") options[name] = dice.pick(["ana", "boss"]);
		if (kind === "number") options[name] = String(dice.between(1, 6));
	}
	return options;
}

test("two workspaces with the same ids, titles and members: no command shows or changes the other's data", async () => {
	const dice = new Dice(20);
	const { chat, run, seed, rowsOf, tables } = await open(dice);
	expect(tables.length).toBeGreaterThan(15);
	const callsByCommand = new Map(
		COMMANDS.map((command) => [command, callOptionsOf(command, chat.bank.find("kv-cache"))]),
	);
	const inputs = Array.from({ length: ROUNDS }, () =>
		dice.shuffled(COMMANDS.flatMap((command) => PLACES.map((place) => ({ command, place })))),
	).flat();
	const found: string[] = [];
	const tried = new Set<string>();
	for (const [index, { command, place }] of inputs.entries()) {
		if (index % SEED_EVERY === 0) await seed();
		if (index === SEED_EVERY) {
			chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
			await chat.daily.run();
		}
		const options = optionsOf(dice, command, callsByCommand.get(command) ?? [], MARKS[place]);
		// What the engine still had to send changes nothing from here on.
		await chat.daily.run();
		const before = await rowsOf(otherOf(place));
		const shown = JSON.stringify(
			await run(place, dice.chance(0.8) ? "boss" : "ana", { command: command.name, options }),
		);
		const what = `${command.name} ${JSON.stringify(options)} in ${place}`;
		if (shown.includes(MARKS[otherOf(place)])) found.push(`${what} shows the other's`);
		if ((await rowsOf(otherOf(place))) !== before) found.push(`${what} changes the other's`);
		if (shown.includes(MARKS[place])) tried.add(command.name);
	}
	chat.clock.moveTo(new Date("2027-03-09T09:00:00Z"));
	await chat.daily.run();
	for (const { to, card } of chat.platform.posts)
		if (JSON.stringify(card).includes(MARKS[to.workspaceId === "home" ? "away" : "home"]))
			found.push(`a post to ${to.workspaceId}`);
	expect(found).toEqual([]);
	expect(chat.faults).toEqual([]);
	// A leak would have been seen.
	expect(tried.size).toBeGreaterThan(12);
}, 600_000);

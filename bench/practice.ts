/**
 * What practice costs. A member with a history of `--met` questions, some of them due, begins and resumes runs with
 * `practice`, and asks for `random` in turn. All go through the dispatcher to a real Postgres.
 * Then members record answers, and pgbench runs the same statements for comparison.
 *
 *     npm run bench -- practice
 *     npx tsx bench/practice.ts --met 200 --calls 600
 */
import { parseArgs } from "node:util";
import { createStore } from "../src/adapters/postgres/store.ts";
import { addDays } from "../src/core/calendar/calendar.ts";
import { createServices } from "../src/core/service/services.ts";
import { realBank } from "../tests/support/bank.ts";
import { openBenchDatabase } from "../tests/support/bench-database.ts";
import { openChat } from "../tests/support/chat.ts";
import { Dice } from "../tests/support/dice.ts";
import { AnsweringMembers } from "./streaks/answers.ts";
import { fill } from "./streaks/fill.ts";
import { PgbenchAnswers } from "./streaks/pgbench.ts";
import { populationOf, TODAY } from "./streaks/population.ts";
import { median, printFigure } from "./support/figures.ts";
import { whyPgbenchIsMissing } from "./support/pgbench.ts";

/** How much longer than `random` practice may take. */
const MAX_FOR_PRACTICE = 1.5;
const MIN_SHARE_OF_PGBENCH = 0.6;
const HOUR = 3_600_000;
const START = new Date("2027-03-08T08:00:00Z");
/** Calls of each command before the measured ones. */
const WARM_UP = 40;
/** How many members there are when the recording of answers is compared with pgbench. */
const MEMBERS = 10_000;
const CONNECTIONS = 8;
const ROUNDS = 5;

const { values } = parseArgs({
	options: { met: { type: "string", default: "120" }, calls: { type: "string", default: "400" } },
});
const [met, calls] = [Number(values.met), Number(values.calls)];
if (!Number.isInteger(met) || !Number.isInteger(calls) || met < 1 || calls < 1)
	throw new RangeError("--met and --calls are whole numbers");
const failures: string[] = [];

/** Measures `practice`, which begins or resumes a run, compared with `random`, one call of each in turn. */
async function compareCommands(): Promise<void> {
	const bench = await openBenchDatabase();
	const chat = await openChat({ database: bench.database, start: START, random: new Dice(1).next });
	const call = async (command: string, options: Record<string, string> = {}) => {
		const startedAt = performance.now();
		const outcome = await chat.dispatcher.run(chat.caller("ada"), { command, options });
		if (outcome.type !== "reply" || chat.faults.length > 0)
			throw new Error(`${command} failed`, { cause: chat.faults[0] });
		return performance.now() - startedAt;
	};
	try {
		await call("random");
		await giveMemories(chat, met);
		const times: Record<string, number[]> = { random: [], "practice, new": [], "practice, resumed": [] };
		for (let turn = -WARM_UP; turn < calls; turn += 1) {
			const took = {
				random: await call("random"),
				"practice, new": await call("practice", { count: "5" }),
				"practice, resumed": await call("practice"),
			};
			if (turn >= 0) for (const [name, time] of Object.entries(took)) times[name]?.push(time);
		}
		const randomMedian = median(times.random ?? []);
		printFigure(`random, of a member who has met ${met} questions (p50 ms)`, randomMedian);
		for (const name of ["practice, new", "practice, resumed"]) {
			const time = median(times[name] ?? []);
			printFigure(`${name} run (p50 ms)`, time);
			printFigure(`${name} run to random (p50 ratio, at most ${MAX_FOR_PRACTICE} required)`, time / randomMedian);
			if (time > MAX_FOR_PRACTICE * randomMedian) failures.push(`${name} run takes too long`);
		}
	} finally {
		await bench.drop();
	}
}

/** Gives ada a memory of `count` questions, last seen 1 to 40 days ago, about half of them due. */
async function giveMemories(
	{ store, bank, clock }: Awaited<ReturnType<typeof openChat>>,
	count: number,
): Promise<void> {
	const workspace = await store.people.findWorkspace("terminal", "home");
	const ada = workspace && (await store.people.findMember(workspace.id, "ada"));
	if (!ada) throw new Error("ada is not a member yet");
	const today = clock.now().toISOString().slice(0, 10);
	const memories = bank
		.all()
		.slice(0, count)
		.map(({ id, revision }, index) => {
			const on = addDays(today, -1 - (index % 40));
			const state = { stability: 2 + (index % 30), difficulty: 5, on };
			const key = { workspaceId: ada.workspaceId, memberId: ada.id, questionId: id };
			const dueOn = addDays(on, 2 + (index % 30));
			return { ...key, revision, state, before: null, grade: "good" as const, answerId: null, untickedOn: null, dueOn };
		});
	await store.transaction((tx) => tx.practice.saveMemories(memories));
}

/** Members answer on several connections; pgbench sends the same statements in turn. */
async function compareAnswers(): Promise<void> {
	const reason = whyPgbenchIsMissing();
	if (reason !== null) {
		console.log(`answers compared with pgbench: skipped, ${reason}`);
		return;
	}
	const bank = await realBank();
	const [today, tomorrow] = bank.all();
	if (!today || !tomorrow) throw new Error("the bank has too few questions");
	const population = populationOf(MEMBERS, today.id, tomorrow.id);
	const bench = await openBenchDatabase(undefined, CONNECTIONS);
	try {
		await fill(bench.url, population);
		const services = createServices(createStore(bench.database.db), bank, Math.random);
		const at = new Date(TODAY.getTime() + HOUR);
		const answers = new AnsweringMembers(services, population, today, at, MEMBERS);
		const pgbench = await PgbenchAnswers.prepare(bench.url, services, population, today, at);
		const count = MEMBERS / 20;
		await answers.answerConcurrently(count, CONNECTIONS);
		const shares: number[] = [];
		for (let round = 0; round < ROUNDS; round += 1) {
			const rate = await answers.answerConcurrently(count, CONNECTIONS);
			shares.push(rate / (await pgbench.run(CONNECTIONS, count - (count % CONNECTIONS), answers.skip(count))));
		}
		const share = median(shares);
		printFigure(
			`answers recorded to pgbench with the same ${pgbench.statements} statements, ${CONNECTIONS} connections (ratio, ${MIN_SHARE_OF_PGBENCH} required)`,
			share,
		);
		if (share < MIN_SHARE_OF_PGBENCH) failures.push("answers reach too little of pgbench");
	} finally {
		await bench.drop();
	}
}

await compareCommands();
await compareAnswers();
for (const failure of failures) console.log(`required, but missed: ${failure}`);
if (failures.length > 0) process.exitCode = 1;

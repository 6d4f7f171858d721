/**
 * Streaks and leaderboards on a real Postgres with up to a million members in a thousand workspaces (one workspace has a
 * tenth of the members): recording answers, reading boards, settling a closed question while answers come.
 *
 *     npm run bench -- streaks
 *     npx tsx bench/streaks.ts --members 10000,100000
 */
import { parseArgs } from "node:util";
import { createStore } from "../src/adapters/postgres/store.ts";
import type { RootStore } from "../src/core/ports/store.ts";
import type { Bank } from "../src/core/question/bank.ts";
import type { Question } from "../src/core/question/question.ts";
import { createServices, type Services } from "../src/core/service/services.ts";
import { differencesOf, verifyStreaks } from "../src/core/streak/verify.ts";
import { loadBank } from "../src/run/open.ts";
import { openBenchDatabase } from "../tests/support/bench-database.ts";
import { AnsweringMembers } from "./streaks/answers.ts";
import { type Comparison, readBoards } from "./streaks/boards.ts";
import { fill } from "./streaks/fill.ts";
import { PgbenchAnswers } from "./streaks/pgbench.ts";
import { type Population, populationOf, TODAY } from "./streaks/population.ts";
import { settleWhileAnswering } from "./streaks/settling.ts";
import { readTied, TIED_MEMBERS } from "./streaks/tied.ts";
import { median, printFigure, timed } from "./support/figures.ts";
import { whyPgbenchIsMissing } from "./support/pgbench.ts";

const CONNECTIONS = 10;
/** Rounds of answers, and the answers of one: few enough that the smallest population has members left to settle. */
const ANSWER_ROUNDS = 3;
const MAX_ANSWERS_PER_ROUND = 8000;
const HOUR = 60 * 60 * 1000;
/** The size of population for which the limits below are required. */
const FULL_SIZE = 1_000_000;
const MIN_SHARE_OF_PGBENCH = 0.4;
/** How much longer than in a workspace of 1,000 the top ten may take. */
const MAX_FOR_TOP_TEN = 2;
/** How much longer than the top ten a member's own rank may take. */
const MAX_FOR_OWN_RANK = 20;
/** How much longer an answer may take while a closed question is settled. */
const MAX_WHILE_SETTLING = 2;
/** How much longer a board may take while a closed question waits to be settled. */
const MAX_WHILE_UNSETTLED = 2;
/**
 * A population up to this size is verified completely: every streak, ledger and standing. Of a larger one, only the
 * standings of its first members are.
 */
const MEMBERS_TO_VERIFY = 10_000;

interface Scenario {
	readonly url: string;
	readonly store: RootStore;
	readonly services: Services;
	readonly population: Population;
	readonly question: Question;
	/** The prefix of its figures. */
	readonly name: string;
	readonly failures: string[];
}

function requireAtFullSize(scenario: Scenario, what: string, holds: boolean): void {
	if (scenario.population.members === FULL_SIZE && !holds) scenario.failures.push(what);
}

/** Measures the program and pgbench in turn. */
async function measureAnswers(scenario: Scenario): Promise<void> {
	const { url, services, population, question, name } = scenario;
	const at = new Date(TODAY.getTime() + HOUR);
	const answers = new AnsweringMembers(services, population, question, at, population.members);
	const reason = whyPgbenchIsMissing();
	const pgbench = reason === null ? await PgbenchAnswers.prepare(url, services, population, question, at) : null;
	const rates: number[] = [];
	const pgbenchRates: number[] = [];
	const count = Math.min(MAX_ANSWERS_PER_ROUND, population.members / 10);
	await answers.answerConcurrently(count / 2, CONNECTIONS);
	for (let round = 0; round < ANSWER_ROUNDS; round += 1) {
		rates.push(await answers.answerConcurrently(count, CONNECTIONS));
		if (pgbench) pgbenchRates.push(await pgbench.run(CONNECTIONS, count, answers.skip(count)));
	}
	printFigure(`${name}, answers at ${CONNECTIONS} connections (transactions/s)`, median(rates));
	if (!pgbench) {
		console.log(`${name}, the same statements by pgbench: skipped, ${reason}`);
		return;
	}
	const share = median(rates.map((rate, round) => rate / (pgbenchRates[round] ?? Number.NaN)));
	printFigure(
		`${name}, the same ${pgbench.statements} statements by pgbench at ${CONNECTIONS} connections (transactions/s)`,
		median(pgbenchRates),
	);
	printFigure(`${name}, answers to pgbench (ratio, ${MIN_SHARE_OF_PGBENCH} required)`, share);
	requireAtFullSize(scenario, "answers reach too little of pgbench", share >= MIN_SHARE_OF_PGBENCH);
}

function printBoard(
	name: string,
	what: string,
	{ bigWorkspace }: Population,
	figures: Comparison,
	required: string,
): void {
	printFigure(`${name}, ${what} among ${bigWorkspace} (p50 ms)`, figures.large.p50);
	printFigure(`${name}, ${what} among ${bigWorkspace} (p99 ms)`, figures.large.p99);
	printFigure(`${name}, ${what} among 1000 (p50 ms)`, figures.small.p50);
	printFigure(`${name}, ${what} among 1000 (p99 ms)`, figures.small.p99);
	printFigure(`${name}, ${what} among ${bigWorkspace} to 1000 (ratio${required})`, figures.ratio);
}

async function measureBoards(scenario: Scenario): Promise<void> {
	const { services, population, name } = scenario;
	const { page, topTen, ownRank } = await readBoards(services, population, new Date(TODAY.getTime() + HOUR));
	printBoard(name, "leaderboard page", population, page, "");
	printBoard(name, "top ten", population, topTen, `, at most ${MAX_FOR_TOP_TEN} required`);
	printBoard(name, "own rank", population, ownRank, "");
	const share = ownRank.large.p50 / topTen.large.p50;
	printFigure(
		`${name}, own rank to the top ten among ${population.bigWorkspace} (ratio, at most ${MAX_FOR_OWN_RANK} required)`,
		share,
	);
	requireAtFullSize(scenario, "the top ten grows too much", topTen.ratio <= MAX_FOR_TOP_TEN);
	requireAtFullSize(scenario, "the own rank costs too much", share <= MAX_FOR_OWN_RANK);
}

async function measureTiedBoard({ url, services, name, failures }: Scenario): Promise<void> {
	const { large: unsettled, small: settled, ratio } = await readTied(url, services);
	printFigure(
		`${name}, leaderboard page among ${TIED_MEMBERS} tied, a closed question not settled (p50 ms)`,
		unsettled.p50,
	);
	printFigure(`${name}, leaderboard page among ${TIED_MEMBERS} tied, settled (p50 ms)`, settled.p50);
	printFigure(`${name}, leaderboard not settled to settled (ratio, at most ${MAX_WHILE_UNSETTLED} required)`, ratio);
	if (ratio > MAX_WHILE_UNSETTLED)
		failures.push("a closed question that is not settled slows the leaderboard too much");
}

async function measureSettling(scenario: Scenario, next: Question): Promise<void> {
	const { url, services, population, name } = scenario;
	const figures = await settleWhileAnswering(url, services, population, next);
	printFigure(
		`${name}, settling ${population.bigWorkspace} members of whom ${figures.members} have not answered (s)`,
		figures.seconds,
	);
	printFigure(`${name}, answers without settling (p99 ms)`, figures.quietP99);
	printFigure(`${name}, answers while settling (p99 ms)`, figures.settlingP99);
	printFigure(
		`${name}, answers while settling to without (p99 ratio over ${figures.rounds} rounds, at most ${MAX_WHILE_SETTLING} required)`,
		figures.ratio,
	);
	requireAtFullSize(scenario, "settling slows answers too much", figures.ratio <= MAX_WHILE_SETTLING);
}

/** What is stored must equal what a replay of all events gives. */
async function verifyStored({ store, population, name }: Scenario): Promise<void> {
	const now = new Date(TODAY.getTime() + 26 * HOUR);
	const differences =
		population.members <= MEMBERS_TO_VERIFY
			? differencesOf(await verifyStreaks(store, now))
			: (await store.audit.wrongStandings(await store.audit.membersAfter(0, MEMBERS_TO_VERIFY))).length;
	printFigure(
		`${name}, ${population.members <= MEMBERS_TO_VERIFY ? "all" : `standings of the first ${MEMBERS_TO_VERIFY} members`} verified (differences)`,
		differences,
	);
	if (differences > 0) throw new Error("stored streaks differ from a replay of their events");
}

async function runScenario(members: number, bank: Bank): Promise<string[]> {
	const [today, tomorrow] = bank.all();
	if (!today || !tomorrow) throw new Error("the bank has too few questions");
	const population = populationOf(members, today.id, tomorrow.id);
	const bench = await openBenchDatabase(undefined, CONNECTIONS);
	try {
		const name = `${members} members`;
		printFigure(`${name}, filling (s)`, (await timed(() => fill(bench.url, population))) / 1000);
		const store = createStore(bench.database.db);
		const services = createServices(store, bank, Math.random);
		const scenario: Scenario = { url: bench.url, store, services, population, question: today, name, failures: [] };
		await measureAnswers(scenario);
		await measureBoards(scenario);
		await measureTiedBoard(scenario);
		await measureSettling(scenario, tomorrow);
		await verifyStored(scenario);
		return scenario.failures;
	} finally {
		await bench.drop();
	}
}

const { values } = parseArgs({ options: { members: { type: "string", default: `10000,100000,${FULL_SIZE}` } } });
const sizes = values.members.split(",").map(Number);
if (!sizes.every((size) => [10_000, 100_000, FULL_SIZE].includes(size)))
	throw new RangeError("--members is any of 10000, 100000 and 1000000");
const bank = await loadBank();
const failures: string[] = [];
for (const size of sizes) failures.push(...(await runScenario(size, bank)));
for (const failure of failures) console.log(`required, but missed: ${failure}`);
if (failures.length > 0) process.exitCode = 1;

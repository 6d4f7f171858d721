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
import { Answers } from "./streaks/answers.ts";
import { type Figures, readBoards } from "./streaks/boards.ts";
import { fill } from "./streaks/fill.ts";
import { Pgbench, whyNoPgbench } from "./streaks/pgbench.ts";
import { type Population, populationOf, TODAY } from "./streaks/population.ts";
import { settleMeanwhile } from "./streaks/settling.ts";
import { readTied, TIED } from "./streaks/tied.ts";
import { median, printFigure, timed } from "./support/figures.ts";

const CONNECTIONS = 10;
/** Rounds of answers, and most answers in one: so few that the smallest population has some left to settle. */
const ROUNDS = 3;
const ROUND = 8000;
const HOUR = 60 * 60 * 1000;
/** What is required of the largest population. */
const LARGEST = 1_000_000;
const MIN_SHARE_OF_PGBENCH = 0.4;
const MAX_FOR_TOP_TEN = 2;
/** How many times as much as the top ten a member's own rank may cost. */
const MAX_FOR_OWN_RANK = 20;
const MAX_WHILE_SETTLING = 2;
const MAX_WHILE_BEHIND = 2;
/** The first members are verified completely: every streak, ledger and standing. */
const VERIFIED = 10_000;

interface Stage {
	readonly url: string;
	readonly store: RootStore;
	readonly services: Services;
	readonly population: Population;
	readonly question: Question;
	/** The prefix of this stage's figures. */
	readonly name: string;
	readonly missed: string[];
}

function require(stage: Stage, what: string, holds: boolean): void {
	if (stage.population.members === LARGEST && !holds) stage.missed.push(what);
}

/** Measures the program and pgbench in turn. */
async function measureAnswers(stage: Stage): Promise<void> {
	const { url, services, population, question, name } = stage;
	const at = new Date(TODAY.getTime() + HOUR);
	const answers = new Answers(services, population, question, at, population.members);
	const reason = whyNoPgbench();
	const pgbench = reason === null ? await Pgbench.prepare(url, services, population, question, at) : null;
	const rates: number[] = [];
	const others: number[] = [];
	const count = Math.min(ROUND, population.members / 10);
	await answers.inARow(count / 2, CONNECTIONS);
	for (let round = 0; round < ROUNDS; round += 1) {
		rates.push(await answers.inARow(count, CONNECTIONS));
		if (pgbench) others.push(await pgbench.run(CONNECTIONS, count, answers.pass(count)));
	}
	printFigure(`${name}, answers at ${CONNECTIONS} connections (transactions/s)`, median(rates));
	if (!pgbench) {
		console.log(`${name}, the same statements by pgbench: skipped, ${reason}`);
		return;
	}
	const share = median(rates.map((rate, round) => rate / (others[round] ?? Number.NaN)));
	printFigure(
		`${name}, the same ${pgbench.statements} statements by pgbench at ${CONNECTIONS} connections (transactions/s)`,
		median(others),
	);
	printFigure(`${name}, answers to pgbench (ratio, ${MIN_SHARE_OF_PGBENCH} required)`, share);
	require(stage, "answers reach too little of pgbench", share >= MIN_SHARE_OF_PGBENCH);
}

function tellBoard(name: string, what: string, { big }: Population, figures: Figures, required: string): void {
	printFigure(`${name}, ${what} among ${big} (p50 ms)`, figures.large.p50);
	printFigure(`${name}, ${what} among ${big} (p99 ms)`, figures.large.p99);
	printFigure(`${name}, ${what} among 1000 (p50 ms)`, figures.small.p50);
	printFigure(`${name}, ${what} among 1000 (p99 ms)`, figures.small.p99);
	printFigure(`${name}, ${what} among ${big} to 1000 (ratio${required})`, figures.ratio);
}

async function measureBoards(stage: Stage): Promise<void> {
	const { services, population, name } = stage;
	const { page, topTen, ownRank } = await readBoards(services, population, new Date(TODAY.getTime() + HOUR));
	tellBoard(name, "leaderboard page", population, page, "");
	tellBoard(name, "top ten", population, topTen, `, at most ${MAX_FOR_TOP_TEN} required`);
	tellBoard(name, "own rank", population, ownRank, "");
	const share = ownRank.large.p50 / topTen.large.p50;
	printFigure(
		`${name}, own rank to the top ten among ${population.big} (ratio, at most ${MAX_FOR_OWN_RANK} required)`,
		share,
	);
	require(stage, "the top ten grows too much", topTen.ratio <= MAX_FOR_TOP_TEN);
	require(stage, "the own rank costs too much", share <= MAX_FOR_OWN_RANK);
}

async function measureTied({ url, services, name, missed }: Stage): Promise<void> {
	const { large: behind, small: settled, ratio } = await readTied(url, services);
	printFigure(`${name}, leaderboard page among ${TIED} tied, a closing not settled (p50 ms)`, behind.p50);
	printFigure(`${name}, leaderboard page among ${TIED} tied, settled (p50 ms)`, settled.p50);
	printFigure(`${name}, leaderboard not settled to settled (ratio, at most ${MAX_WHILE_BEHIND} required)`, ratio);
	if (ratio > MAX_WHILE_BEHIND) missed.push("a closing that is not settled slows the leaderboard too much");
}

async function measureSettling(stage: Stage, next: Question): Promise<void> {
	const { url, services, population, name } = stage;
	const figures = await settleMeanwhile(url, services, population, next);
	printFigure(
		`${name}, settling ${population.big} members of whom ${figures.members} have not answered (s)`,
		figures.seconds,
	);
	printFigure(`${name}, answers without settling (p99 ms)`, figures.usual);
	printFigure(`${name}, answers while settling (p99 ms)`, figures.meanwhile);
	printFigure(
		`${name}, answers while settling to without (p99 ratio over ${figures.rounds} rounds, at most ${MAX_WHILE_SETTLING} required)`,
		figures.ratio,
	);
	require(stage, "settling slows answers too much", figures.ratio <= MAX_WHILE_SETTLING);
}

/** After everything that was done, what is stored must be what the events give. */
async function checkSound({ store, population, name }: Stage): Promise<void> {
	const now = new Date(TODAY.getTime() + 26 * HOUR);
	const differences =
		population.members <= VERIFIED
			? differencesOf(await verifyStreaks(store, now, false))
			: (await store.audit.wrongStandings(await store.audit.membersAfter(0, VERIFIED))).length;
	printFigure(
		`${name}, ${population.members <= VERIFIED ? "all" : `headlines of ${VERIFIED} members`} verified (differences)`,
		differences,
	);
	if (differences > 0) throw new Error("what is kept is not what the facts give");
}

async function runStage(members: number, bank: Bank): Promise<string[]> {
	const [today, tomorrow] = bank.all();
	if (!today || !tomorrow) throw new Error("the bank has too few questions");
	const population = populationOf(members, today.id, tomorrow.id);
	const bench = await openBenchDatabase(undefined, CONNECTIONS);
	try {
		const name = `${members} members`;
		printFigure(`${name}, filling (s)`, (await timed(() => fill(bench.url, population))) / 1000);
		const store = createStore(bench.database.db);
		const services = createServices(store, bank, Math.random);
		const stage: Stage = { url: bench.url, store, services, population, question: today, name, missed: [] };
		await measureAnswers(stage);
		await measureBoards(stage);
		await measureTied(stage);
		await measureSettling(stage, tomorrow);
		await checkSound(stage);
		return stage.missed;
	} finally {
		await bench.drop();
	}
}

const { values } = parseArgs({ options: { members: { type: "string", default: `10000,100000,${LARGEST}` } } });
const sizes = values.members.split(",").map(Number);
if (!sizes.every((size) => [10_000, 100_000, LARGEST].includes(size)))
	throw new RangeError("--members is any of 10000, 100000 and 1000000");
const bank = await loadBank();
const missed: string[] = [];
for (const size of sizes) missed.push(...(await runStage(size, bank)));
for (const what of missed) console.log(`required, but missed: ${what}`);
if (missed.length > 0) process.exitCode = 1;

/**
 * Days of use in minutes: two replicas of the whole program on one Postgres serve a local Discord and a local Slack at
 * once, while members chat, questions fall due, connections break, and replicas are restarted and killed.
 *
 *     npm run soak -- --minutes 20
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import { openBenchDatabase } from "../tests/support/bench-database.ts";
import { Dice } from "../tests/support/dice.ts";
import { MovedClock } from "../tests/support/moved-clock.ts";
import { CommandLedger } from "./soak/ledger.ts";
import { DiscordCrowd } from "./soak/on-discord.ts";
import { SlackCrowd } from "./soak/on-slack.ts";
import { isSettled, type Outcome, outcomeOf } from "./soak/outcome.ts";
import { Replicas } from "./soak/replicas.ts";
import { slopeOf } from "./soak/slope.ts";
import { type Crowd, Soak } from "./soak/soak.ts";

const REPLICAS = 2;
/** How many daily questions each channel gets in a day. */
const QUESTIONS_A_DAY = 3;
/** How long the end of all work may take, in milliseconds. Covers the lease of a killed replica. */
const SETTLE_TIMEOUT = 120_000;
/** Where the replicas' clock starts: a Monday. */
const START_TIME = new Date("2027-03-08T00:30:00Z");

const { values } = parseArgs({
	options: {
		minutes: { type: "string", default: "20" },
		rate: { type: "string", default: "8" },
		seed: { type: "string", default: "1" },
	},
});

/** Schedules daily questions at all hours, so that each move of the clock brings some. */
async function setSchedules(crowds: readonly Crowd[]): Promise<void> {
	let hour = 0;
	for (const crowd of crowds)
		for (let channel = 0; channel < crowd.channelCount; channel += 1)
			for (let count = 0; count < QUESTIONS_A_DAY; count += 1) {
				hour = (hour + 7) % 24;
				await crowd.schedule(channel, `${String(hour).padStart(2, "0")}:${String(channel * 5).padStart(2, "0")}`);
			}
}

async function waitUntil(done: () => boolean | Promise<boolean>, milliseconds: number): Promise<void> {
	const latest = performance.now() + milliseconds;
	while (!(await done()) && performance.now() < latest) await wait(200);
}

function report(soak: Soak, ledger: CommandLedger, replicas: Replicas, problems: string[], outcome: Outcome): number {
	const { errors, warnings } = replicas.complaints;
	const faults = [...errors, ...problems, ...ledger.unanswered.map((what) => `unanswered: ${what}`)];
	const slope = slopeOf(replicas.runs.map((run) => run.samples));
	const figures: readonly (readonly [string, string | number])[] = [
		["minutes", values.minutes],
		["days of the clock", (soak.counts.moves / 24).toFixed(1)],
		["commands", ledger.given],
		["answered", ledger.answered],
		["cut off by a kill or a lost connection", ledger.cutOff],
		...Object.entries(soak.counts).filter(([name]) => name !== "moves"),
		["errors", faults.length],
		["memory slope in MB/h", `${slope.value.toFixed(1)} ± ${slope.error.toFixed(1)} (${slope.samples} samples)`],
		["resident memory of a replica in MB", Math.round((replicas.runs.at(-1)?.resident ?? 0) / 1e6)],
		["deliveries due", outcome.due],
		["delivered", outcome.delivered],
		["duplicated", outcome.duplicated],
		["lost", outcome.lost],
		["other messages sent", outcome.others],
	];
	for (const [name, value] of figures) console.log(`${name}: ${value}`);
	for (const [message, count] of warnings) console.log(`  warned ${count} times: ${message}`);
	for (const fault of faults.slice(0, 20)) console.log(`  ${fault}`);
	if (outcome.lost > 0) for (const [state, count] of outcome.states) console.log(`  ${count} deliveries: ${state}`);
	return faults.length + outcome.lost + outcome.duplicated === 0 ? 0 : 1;
}

async function run(): Promise<number> {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-soak-"));
	const clock = new MovedClock(join(folder, "clock"));
	clock.moveTo(START_TIME);
	const [dice, ledger] = [new Dice(Number(values.seed)), new CommandLedger()];
	const bench = await openBenchDatabase();
	const crowds = [await DiscordCrowd.open(clock, dice, ledger), await SlackCrowd.open(clock, dice, ledger)];
	const replicas = new Replicas({
		PATH: process.env.PATH,
		TZ: "UTC",
		DATABASE_URL: bench.url,
		DATABASE_POOL: "6",
		NLPQ_HEALTH_PORT: "0",
		SOAK_CLOCK: join(folder, "clock"),
		...Object.assign({}, ...crowds.map(({ environment }) => environment)),
	});
	try {
		await replicas.start(REPLICAS);
		await setSchedules(crowds);
		const length = Number(values.minutes) * 60_000;
		const soak = new Soak({ clock, dice, ledger, replicas, crowds, length, rate: Number(values.rate) });
		await soak.run();
		await waitUntil(() => ledger.isEmpty, SETTLE_TIMEOUT);
		const { db } = bench.database;
		await waitUntil(() => isSettled(db, clock.now()), SETTLE_TIMEOUT);
		await replicas.stop();
		const posted = crowds.flatMap((crowd) => crowd.postedMessages());
		const problems = crowds.flatMap((crowd) => crowd.problems());
		return report(soak, ledger, replicas, problems, await outcomeOf(db, posted, clock.now()));
	} finally {
		await replicas.stop();
		for (const crowd of crowds) await crowd.stop();
		await bench.drop();
		rmSync(folder, { recursive: true, force: true });
	}
}

process.exit(await run());

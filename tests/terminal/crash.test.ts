import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { answers, attempts, members } from "../../drizzle/schema.ts";
import { openEmbedded } from "../../src/adapters/postgres/embedded/embedded.ts";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { byEffort } from "../support/effort.ts";
import { CLOCK, converse, linesOf, replySchema, startProgram, untilEnd } from "../support/program.ts";

const KILLS = byEffort({ test: 1, ci: 4, full: 50 });
/** Lines given to each run: more than it can answer before its end. */
const LINES = 400;

/** What a run acknowledged: its answers' texts in order, and how many counted as attempts. */
interface Acknowledged {
	readonly texts: readonly string[];
	readonly counted: number;
}

/** Every fifth kill comes during the start. */
const early = (round: number) => round % 5 === 2;

/**
 * Starts the program, lets new members answer one after another, and kills it at a random moment, during its start or
 * between answers.
 */
async function runUntilKilled(folder: string, round: number): Promise<Acknowledged> {
	const program = startProgram({ folder, clock: CLOCK });
	const ended = new Promise<NodeJS.Signals | null>((resolve) =>
		program.once("exit", (_code, signal) => resolve(signal)),
	);
	program.stdin?.on("error", () => undefined);
	const texts = Array.from({ length: LINES }, (_, line) => `what I would say in round ${round}, line ${line}`);
	const lines = texts.map((text, line) => `m${round}-${line % 20}: /nlpq answer today ${text}`);
	program.stdin?.write(`${lines.join("\n")}\n`);
	const kill = () => program.kill("SIGKILL");
	const last = early(round) ? null : 1 + Math.floor(Math.random() * 60);
	const starting = early(round) ? setTimeout(kill, Math.random() * 1500) : null;
	let [answered, counted] = [0, 0];
	for await (const line of linesOf(program)) {
		const reply = replySchema.safeParse(line.endsWith("}") ? JSON.parse(line) : null);
		if (!reply.success || !("counted" in reply.data.data)) continue;
		answered += 1;
		// After this many answers and a random moment into the next ones, so that a slow machine gets as far as a fast
		// one.
		if (answered === last) setTimeout(kill, Math.random() * 50);
		if (reply.data.data.counted === true) counted += 1;
	}
	if (starting) clearTimeout(starting);
	expect(await ended).toBe("SIGKILL");
	return { texts: texts.slice(0, answered), counted };
}

test(`killed ${KILLS} times at random moments, it loses nothing acknowledged and always opens again`, async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const acknowledged: string[] = [];
	let counted = 0;
	for (let round = 1; round <= KILLS; round += 1) {
		const run = await runUntilKilled(folder, round);
		acknowledged.push(...run.texts);
		counted += run.counted;
	}
	const { db, close } = await openEmbedded(folder, "migrations");
	const texts = new Set((await db.select({ text: answers.text }).from(answers)).map(({ text }) => text));
	const stored = await db.select({ answer: attempts.answerId }).from(attempts);
	const known = await db.select({ id: members.id }).from(members);
	await close();
	expect(acknowledged.filter((text) => !texts.has(text))).toEqual([]);
	expect(stored.length).toBeGreaterThanOrEqual(counted);
	// Each other kill came after at least one answer, and the first answer of each member counts.
	const others = Array.from({ length: KILLS }, (_, index) => index + 1).filter((round) => !early(round));
	expect(counted).toBeGreaterThanOrEqual(others.length);
	// What was in progress at each kill may have been stored too, but no more than that.
	expect(texts.size).toBeLessThanOrEqual(acknowledged.length + KILLS);
	expect(known.length).toBeGreaterThanOrEqual(stored.length);
	await converse(["/nlpq today", "/nlpq leaderboard"], { folder, clock: CLOCK });
}, 600_000);

/** Two first starts for each. `npm test` has one in its own process: see tests/postgres/embedded. */
const FIRST_STARTS = byEffort({ test: [], ci: [400, 1700], full: [200, 400, 700, 1000, 1300, 1700, 2500] });

test.runIf(FIRST_STARTS.length > 0)(
	"killed during its very first start, it starts the next time",
	async () => {
		for (const moment of FIRST_STARTS) {
			const folder = freshFolder();
			const program = startProgram({ folder, clock: CLOCK });
			const ended = untilEnd(program);
			await wait(moment);
			program.kill("SIGKILL");
			await ended;
			const replies = await converse(["/nlpq check today A"], { folder, clock: CLOCK });
			expect(replies.at(-1)?.data.counted).toBe(true);
		}
	},
	300_000,
);

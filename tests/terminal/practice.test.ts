import { expect, onTestFinished, test } from "vitest";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { rightOption } from "../../src/core/question/question.ts";
import { realBank } from "../support/bank.ts";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { isQuickRun } from "../support/effort.ts";
import { openWithBank } from "../support/postgres.ts";
import { retireQuestionsOfRun } from "../support/practice/retired.ts";
import { linesOf, type ProgramReply, replySchema, startProgram } from "../support/program.ts";
import { talk } from "../support/terminal.ts";

const CLOCK = "2027-03-08T10:00:00Z";

const runOf = ({ data }: ProgramReply) => data.run as { index: number; of: number; reason: string } | undefined;
const stepOf = (reply: ProgramReply) => ({ id: reply.data.id, ...runOf(reply) });

test("12 questions missed in the terminal all come back within 3 days of /clock", async () => {
	const questions = (await realBank()).all().slice(0, 15);
	const wrong = (right: string) => (right === "A" ? "B" : "A");
	const checks = questions.map((question, index) => {
		const right = rightOption(question);
		return `check ${question.id} ${index < 3 ? right : wrong(right)}`;
	});
	const day = [
		"/clock +1d",
		"practice due 20",
		...Array.from({ length: 12 }, () => ["check last A", "next"]).flat(),
		"stop",
	];
	const replies = await talk([...checks, ...day, ...day, ...day], { clock: CLOCK });
	const back = replies.filter((reply) => runOf(reply)?.reason === "missed").map(({ data }) => String(data.id));
	const missed = questions.slice(3).map(({ id }) => id);
	expect([...new Set(back)].filter((id) => missed.includes(id)).sort()).toEqual(missed.sort());
});

test("wrong numbers, dates and focuses are refused by name, and a run that is not open says so", async () => {
	const cases = {
		"practice 0": "not a number from 1 to 20",
		"practice 21": "not a number from 1 to 20",
		"practice viele": "not something to practise",
		next: "no practice run open",
		"settings interview 2027-02-30": "not a date",
		"settings interview 2027-03-07": "in the past",
		"settings interview 2028-03-09": "more than a year ahead",
		"rate kv-cache good": "not answered this question yet",
		"rate hard": "not answered a question yet",
	};
	const replies = await talk(Object.keys(cases), { clock: CLOCK });
	const said = replies.filter(({ data }) => "error" in data).map(({ data }) => String(data.error));
	expect(said).toEqual(Object.values(cases).map((words) => expect.stringContaining(words)));
});

test("a run continues where it was, however often the terminal is restarted", async () => {
	const database = await openWithBank();
	onTestFinished(() => database.close());
	const start = async (...lines: string[]) => {
		const replies = await talk(lines, { clock: CLOCK, database });
		return replies.at(-1) ?? expect.fail("no reply");
	};
	let shown = await start("practice 3");
	for (let step = 1; step <= 3; step += 1) {
		expect(stepOf(await start("practice"))).toEqual(stepOf(shown));
		await start("practice", "check last A");
		shown = await start("next");
	}
	expect(shown.data.id === undefined ? shown.data.done : runOf(shown)?.reason).toSatisfy(
		(end) => end === 3 || end === "again",
	);
});

test("two terminals at the same run skip its question once, and what was retired meanwhile is replaced", async () => {
	const database = await openWithBank();
	onTestFinished(() => database.close());
	const start = async (line: string) => {
		const replies = await talk([line], { clock: CLOCK, database });
		return replies.at(-1) ?? expect.fail("no reply");
	};
	const first = await start("practice 3");
	const skip = `skip ${String(first.data.id)}`;
	const second = await start(skip);
	expect(runOf(second)).toMatchObject({ index: 2, of: 3 });
	expect(stepOf(await start(skip))).toEqual(stepOf(second));
	const store = createStore(database.db);
	await retireQuestionsOfRun(store, 1);
	const other = await start("practice");
	expect(runOf(other)).toMatchObject({ index: 2, of: 3 });
	expect((await realBank()).get(String(other.data.id))).toBeDefined();
});

/** Starts the program, types lines, and kills it as soon as it has answered the last. */
async function killedAfter(folder: string, lines: readonly string[]): Promise<ProgramReply> {
	const program = startProgram({ folder, clock: CLOCK });
	const ended = new Promise((resolve) => program.once("exit", resolve));
	program.stdin?.on("error", () => undefined);
	program.stdin?.write(`${lines.map((line) => `me: /nlpq ${line}\n`).join("")}`);
	let left = lines.length;
	for await (const line of linesOf(program)) {
		const { data: reply } = replySchema.safeParse(line.endsWith("}") ? JSON.parse(line) : null);
		// The next start reports once that a command whose reply was lost had been saved.
		if (reply?.to !== "me" || "wasSaved" in reply.data) continue;
		left -= 1;
		if (left > 0) continue;
		program.kill("SIGKILL");
		await ended;
		return reply;
	}
	throw new Error("the program ended before it answered");
}

test.skipIf(isQuickRun)("a run continues where it was after the program is killed", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	let shown = await killedAfter(folder, ["practice 2"]);
	for (let step = 1; step <= 2; step += 1) {
		await killedAfter(folder, [`check ${String(shown.data.id)} A`]);
		shown = await killedAfter(folder, ["practice"]);
		expect(runOf(shown)).toMatchObject({ index: step + 1 });
	}
});

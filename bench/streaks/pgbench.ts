import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "../../drizzle/schema.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import type { Question } from "../../src/core/question/question.ts";
import { recordAnswer } from "../../src/core/service/answering.ts";
import { createServices, type Services } from "../../src/core/service/services.ts";
import { FREEZE_EVERY, MAX_FREEZES, MILESTONES } from "../../src/core/streak/streak.ts";
import { TEXT } from "./answers.ts";
import { arithmetic, askerOf, type Population, STRIDE, scattered, TODAY } from "./population.ts";

/** Why pgbench cannot be used, in words; null if it is installed. */
export function whyNoPgbench(): string | null {
	const { error, stderr, status } = spawnSync("pgbench", ["--version"], { encoding: "utf8" });
	if (error) return "there is no pgbench on the PATH";
	return status === 0 ? null : `pgbench does not start: ${stderr.trim()}`;
}

interface Statement {
	readonly text: string;
	readonly values: readonly unknown[];
}

/** The statements of one answer, as the program sends them between `begin` and `commit`. */
async function statementsOf(url: string, services: Services, population: Population, question: Question, at: Date) {
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	const statements: Statement[] = [];
	const logger = { logQuery: (text: string, values: unknown[]) => void statements.push({ text, values }) };
	try {
		const store = createStore(drizzle(client, { schema, logger }));
		const member = ordinaryMember(population);
		const said = { kind: "text", text: TEXT } as const;
		const own = createServices(store, services.bank, services.random);
		const { counted } = await recordAnswer(own, askerOf(population, member), question, said, at);
		if (!counted) throw new Error("the answer that was to be copied did not count");
		return { member, statements };
	} finally {
		await client.end();
	}
}

/** One of the last members of the walk whose answer, like most, earns nothing. */
function ordinaryMember(population: Population): number {
	for (let place = population.members - 1; ; place -= 1) {
		const member = scattered(place, population.members);
		const lot = (member * 7_919) % 1000;
		const isShort = member > population.big + 1000;
		const streak = 2 + Math.floor(((isShort ? 6 : 58) * lot ** 3) / 1e9);
		if (isShort && streak % FREEZE_EVERY !== 0 && !MILESTONES.some((value) => value === streak)) return member;
	}
}

/** The row that an answer stores, for a member whom pgbench has picked. */
const ROW = `json_build_array(json_build_object('member_id', :member::bigint, 'schedule_id', :home::bigint,
	'workspace_id', :home::bigint, 'current', :streak::int + 1, 'longest', :streak::int + 1,
	'answered', :streak::int + 1, 'freezes', least(${MAX_FREEZES}, (:streak::int + 1) / ${FREEZE_EVERY}), 'booked', :streak::int + 1, 'booked_to', :last::int,
	'first_number', :last::int - :streak::int, 'latest_number', :last::int))::text`;

/** What else is booked for the few whose answer earns a freeze or reaches a milestone. */
const REWARDS = [
	`\\set earned (:streak + 1) % ${FREEZE_EVERY} = 0 and :streak < ${MAX_FREEZES * FREEZE_EVERY}`,
	"\\if :earned",
	`insert into ledger (workspace_id, member_id, schedule_id, number, local_date, kind, freezes, current, at)
		values (:home, :member, :home, :last, '${TODAY.toISOString().slice(0, 10)}', 'freeze-earned',
		(:streak::int + 1) / ${FREEZE_EVERY}, :streak::int + 1, '${TODAY.toISOString()}') on conflict do nothing;`,
	"\\endif",
	`\\set reached ${MILESTONES.map((value) => `:streak = ${value - 1}`).join(" or ")}`,
	"\\if :reached",
	`insert into milestones (member_id, schedule_id, value, workspace_id, at)
		values (:member, :home, :streak::int + 1, :home, '${TODAY.toISOString()}') on conflict do nothing;`,
	"\\endif",
].map((line) => line.replaceAll(/\s+/g, " "));

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A JSON object of the member's. Its colons are spaced, or pgbench would take `:null` for a variable. */
function objectInScript(text: string, member: number, home: number): string {
	const spaced = quoted(text.replaceAll(/":(?=\w)/g, '": '))
		.replace(`"member_id": ${member}`, `"member_id": ' || :member::bigint || '`)
		.replace(`"workspace_id": ${home}`, `"workspace_id": ' || :home::bigint || '`);
	return `(${spaced})`;
}

/** A value as written in the script; values that differ between members become variables. */
function inScript(value: unknown, member: number, home: number): string {
	if (value === member) return ":member";
	if (value === home) return ":home";
	if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
	const text = String(value);
	if (text.startsWith("[{")) return ROW;
	if (text.startsWith('{"')) return objectInScript(text, member, home);
	// A list of occurrences: the open one in the member's workspace.
	return /^\{\d+\}$/.test(text) ? `array[:home::bigint * ${STRIDE} + :last::bigint]` : quoted(text);
}

function scriptOf(
	statements: readonly Statement[],
	member: number,
	home: number,
	population: Population,
	from: number,
) {
	const sums = arithmetic(population, ":member");
	const picked = [
		"\\set turn :turn + 1",
		`\\set place ${from} + :client_id + (:turn - 1) * :clients`,
		`\\set member 1 + (:place * 7919) % ${population.members}`,
		`\\set home ${sums.workspace}`,
		`\\set last ${sums.last}`,
		`\\set streak ${sums.streak}`,
	];
	const texts = statements.map(({ text, values }) => {
		const filled = text
			.replaceAll(/--.*$/gm, "")
			.replaceAll(/\$(\d+)/g, (_, index) => inScript(values[Number(index) - 1], member, home));
		return `${filled.replaceAll(/\s+/g, " ").trim()};`;
	});
	return [...picked, "begin;", ...texts, ...REWARDS, "commit;", ""].join("\n");
}

/** Lets pgbench send what the program sends, as prepared statements, for members of its own. */
export class Pgbench {
	readonly #url: string;
	readonly #population: Population;
	readonly #member: number;
	readonly #statements: readonly Statement[];

	private constructor(url: string, population: Population, member: number, statements: readonly Statement[]) {
		this.#url = url;
		this.#population = population;
		this.#member = member;
		this.#statements = statements;
	}

	static async prepare(
		url: string,
		services: Services,
		population: Population,
		question: Question,
		at: Date,
	): Promise<Pgbench> {
		const { member, statements } = await statementsOf(url, services, population, question, at);
		return new Pgbench(url, population, member, statements);
	}

	get statements(): number {
		return this.#statements.length + 2;
	}

	/**
	 * @param count of transactions, a multiple of the clients
	 * @param from the first place in the walk of as many members who have not answered
	 * @returns transactions per second
	 */
	async run(clients: number, count: number, from: number): Promise<number> {
		const folder = mkdtempSync(join(tmpdir(), "nlpq-pgbench-"));
		try {
			const file = join(folder, "answer.sql");
			const home = askerOf(this.#population, this.#member).workspace.id;
			writeFileSync(file, scriptOf(this.#statements, this.#member, home, this.#population, from));
			const options = ["-n", "-M", "prepared", "-c", `${clients}`, "-j", "2", "-t", `${count / clients}`, "-f", file];
			const output = await said([...options, "-D", "turn=0", "-D", `clients=${clients}`, this.#url]);
			const perSecond = Number(/tps = ([\d.]+)/.exec(output)?.[1]);
			const done = Number(/actually processed: (\d+)/.exec(output)?.[1]);
			if (done !== count) throw new Error(`pgbench failed:\n${output}`);
			return perSecond;
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}
}

function said(options: readonly string[]): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn("pgbench", options, { stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (chunk: Buffer) => {
				output += chunk.toString("utf8");
			});
		child.once("error", reject);
		child.once("close", (code) =>
			code === 0 ? resolve(output) : reject(new Error(`pgbench ended with ${code}:\n${output.slice(0, 4000)}`)),
		);
	});
}

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
import { runPgbench } from "../support/pgbench.ts";
import { ANSWER_TEXT } from "./answers.ts";
import {
	askerOf,
	LONG_HISTORY,
	memberAtStep,
	OCCURRENCE_ID_STRIDE,
	type Population,
	populationExpressions,
	SCATTER_STEP,
	SHORT_HISTORY,
	SMALL_WORKSPACE,
	TODAY,
} from "./population.ts";

interface Statement {
	readonly text: string;
	readonly values: readonly unknown[];
}

/** The statements of one answer, as the program sends them between `begin` and `commit`. */
async function captureStatements(
	url: string,
	services: Services,
	population: Population,
	question: Question,
	at: Date,
) {
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	const statements: Statement[] = [];
	const logger = { logQuery: (text: string, values: unknown[]) => void statements.push({ text, values }) };
	try {
		const store = createStore(drizzle(client, { schema, logger }));
		const member = memberWithoutReward(population);
		const answer = { kind: "text", text: ANSWER_TEXT } as const;
		const recordingServices = createServices(store, services.bank, services.random);
		const { answerId, counted } = await recordAnswer(
			recordingServices,
			askerOf(population, member),
			question,
			answer,
			at,
		);
		if (!counted) throw new Error("the recorded answer did not count");
		return { member, answerId, statements };
	} finally {
		await client.end();
	}
}

/** One of the last members of the walk whose answer, like most answers, earns nothing. */
function memberWithoutReward(population: Population): number {
	for (let place = population.members - 1; ; place -= 1) {
		const member = memberAtStep(place, population.members);
		const spread = (member * SCATTER_STEP) % 1000;
		const isShort = member > population.bigWorkspace + SMALL_WORKSPACE;
		const streak = 2 + Math.floor((((isShort ? SHORT_HISTORY : LONG_HISTORY) - 2) * spread ** 3) / 1e9);
		if (isShort && streak % FREEZE_EVERY !== 0 && !MILESTONES.some((value) => value === streak)) return member;
	}
}

/** The streak that an answer stores, for the member whom pgbench has picked. */
const STREAK_ROW = `json_build_array(json_build_object('member_id', :member::bigint, 'schedule_id', :workspace_id::bigint,
	'workspace_id', :workspace_id::bigint, 'current', :streak::int + 1, 'longest', :streak::int + 1,
	'answered', :streak::int + 1, 'freezes', least(${MAX_FREEZES}, (:streak::int + 1) / ${FREEZE_EVERY}), 'booked', :streak::int + 1, 'booked_to', :last::int,
	'first_number', :last::int - :streak::int, 'latest_number', :last::int))::text`;

/** Further rows for the few members whose answer earns a freeze or reaches a milestone. */
const REWARDS = [
	`\\set earned (:streak + 1) % ${FREEZE_EVERY} = 0 and :streak < ${MAX_FREEZES * FREEZE_EVERY}`,
	"\\if :earned",
	`insert into ledger (workspace_id, member_id, schedule_id, number, local_date, kind, freezes, current, at)
		values (:workspace_id, :member, :workspace_id, :last, '${TODAY.toISOString().slice(0, 10)}', 'freeze-earned',
		(:streak::int + 1) / ${FREEZE_EVERY}, :streak::int + 1, '${TODAY.toISOString()}') on conflict do nothing;`,
	"\\endif",
	`\\set reached ${MILESTONES.map((value) => `:streak = ${value - 1}`).join(" or ")}`,
	"\\if :reached",
	`insert into milestones (member_id, schedule_id, value, workspace_id, at)
		values (:member, :workspace_id, :streak::int + 1, :workspace_id, '${TODAY.toISOString()}') on conflict do nothing;`,
	"\\endif",
].map((line) => line.replaceAll(/\s+/g, " "));

const quoteSql = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A JSON object about the member. A space follows each colon: pgbench would take `:null` for a variable. */
function pgbenchObject(text: string, member: number, workspaceId: number): string {
	const spaced = quoteSql(text.replaceAll(/":(?=\w)/g, '": '))
		.replace(`"member_id": ${member}`, `"member_id": ' || :member::bigint || '`)
		.replace(`"workspace_id": ${workspaceId}`, `"workspace_id": ' || :workspace_id::bigint || '`);
	return `(${spaced})`;
}

/** The captured values that depend on the member or the answer. */
interface Captured {
	readonly member: number;
	readonly workspaceId: number;
	readonly answerId: number;
}

/** A value as a literal of the script, or a variable or function where it depends on the member or the answer. */
function pgbenchExpression(value: unknown, { member, workspaceId, answerId }: Captured): string {
	if (value === member) return ":member";
	// The id that a statement before has reserved.
	if (value === answerId) return "currval('answers_id_seq')";
	if (value === workspaceId) return ":workspace_id";
	if (value === null || typeof value === "number" || typeof value === "boolean") return String(value);
	const text = String(value);
	if (text.startsWith("[{")) return STREAK_ROW;
	if (text.startsWith('{"')) return pgbenchObject(text, member, workspaceId);
	// A list of occurrences: the open one in the member's workspace.
	return /^\{\d+\}$/.test(text)
		? `array[:workspace_id::bigint * ${OCCURRENCE_ID_STRIDE} + :last::bigint]`
		: quoteSql(text);
}

function scriptOf(statements: readonly Statement[], captured: Captured, population: Population, from: number) {
	const expressions = populationExpressions(population, ":member");
	const pickMember = [
		"\\set turn :turn + 1",
		`\\set place ${from} + :client_id + (:turn - 1) * :clients`,
		`\\set member 1 + (:place * 7919) % ${population.members}`,
		`\\set workspace_id ${expressions.workspace}`,
		`\\set last ${expressions.last}`,
		`\\set streak ${expressions.streak}`,
	];
	const filledStatements = statements.map(({ text, values }) => {
		const filled = text
			.replaceAll(/--.*$/gm, "")
			.replaceAll(/\$(\d+)/g, (_, index) => pgbenchExpression(values[Number(index) - 1], captured));
		return `${filled.replaceAll(/\s+/g, " ").trim()};`;
	});
	return [...pickMember, "begin;", ...filledStatements, ...REWARDS, "commit;", ""].join("\n");
}

/** Lets pgbench send what the program sends for an answer, as prepared statements, for other members. */
export class PgbenchAnswers {
	readonly #url: string;
	readonly #population: Population;
	readonly #captured: Captured;
	readonly #statements: readonly Statement[];

	private constructor(url: string, population: Population, captured: Captured, statements: readonly Statement[]) {
		this.#url = url;
		this.#population = population;
		this.#captured = captured;
		this.#statements = statements;
	}

	static async prepare(
		url: string,
		services: Services,
		population: Population,
		question: Question,
		at: Date,
	): Promise<PgbenchAnswers> {
		const { member, answerId, statements } = await captureStatements(url, services, population, question, at);
		const workspaceId = askerOf(population, member).workspace.id;
		return new PgbenchAnswers(url, population, { member, workspaceId, answerId }, statements);
	}

	/** How many statements an answer takes, with `begin` and `commit`. */
	get statements(): number {
		return this.#statements.length + 2;
	}

	/**
	 * @param count how many members answer; a multiple of the clients
	 * @param from the step of the walk at which those members begin
	 * @returns transactions per second
	 */
	async run(clients: number, count: number, from: number): Promise<number> {
		const folder = mkdtempSync(join(tmpdir(), "nlpq-pgbench-"));
		try {
			const file = join(folder, "answer.sql");
			writeFileSync(file, scriptOf(this.#statements, this.#captured, this.#population, from));
			const options = ["-n", "-M", "prepared", "-c", `${clients}`, "-j", "2", "-t", `${count / clients}`, "-f", file];
			return await runPgbench([...options, "-D", "turn=0", "-D", `clients=${clients}`, this.#url], count);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	}
}

import { randomUUID } from "node:crypto";
import { and, asc, count, desc, eq, inArray, lt, ne } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { OwnState } from "../../core/model.ts";
import type {
	LockedOwnBank,
	NewOwnQuestion,
	OwnChanges,
	OwnEntry,
	OwnQuestion,
	OwnStore,
} from "../../core/ports/own.ts";
import { type OwnContent, ownId } from "../../core/question/own.ts";
import { OPTION_LETTERS } from "../../core/question/question.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";

const { ownBanks, ownImports, ownQuestions, ownRevisions, answers } = schema;

/** How many rows one statement writes. */
const BATCH = 200;

const rightText = ({ options }: OwnContent) => options.find(({ correct }) => correct)?.text;

/** The questions of one workspace, whose row is locked. */
class LockedBank implements LockedOwnBank {
	readonly #db: Db;
	readonly #workspaceId: number;

	constructor(db: Db, workspaceId: number) {
		this.#db = db;
		this.#workspaceId = workspaceId;
	}

	/** Makes every process read the questions again. */
	async #renewVersion(lastNumber?: number): Promise<void> {
		const numbered = lastNumber === undefined ? {} : { lastNumber };
		await this.#db
			.update(ownBanks)
			.set({ version: randomUUID(), ...numbered })
			.where(eq(ownBanks.workspaceId, this.#workspaceId));
	}

	async add(questions: readonly NewOwnQuestion[]): Promise<OwnQuestion[]> {
		const [bank] = await this.#db.select().from(ownBanks).where(eq(ownBanks.workspaceId, this.#workspaceId));
		const last = bank?.lastNumber ?? 0;
		const rows = questions.map((question, index) => ({
			...question,
			workspaceId: this.#workspaceId,
			number: last + index + 1,
			revision: 1,
			changedAt: question.at,
		}));
		const added: OwnQuestion[] = [];
		for (let from = 0; from < rows.length; from += BATCH)
			added.push(...(await this.#insert(rows.slice(from, from + BATCH))));
		await this.#renewVersion(last + rows.length);
		return added;
	}

	async #insert(rows: (typeof ownQuestions.$inferInsert)[]): Promise<OwnQuestion[]> {
		const added = await this.#db.insert(ownQuestions).values(rows).returning();
		await this.#db
			.insert(ownRevisions)
			.values(added.map(({ id, revision, content, at }) => ({ ownQuestionId: id, revision, content, at })));
		return added.sort((a, b) => a.number - b.number);
	}

	async get(number: number): Promise<OwnQuestion | null> {
		return getOne(this.#db, this.#workspaceId, number);
	}

	async change(question: OwnQuestion, changes: OwnChanges, at: Date): Promise<OwnQuestion> {
		await this.#renewVersion();
		return this.#write(question, { ...changes, changedAt: at });
	}

	async revise(question: OwnQuestion, content: OwnContent, at: Date): Promise<OwnQuestion> {
		await this.#renewVersion();
		const revision = question.state === "waiting" ? question.revision : question.revision + 1;
		await this.#db
			.insert(ownRevisions)
			.values({ ownQuestionId: question.id, revision, content, at })
			.onConflictDoUpdate({ target: [ownRevisions.ownQuestionId, ownRevisions.revision], set: { content, at } });
		if (rightText(question.content) !== rightText(content)) await this.#acceptCorrection(question, content);
		return this.#write(question, { content, revision, changedAt: at });
	}

	async #write(question: OwnQuestion, changes: Partial<typeof ownQuestions.$inferInsert>): Promise<OwnQuestion> {
		const rows = await this.#db
			.update(ownQuestions)
			.set(changes)
			.where(and(eq(ownQuestions.workspaceId, this.#workspaceId), eq(ownQuestions.id, question.id)))
			.returning();
		return onlyRow(rows);
	}

	/** Members who chose the option that is right now count as right, whatever letter it had in their revision. */
	async #acceptCorrection({ id, number }: OwnQuestion, content: OwnContent): Promise<void> {
		const right = rightText(content);
		const revisions = await this.#db.select().from(ownRevisions).where(eq(ownRevisions.ownQuestionId, id));
		for (const earlier of revisions) {
			const option = OPTION_LETTERS[earlier.content.options.findIndex(({ text }) => text === right)];
			if (option === undefined) continue;
			const chosen = and(
				eq(answers.workspaceId, this.#workspaceId),
				eq(answers.questionId, ownId(number)),
				eq(answers.revision, earlier.revision),
				eq(answers.option, option),
				ne(answers.correct, true),
			);
			await this.#db.update(answers).set({ correct: true }).where(chosen);
		}
	}
}

async function getOne(db: Db, workspaceId: number, number: number): Promise<OwnQuestion | null> {
	const own = and(eq(ownQuestions.workspaceId, workspaceId), eq(ownQuestions.number, number));
	const [row] = await db.select().from(ownQuestions).where(own);
	return row ?? null;
}

const inState = (workspaceId: number, state: OwnState) =>
	and(eq(ownQuestions.workspaceId, workspaceId), eq(ownQuestions.state, state));

/** The workspaces' own questions. Every query names its workspace. */
export class PostgresOwn implements OwnStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async hold(workspaceId: number): Promise<LockedOwnBank> {
		await this.#db.insert(ownBanks).values({ workspaceId, lastNumber: 0, version: randomUUID() }).onConflictDoNothing();
		await this.#db.select().from(ownBanks).where(eq(ownBanks.workspaceId, workspaceId)).for("update");
		return new LockedBank(this.#db, workspaceId);
	}

	async version(workspaceId: number): Promise<string | null> {
		const [row] = await this.#db
			.select({ version: ownBanks.version })
			.from(ownBanks)
			.where(eq(ownBanks.workspaceId, workspaceId));
		return row?.version ?? null;
	}

	async active(workspaceId: number): Promise<OwnQuestion[]> {
		const { number } = ownQuestions;
		return this.#db.select().from(ownQuestions).where(inState(workspaceId, "active")).orderBy(asc(number));
	}

	async entries(workspaceIds: readonly number[]): Promise<ReadonlyMap<number, readonly OwnEntry[]>> {
		const found = new Map<number, OwnEntry[]>();
		if (workspaceIds.length === 0) return found;
		const { workspaceId, number, revision, state } = ownQuestions;
		const rows = await this.#db
			.select({ workspaceId, number, revision })
			.from(ownQuestions)
			.where(and(inArray(workspaceId, [...workspaceIds]), eq(state, "active")))
			.orderBy(asc(workspaceId), asc(number));
		for (const row of rows) {
			const known = found.get(row.workspaceId);
			if (known) known.push(row);
			else found.set(row.workspaceId, [row]);
		}
		return found;
	}

	async get(workspaceId: number, number: number): Promise<OwnQuestion | null> {
		return getOne(this.#db, workspaceId, number);
	}

	async revision(workspaceId: number, number: number, revision: number): Promise<OwnContent | null> {
		const [row] = await this.#db
			.select({ content: ownRevisions.content })
			.from(ownRevisions)
			.innerJoin(ownQuestions, eq(ownQuestions.id, ownRevisions.ownQuestionId))
			.where(
				and(
					eq(ownQuestions.workspaceId, workspaceId),
					eq(ownQuestions.number, number),
					eq(ownRevisions.revision, revision),
				),
			);
		return row?.content ?? null;
	}

	async list(workspaceId: number, state: OwnState, offset: number, limit: number): Promise<OwnQuestion[]> {
		const order = state === "waiting" ? asc(ownQuestions.number) : desc(ownQuestions.number);
		const found = this.#db.select().from(ownQuestions).where(inState(workspaceId, state));
		return found.orderBy(order).offset(offset).limit(limit);
	}

	async count(workspaceId: number, state: OwnState): Promise<number> {
		const rows = await this.#db.select({ value: count() }).from(ownQuestions).where(inState(workspaceId, state));
		return onlyRow(rows).value;
	}

	async keepImport(workspaceId: number, memberId: number, contents: readonly OwnContent[], at: Date): Promise<number> {
		const row = { workspaceId, memberId, contents: [...contents], at };
		return onlyRow(await this.#db.insert(ownImports).values(row).returning({ id: ownImports.id })).id;
	}

	async takeImport(workspaceId: number, memberId: number, id: number): Promise<readonly OwnContent[] | null> {
		const mine = and(eq(ownImports.workspaceId, workspaceId), eq(ownImports.memberId, memberId), eq(ownImports.id, id));
		const [row] = await this.#db.delete(ownImports).where(mine).returning({ contents: ownImports.contents });
		return row?.contents ?? null;
	}

	async forgetImports(before: Date, limit: number): Promise<number> {
		const old = this.#db.select({ id: ownImports.id }).from(ownImports).where(lt(ownImports.at, before)).limit(limit);
		return (await this.#db.delete(ownImports).where(inArray(ownImports.id, old)).returning({ id: ownImports.id }))
			.length;
	}

	async waitingOf(workspaceId: number, memberId: number): Promise<number> {
		const own = and(inState(workspaceId, "waiting"), eq(ownQuestions.memberId, memberId));
		return onlyRow(await this.#db.select({ value: count() }).from(ownQuestions).where(own)).value;
	}
}

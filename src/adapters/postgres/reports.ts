import { and, asc, count, desc, eq, isNull, lt, ne, notInArray, or, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { NewReport, Report, ReportDecision, ReportStore } from "../../core/ports/reports.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";

const { reports, questions, workspaces } = schema;

const isOpen = and(eq(reports.state, "open"), isNull(reports.repeatOf));

const shown = (workspaceId: number, which: "open" | "all") =>
	and(eq(reports.workspaceId, workspaceId), which === "open" ? isOpen : isNull(reports.repeatOf));

/** What members report as wrong with a question, and what became of the report. */
export class PostgresReports implements ReportStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async add(report: NewReport): Promise<Report> {
		const { workspaceId, questionId, revision } = report;
		const same = and(
			eq(reports.workspaceId, workspaceId),
			eq(reports.questionId, questionId),
			eq(reports.revision, revision),
		);
		const [first] = await this.#db
			.select({ id: reports.id })
			.from(reports)
			.where(and(same, isOpen))
			.orderBy(asc(reports.id))
			.limit(1)
			.for("update");
		if (first)
			await this.#db
				.update(reports)
				.set({ repeats: sql`${reports.repeats} + 1` })
				.where(eq(reports.id, first.id));
		const row = { ...report, repeatOf: first?.id ?? null };
		return onlyRow(await this.#db.insert(reports).values(row).returning());
	}

	async get(workspaceId: number, id: number): Promise<Report | null> {
		const own = and(eq(reports.workspaceId, workspaceId), eq(reports.id, id));
		const [row] = await this.#db.select().from(reports).where(own);
		return row ?? null;
	}

	async lock(workspaceId: number, id: number): Promise<Report | null> {
		const own = and(eq(reports.workspaceId, workspaceId), eq(reports.id, id));
		const [row] = await this.#db.select().from(reports).where(own).for("update");
		return row ?? null;
	}

	async list(workspaceId: number, which: "open" | "all", offset: number, limit: number): Promise<Report[]> {
		return this.#db
			.select()
			.from(reports)
			.where(shown(workspaceId, which))
			.orderBy(desc(reports.id))
			.offset(offset)
			.limit(limit);
	}

	async count(workspaceId: number, which: "open" | "all"): Promise<number> {
		const rows = await this.#db.select({ value: count() }).from(reports).where(shown(workspaceId, which));
		return onlyRow(rows).value;
	}

	async words(workspaceId: number, id: number, limit: number): Promise<string[]> {
		const rows = await this.#db
			.select({ text: reports.text })
			.from(reports)
			.where(
				and(
					eq(reports.workspaceId, workspaceId),
					or(eq(reports.id, id), eq(reports.repeatOf, id)),
					ne(reports.text, ""),
				),
			)
			.orderBy(asc(reports.id))
			.limit(limit);
		return rows.map(({ text }) => text);
	}

	async decide(workspaceId: number, id: number, { at, ...decision }: ReportDecision): Promise<number[]> {
		const rows = await this.#db
			.update(reports)
			.set({ ...decision, decidedAt: at })
			.where(and(eq(reports.workspaceId, workspaceId), or(eq(reports.id, id), eq(reports.repeatOf, id))))
			.returning({ memberId: reports.memberId });
		return [...new Set(rows.flatMap(({ memberId }) => (memberId === null ? [] : [memberId])))];
	}

	async openBelow(workspaceId: number, questionId: string, revision: number): Promise<Report[]> {
		return this.#db
			.select()
			.from(reports)
			.where(
				and(
					isOpen,
					eq(reports.workspaceId, workspaceId),
					eq(reports.questionId, questionId),
					lt(reports.revision, revision),
				),
			)
			.for("update");
	}

	async outdated(limit: number, without: readonly number[] = []): Promise<Report[]> {
		const others = without.length > 0 ? notInArray(reports.id, [...without]) : undefined;
		const rows = await this.#db
			.select({ report: reports })
			.from(reports)
			.innerJoin(questions, eq(questions.id, reports.questionId))
			.where(and(isOpen, lt(reports.revision, questions.revision), others))
			.orderBy(asc(reports.id))
			.limit(limit)
			.for("update", { of: reports, skipLocked: true });
		return rows.map(({ report }) => report);
	}

	async unresolved(): Promise<(Report & { readonly words: readonly string[] })[]> {
		const rows = await this.#db
			.select({ report: reports })
			.from(reports)
			.innerJoin(questions, eq(questions.id, reports.questionId))
			.innerJoin(workspaces, and(eq(workspaces.id, reports.workspaceId), isNull(workspaces.deletedAt)))
			.where(
				and(
					isNull(reports.repeatOf),
					or(eq(reports.state, "open"), eq(reports.state, "accepted")),
					eq(reports.revision, questions.revision),
				),
			)
			.orderBy(asc(reports.questionId), asc(reports.id));
		return Promise.all(
			rows.map(async ({ report }) => ({
				...report,
				words: await this.words(report.workspaceId, report.id, report.repeats + 1),
			})),
		);
	}
}

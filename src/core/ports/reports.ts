import type { ReportState } from "../model.ts";

export interface Report {
	readonly id: number;
	readonly workspaceId: number;
	/** Null after the member was forgotten. */
	readonly memberId: number | null;
	readonly questionId: string;
	readonly revision: number;
	/** The member's words; empty after the member was forgotten. */
	readonly text: string;
	readonly at: Date;
	readonly state: ReportState;
	/** Why it was declined. */
	readonly reason: string | null;
	readonly decidedBy: number | null;
	readonly decidedAt: Date | null;
	/** The open report that this one joined. They are listed and decided together. */
	readonly repeatOf: number | null;
	readonly repeats: number;
}

export type NewReport = Pick<Report, "workspaceId" | "memberId" | "questionId" | "revision" | "text" | "at">;

export interface ReportDecision {
	readonly state: Exclude<ReportState, "open">;
	readonly reason: string | null;
	readonly decidedBy: number | null;
	readonly at: Date;
}

export interface ReportStore {
	/** Adds a report. It joins an open one on the same question and revision. The caller must hold the workspace's lock. */
	add(report: NewReport): Promise<Report>;
	get(workspaceId: number, id: number): Promise<Report | null>;
	/** The same, locked until the transaction ends. */
	lock(workspaceId: number, id: number): Promise<Report | null>;
	/** Reports newest first, each with a count of those that joined it. `open` omits decided ones. */
	list(workspaceId: number, which: "open" | "all", offset: number, limit: number): Promise<Report[]>;
	count(workspaceId: number, which: "open" | "all"): Promise<number>;
	/** Texts of a report and of those that joined it, oldest first. Omits texts of forgotten members. */
	words(workspaceId: number, id: number, limit: number): Promise<string[]>;
	/** Decides a locked report and all that joined it. @returns ids of the reporters, each once, without forgotten ones */
	decide(workspaceId: number, id: number, decision: ReportDecision): Promise<number[]>;
	/** A workspace's open reports on a question's revisions below `revision`, locked until the transaction ends. */
	openBelow(workspaceId: number, questionId: string, revision: number): Promise<Report[]>;
	/** Across workspaces: open reports on bank revisions that are no longer the newest, oldest first, none of `without`. */
	outdated(limit: number, without?: readonly number[]): Promise<Report[]>;
	/** Across workspaces: reports that the bank's author still has to handle, by question. */
	unresolved(): Promise<(Report & { readonly words: readonly string[] })[]>;
}

import type { ReportState } from "../model.ts";

export interface Report {
	readonly id: number;
	readonly workspaceId: number;
	/** Null once the member was forgotten. */
	readonly memberId: number | null;
	readonly questionId: string;
	readonly revision: number;
	/** The member's words; empty once the member was forgotten. */
	readonly text: string;
	readonly at: Date;
	readonly state: ReportState;
	/** Why it was declined. */
	readonly reason: string | null;
	readonly decidedBy: number | null;
	readonly decidedAt: Date | null;
	/** The open report that this one joined: decided with it, and listed with it. */
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
	/** Adds a report; one on the same question and revision that is still open counts it. The workspace must be held. */
	add(report: NewReport): Promise<Report>;
	get(workspaceId: number, id: number): Promise<Report | null>;
	/** The same, held until the transaction ends. */
	lock(workspaceId: number, id: number): Promise<Report | null>;
	/** Newest first, each with the reports that joined it; `open` without those that are decided. */
	list(workspaceId: number, which: "open" | "all", offset: number, limit: number): Promise<Report[]>;
	count(workspaceId: number, which: "open" | "all"): Promise<number>;
	/** What was said with a report and with those that joined it, oldest first; without words of the forgotten. */
	words(workspaceId: number, id: number, limit: number): Promise<string[]>;
	/** Decides a held report and all that joined it. @returns who reported, each once, without the forgotten */
	decide(workspaceId: number, id: number, decision: ReportDecision): Promise<number[]>;
	/** A workspace's open reports on a question's revisions below one, held until the transaction ends. */
	openBelow(workspaceId: number, questionId: string, revision: number): Promise<Report[]>;
	/** Across workspaces: open reports on a revision of the bank that is no longer the newest, oldest first. */
	outdated(limit: number): Promise<Report[]>;
	/** Across workspaces: what the author of the bank has to look at, by question; not what is of no use any more. */
	unresolved(): Promise<(Report & { readonly words: readonly string[] })[]>;
}

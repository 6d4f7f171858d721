import type { OwnState } from "../model.ts";
import type { OwnContent } from "../question/own.ts";

/** A workspace's own question, or a suggestion of one. */
export interface OwnQuestion {
	readonly id: number;
	readonly workspaceId: number;
	readonly number: number;
	readonly revision: number;
	readonly state: OwnState;
	readonly content: OwnContent;
	/** Who suggested it; null if an admin added or imported it, or the member was forgotten. */
	readonly memberId: number | null;
	readonly decidedBy: number | null;
	readonly reason: string | null;
	readonly at: Date;
	readonly changedAt: Date;
}

export type NewOwnQuestion = Pick<OwnQuestion, "state" | "content" | "memberId" | "decidedBy" | "at">;
export type OwnChanges = Partial<Pick<OwnQuestion, "state" | "decidedBy" | "reason">>;

/** A workspace's own questions, locked until the transaction ends: one admin at a time changes them. */
export interface LockedOwnBank {
	/** Adds questions with the next numbers. */
	add(questions: readonly NewOwnQuestion[]): Promise<OwnQuestion[]>;
	get(number: number): Promise<OwnQuestion | null>;
	/** @returns the changed question */
	change(question: OwnQuestion, changes: OwnChanges, at: Date): Promise<OwnQuestion>;
	/**
	 * Replaces the content. A question that could already be asked gets a new revision. If the right option changes, earlier
	 * answers that chose it count as right, and answers that were right stay so.
	 * @returns the changed question
	 */
	revise(question: OwnQuestion, content: OwnContent, at: Date): Promise<OwnQuestion>;
}

/** What a draw needs to know. */
export interface OwnEntry {
	readonly number: number;
	readonly revision: number;
}

export interface OwnStore {
	hold(workspaceId: number): Promise<LockedOwnBank>;
	/** A version tag that differs after each change; null if the workspace never had own questions. */
	version(workspaceId: number): Promise<string | null>;
	/** Questions that can be asked now, ordered by number. */
	active(workspaceId: number): Promise<OwnQuestion[]>;
	/** For the engine: questions that can be asked, by workspace. */
	entries(workspaceIds: readonly number[]): Promise<ReadonlyMap<number, readonly OwnEntry[]>>;
	get(workspaceId: number, number: number): Promise<OwnQuestion | null>;
	/** The content at a revision. Also finds retired questions. */
	revision(workspaceId: number, number: number, revision: number): Promise<OwnContent | null>;
	/** Ordered by number: waiting questions oldest first, all others newest first. */
	list(workspaceId: number, state: OwnState, offset: number, limit: number): Promise<OwnQuestion[]>;
	count(workspaceId: number, state: OwnState): Promise<number>;
	/** Stores an import's questions until the member confirms it. @returns the import's id */
	keepImport(workspaceId: number, memberId: number, contents: readonly OwnContent[], at: Date): Promise<number>;
	/** Removes and returns the questions of a member's import; null when it is gone. */
	takeImport(workspaceId: number, memberId: number, id: number): Promise<readonly OwnContent[] | null>;
	/** Deletes unconfirmed imports from before an instant. @returns how many */
	forgetImports(before: Date, limit: number): Promise<number>;
	/** How many of a member's suggestions wait for a decision. */
	waitingOf(workspaceId: number, memberId: number): Promise<number>;
}

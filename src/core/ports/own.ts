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
	/** Who suggested it; null for an admin's own, an imported one, and once the member was forgotten. */
	readonly memberId: number | null;
	readonly decidedBy: number | null;
	readonly reason: string | null;
	readonly at: Date;
	readonly changedAt: Date;
}

export type NewOwnQuestion = Pick<OwnQuestion, "state" | "content" | "memberId" | "decidedBy" | "at">;
export type OwnChanges = Partial<Pick<OwnQuestion, "state" | "decidedBy" | "reason">>;

/** A workspace's own questions, held until the transaction ends: one admin at a time changes them. */
export interface HeldOwnBank {
	/** Adds questions, numbered from the last number on. */
	add(questions: readonly NewOwnQuestion[]): Promise<OwnQuestion[]>;
	get(number: number): Promise<OwnQuestion | null>;
	/** @returns it afterwards */
	change(question: OwnQuestion, changes: OwnChanges, at: Date): Promise<OwnQuestion>;
	/**
	 * Another content: a new revision of one that could be asked, whose earlier answers count as right by either.
	 * @returns it afterwards
	 */
	revise(question: OwnQuestion, content: OwnContent, at: Date): Promise<OwnQuestion>;
}

/** What a draw needs to know. */
export interface OwnEntry {
	readonly number: number;
	readonly revision: number;
}

export interface OwnStore {
	hold(workspaceId: number): Promise<HeldOwnBank>;
	/** Another text after each change; null when the workspace has none and never had. */
	version(workspaceId: number): Promise<string | null>;
	/** Those that can be asked now, by number. */
	active(workspaceId: number): Promise<OwnQuestion[]>;
	/** The engine's: what can be asked in some workspaces, by workspace. */
	entries(workspaceIds: readonly number[]): Promise<ReadonlyMap<number, readonly OwnEntry[]>>;
	get(workspaceId: number, number: number): Promise<OwnQuestion | null>;
	/** As it was at a revision; also of a retired one. */
	revision(workspaceId: number, number: number, revision: number): Promise<OwnContent | null>;
	/** By number; the waiting ones oldest first, all others newest first. */
	list(workspaceId: number, state: OwnState, offset: number, limit: number): Promise<OwnQuestion[]>;
	count(workspaceId: number, state: OwnState): Promise<number>;
	/** Keeps what an import has read until it is confirmed. @returns its number */
	keepImport(workspaceId: number, memberId: number, contents: readonly OwnContent[], at: Date): Promise<number>;
	/** What the member's import has read, once; null when it is gone. */
	takeImport(workspaceId: number, memberId: number, id: number): Promise<readonly OwnContent[] | null>;
	/** Forgets imports of before an instant that nobody has confirmed. @returns how many */
	forgetImports(before: Date): Promise<number>;
	/** How many suggestions of a member wait. */
	waitingOf(workspaceId: number, memberId: number): Promise<number>;
}

import type { LocalDate } from "../calendar/calendar.ts";
import type { Grade } from "../model.ts";
import type { Memory, MemoryKey, StoredReview } from "../practice/memory.ts";
import type { BookedReview } from "../practice/retention.ts";
import type { PracticeRun } from "../practice/run.ts";

/** The data that determines the local date of an answer or reveal. */
export interface DateContext {
	/** Zone of the workspace's oldest active schedule; null if it has none. */
	readonly zone: string | null;
	/** The member's latest local date so far. */
	readonly latest: LocalDate | null;
}

/** What a practice run depends on. */
export interface PracticeContext {
	readonly memories: readonly Memory[];
	/** The member's open run. */
	readonly run: PracticeRun | null;
	readonly dates: DateContext;
	/** The questions that are open daily questions of the workspace. */
	readonly openQuestions: readonly string[];
	/** The version of the workspace's own questions; null if it has none. */
	readonly ownVersion: string | null;
	/** The reserved id; null when none was. */
	readonly newRunId: number | null;
}

/** A reveal that books `again`. */
export interface NewPracticeReveal extends MemoryKey {
	readonly revision: number;
	readonly at: Date;
	readonly localDate: LocalDate;
}

export interface NewPracticeRun extends Omit<PracticeRun, "id" | "endedAt"> {
	/** The id that `context` reserved; the next one if missing. */
	readonly id?: number;
}

/** An answer, or a reveal of a daily question. It has no local date if an older version stored it. */
export interface PastEntry {
	readonly kind: "answer" | "reveal";
	/** Id of the answer, or of the occurrence whose answer was revealed. */
	readonly id: number;
	readonly questionId: string;
	readonly revision: number;
	readonly at: Date;
	readonly localDate: LocalDate | null;
	readonly grade: Grade | null;
}

/** The new values of an entry that an older version stored. */
export interface DatedEntry extends Pick<PastEntry, "kind" | "id"> {
	readonly localDate: LocalDate;
	/** Whether to book its grade; for a reveal, `again`. */
	readonly books: boolean;
}

/** The stored memory of one question, and the reviews that it follows from. */
export interface MemoryHistory extends MemoryKey {
	readonly kept: Memory | null;
	readonly reviews: readonly StoredReview[];
}

export interface PracticeStore {
	memory(memberId: number, questionId: string): Promise<Memory | null>;
	/** All memories of a member. */
	memories(memberId: number): Promise<Memory[]>;
	/** Stores memories, replacing existing ones. The caller must hold the members' locks. */
	saveMemories(memories: readonly Memory[]): Promise<void>;
	dropMemory(memberId: number, questionId: string): Promise<void>;
	dates(workspaceId: number, memberId: number): Promise<DateContext>;
	/**
	 * Reads everything that practice depends on in one statement.
	 * @param at instant at which daily questions are open
	 * @param reservesId whether to reserve the id of a new run, so that its insert need not be waited for
	 */
	context(
		workspaceId: number,
		memberId: number,
		at: Date,
		options?: { readonly reservesId?: boolean },
	): Promise<PracticeContext>;
	/** When practice, random or today asked a question that the member has not answered since; null if none did. */
	askedAt(memberId: number, questionId: string): Promise<Date | null>;
	addPracticeReveal(reveal: NewPracticeReveal): Promise<number>;
	practiceReveal(memberId: number, id: number): Promise<{ questionId: string; revision: number } | null>;
	/** The member's open run. */
	openRun(memberId: number): Promise<PracticeRun | null>;
	run(memberId: number, id: number): Promise<PracticeRun | null>;
	/** The member's latest run, open or over. */
	latestRun(memberId: number): Promise<PracticeRun | null>;
	/** Begins a run, and ends the open one. The caller must hold the member's lock. */
	addRun(run: NewPracticeRun): Promise<PracticeRun>;
	saveRun(run: PracticeRun): Promise<void>;
	/** Members' memories with the answers and reveals that they follow from, by member and question. */
	histories(memberIds: readonly number[]): Promise<MemoryHistory[]>;
	/** All grades that the member's memories booked, in no particular order. */
	bookedReviews(memberId: number): Promise<BookedReview[]>;
	/** A member, none of `without`, whose answers or reveals an older version stored without dates; or null. */
	undatedMember(
		without?: readonly number[],
	): Promise<{ readonly memberId: number; readonly workspaceId: number } | null>;
	/** All answers and daily reveals of a member, in chronological order. */
	pastEntries(memberId: number): Promise<PastEntry[]>;
	/** Stores dates for undated entries, and which of them are booked. The caller must hold the member's lock. */
	dateEntries(memberId: number, entries: readonly DatedEntry[]): Promise<void>;
}

import type { LocalDate } from "../calendar/calendar.ts";
import type { Grade } from "../model.ts";
import type { Memory, MemoryKey, StoredReview } from "../practice/memory.ts";
import type { PracticeRun } from "../practice/run.ts";

/** What fixes the local date of an answer or reveal. */
export interface DateContext {
	/** Of the workspace's oldest active schedule; null without one. */
	readonly zone: string | null;
	/** The member's latest local date so far. */
	readonly latest: LocalDate | null;
}

/** A reveal that books "again". */
export interface NewPracticeReveal extends MemoryKey {
	readonly revision: number;
	readonly at: Date;
	readonly localDate: LocalDate;
}

export type NewPracticeRun = Omit<PracticeRun, "id" | "endedAt">;

/** An answer, or a reveal of a daily question; without a local date it is one of an older version. */
export interface PastEntry {
	readonly kind: "answer" | "reveal";
	/** The answer's number, or the occurrence's that was revealed. */
	readonly id: number;
	readonly questionId: string;
	readonly revision: number;
	readonly at: Date;
	readonly localDate: LocalDate | null;
	readonly grade: Grade | null;
}

/** What an entry of an older version gets. */
export interface DatedEntry extends Pick<PastEntry, "kind" | "id"> {
	readonly localDate: LocalDate;
	/** Whether its grade is booked; for a reveal, "again". */
	readonly books: boolean;
}

/** What is kept of one question's memory, and what it follows from. */
export interface MemoryHistory extends MemoryKey {
	readonly kept: Memory | null;
	readonly reviews: readonly StoredReview[];
}

export interface PracticeStore {
	memory(memberId: number, questionId: string): Promise<Memory | null>;
	/** All memories of a member. */
	memories(memberId: number): Promise<Memory[]>;
	/** Keeps memories in place of those that are there. The member must be held. */
	saveMemories(memories: readonly Memory[]): Promise<void>;
	dropMemory(memberId: number, questionId: string): Promise<void>;
	dates(workspaceId: number, memberId: number): Promise<DateContext>;
	/** When practice, random or today put a question that the member has not answered since; null when none did. */
	putAt(memberId: number, questionId: string): Promise<Date | null>;
	addPracticeReveal(reveal: NewPracticeReveal): Promise<number>;
	practiceReveal(memberId: number, id: number): Promise<{ questionId: string; revision: number } | null>;
	/** The member's open run. */
	openRun(memberId: number): Promise<PracticeRun | null>;
	run(memberId: number, id: number): Promise<PracticeRun | null>;
	/** Begins a run. The member must be held, and have no open one. */
	addRun(run: NewPracticeRun): Promise<PracticeRun>;
	saveRun(run: PracticeRun): Promise<void>;
	/** Memories of members with the answers and reveals that they follow from, by member and question. */
	histories(memberIds: readonly number[]): Promise<MemoryHistory[]>;
	/** A member with answers or reveals of an older version; null when there is none. */
	undatedMember(): Promise<{ readonly memberId: number; readonly workspaceId: number } | null>;
	/** All answers and daily reveals of a member, in the order of their instants. */
	pastEntries(memberId: number): Promise<PastEntry[]>;
	/** Dates entries of an older version, and notes which of them are booked. The member must be held. */
	dateEntries(memberId: number, entries: readonly DatedEntry[]): Promise<void>;
}

import type { LocalDate } from "../calendar/calendar.ts";
import type { Answer, Grade, NewAnswer, Occurrence } from "../model.ts";
import type { Memory } from "../practice/memory.ts";
import type { PracticeRun } from "../practice/run.ts";
import type { DateContext } from "./practice.ts";
import type { MemberMarks, StreakRow } from "./streaks.ts";

/** An open occurrence, and whether the asker has attempted or revealed it. */
export interface OpenOccurrence {
	readonly occurrence: Occurrence;
	readonly attempted: boolean;
	readonly revealed: boolean;
}

/** A streak and its schedule's occurrences above the row's `bookedTo`. */
export interface StreakInput {
	readonly row: StreakRow;
	/** Numbered ones, ascending. */
	readonly occurrences: readonly Occurrence[];
	readonly marks: MemberMarks;
}

/** Everything that decides what an answer does. */
export interface AnswerContext {
	/** The member's latest answer to the question. */
	readonly latest: Pick<Answer, "id" | "at" | "kind" | "grade" | "revision" | "localDate" | "isRepeat"> | null;
	/** When the member last took the hint. */
	readonly hintedAt: Date | null;
	/** When practice, random or today asked the question; null once answered, or shown in another way. */
	readonly putAt: Date | null;
	/** The member's memory of the question. */
	readonly memory: Memory | null;
	/** The member's open practice run. */
	readonly run: PracticeRun | null;
	readonly dates: DateContext;
	/** Open occurrences of the question in the workspace, newest first, held against a change of their question. */
	readonly open: readonly OpenOccurrence[];
	/** The member's streaks in their schedules; a schedule without one has no attempt of the member yet. */
	readonly streaks: readonly StreakInput[];
}

/** What to store of an answer. */
export interface AnswerRecord {
	readonly answer: NewAnswer & { readonly grade: Grade | null };
	/** Occurrences that it is an attempt at; their posts' counts are updated from `countFrom` on. */
	readonly attempts: readonly Occurrence[];
	readonly countFrom: Date;
	/** An earlier answer whose grade this one changes, and whether the memory books the change. */
	readonly regraded: { readonly answerId: number; readonly grade: Grade; readonly books: boolean } | null;
	readonly practice: AnswerPractice;
}

/** What an answer does to the member's practice. */
export interface AnswerPractice {
	/** Fixed at the answer's receipt. */
	readonly localDate: LocalDate;
	/** The repeat of a missed question at the end of a run. */
	readonly isRepeat: boolean;
	/** The memory after the answer; null when there is none. */
	readonly memory: Memory | null;
	/** Whether the memory booked this answer's grade. */
	readonly books: boolean;
	/** The open run after the answer, if it answered the run's current question. */
	readonly run: PracticeRun | null;
}

/**
 * How a member saw a question: `put` by practice, random or today; `shown` otherwise, answered or revealed; `hinted` and
 * `options` change nothing about who put it.
 */
export type Sighting = "put" | "shown" | "hinted" | "options";

export interface AnswerStore {
	/** Open occurrences of a question in a workspace at an instant, as one member sees them. */
	openOccurrences(workspaceId: number, memberId: number, questionId: string, at: Date): Promise<OpenOccurrence[]>;
	/** Everything that decides what an answer does, in one statement. The member must be locked. */
	contextFor(workspaceId: number, memberId: number, questionId: string, at: Date): Promise<AnswerContext>;
	/** Keeps an answer and its attempts; returns its number. The member must be held. */
	record(record: AnswerRecord): Promise<number>;
	addReveal(memberId: number, occurrence: Occurrence, at: Date, localDate: LocalDate): Promise<void>;
	/** Another question replaces the occurrence's: forget reveals, since nobody has seen its answer. */
	clearReveals(occurrenceId: number): Promise<void>;
	answer(memberId: number, answerId: number): Promise<Answer | null>;
	latestAnswer(memberId: number, questionId: string): Promise<Answer | null>;
	/** The latest answer that was an attempt. */
	latestAttempt(memberId: number, questionId: string): Promise<Answer | null>;
	/** @param books whether the memory books the grade; an answer that booked one before keeps it otherwise */
	setGrade(answerId: number, points: readonly number[] | null, grade: Grade, books: boolean): Promise<void>;
	/** Marks the answer as shared; false if it was already. */
	setShared(answerId: number, at: Date): Promise<boolean>;
	/** The newest occurrence that the answer was an attempt at. */
	occurrenceOf(answerId: number): Promise<Occurrence | null>;
	/** Newest first. */
	history(memberId: number, offset: number, limit: number): Promise<{ answer: Answer; attempt: boolean }[]>;
	historyLength(memberId: number): Promise<number>;
	/** The first answer to each question, for statistics. */
	firstAttempts(
		memberId: number,
	): Promise<{ questionId: string; revision: number; correct: boolean | null; grade: Grade | null; at: Date }[]>;
	recordSeen(workspaceId: number, memberId: number, questionId: string, at: Date, how: Sighting): Promise<void>;
	/** Ids of the questions a member saw last, newest first. */
	seenLately(memberId: number, limit: number): Promise<string[]>;
	/** How many have answered an occurrence, erased members included. */
	countAnswered(occurrenceId: number): Promise<number>;
}

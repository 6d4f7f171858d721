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
	/** Numbered occurrences, ascending. */
	readonly occurrences: readonly Occurrence[];
	readonly marks: MemberMarks;
}

/** All stored data that recording an answer depends on. */
export interface AnswerContext {
	/** The member's latest answer to the question. */
	readonly latest: Pick<Answer, "id" | "at" | "kind" | "grade" | "revision" | "localDate" | "isRepeat"> | null;
	/** When the member last saw the hint. */
	readonly hintedAt: Date | null;
	/** When practice, random or today asked the question; null once it was answered or shown in another way. */
	readonly askedAt: Date | null;
	/** The member's memory of the question. */
	readonly memory: Memory | null;
	/** The member's open practice run. */
	readonly run: PracticeRun | null;
	readonly dates: DateContext;
	/** Open occurrences of the question in the workspace, newest first. Locked, so that their question cannot change. */
	readonly open: readonly OpenOccurrence[];
	/** The member's streaks in the schedules of `open`. Without a streak, the member has no attempt in a schedule yet. */
	readonly streaks: readonly StreakInput[];
}

/** Everything to store for an answer. */
export interface AnswerRecord {
	/** Reserved before; without one, the database gives the next. */
	readonly id?: number;
	readonly answer: NewAnswer & { readonly grade: Grade | null };
	/** Occurrences that the answer attempts. The engine updates their posts' counts at or after `countFrom`. */
	readonly attempts: readonly Occurrence[];
	readonly countFrom: Date;
	/** An earlier answer whose grade this one changes, and whether the memory books the change. */
	readonly regraded: { readonly answerId: number; readonly grade: Grade; readonly books: boolean } | null;
	readonly practice: AnswerPractice;
}

/** How an answer changes the member's practice. */
export interface AnswerPractice {
	/** Fixed when the bot receives the answer. */
	readonly localDate: LocalDate;
	/** Whether it repeats a missed question at the end of a run. */
	readonly isRepeat: boolean;
	/** The memory after the answer; null when there is none. */
	readonly memory: Memory | null;
	/** Whether the memory booked this answer's grade. */
	readonly books: boolean;
	/** The open run after the answer, if it answered the run's current question. */
	readonly run: PracticeRun | null;
}

/**
 * How a member saw a question. `asked`: practice, random or today asked it. `shown`: the member saw it otherwise, answered
 * or revealed it. `hinted` and `options` leave open whether it was asked.
 */
export type SeenHow = "asked" | "shown" | "hinted" | "options";

export interface AnswerStore {
	/** Open occurrences of a question in a workspace at an instant, as one member sees them. */
	openOccurrences(workspaceId: number, memberId: number, questionId: string, at: Date): Promise<OpenOccurrence[]>;
	/** Reads the context of an answer in one statement. The caller must hold the member's lock. */
	contextFor(workspaceId: number, memberId: number, questionId: string, at: Date): Promise<AnswerContext>;
	/** An id for an answer that is about to be stored. */
	reserveId(): Promise<number>;
	/** Stores an answer and its attempts. The caller must hold the member's lock. @returns its id */
	record(record: AnswerRecord): Promise<number>;
	addReveal(memberId: number, occurrence: Occurrence, at: Date, localDate: LocalDate): Promise<void>;
	/** Forgets an occurrence's reveals after its question was replaced: nobody has seen the new question's answer. */
	clearReveals(occurrenceId: number): Promise<void>;
	answer(memberId: number, answerId: number): Promise<Answer | null>;
	latestAnswer(memberId: number, questionId: string): Promise<Answer | null>;
	/** The latest answer that was an attempt. */
	latestAttempt(memberId: number, questionId: string): Promise<Answer | null>;
	/** @param books whether the memory books the grade; if not, an earlier booked grade stays */
	setGrade(answerId: number, points: readonly number[] | null, grade: Grade, books: boolean): Promise<void>;
	/** Marks the answer as shared; false if it was shared already. */
	setShared(answerId: number, at: Date): Promise<boolean>;
	/** The newest occurrence that the answer attempted. */
	occurrenceOf(answerId: number): Promise<Occurrence | null>;
	/** Newest first. */
	history(memberId: number, offset: number, limit: number): Promise<{ answer: Answer; attempt: boolean }[]>;
	historyLength(memberId: number): Promise<number>;
	/** The first answer to each question, for statistics. */
	firstAttempts(
		memberId: number,
	): Promise<{ questionId: string; revision: number; correct: boolean | null; grade: Grade | null; at: Date }[]>;
	/** Records that a member saw a question: `last` refers to it from now on. */
	recordSeen(workspaceId: number, memberId: number, questionId: string, at: Date, how: SeenHow): Promise<void>;
	/** Ids of the questions that a member saw most recently, newest first. */
	seenLately(memberId: number, limit: number): Promise<string[]>;
	/** How many members have answered an occurrence, including erased ones. */
	countAnswered(occurrenceId: number): Promise<number>;
}

/** A practice run: several questions in a row, the missed ones once more at the end. Pure. */
import type { Grade } from "../model.ts";

/** Why a question is in a run; `again` is the repeat of a missed one. */
export type RunReason = "due" | "missed" | "prerequisite" | "new" | "again";

export interface RunStep {
	readonly questionId: string;
	readonly reason: RunReason;
	/** The question that a prerequisite is needed for. */
	readonly neededFor: string | null;
	/** Null until the member has done something with it; `dropped` when it could not be asked any more. */
	readonly outcome: "answered" | "revealed" | "skipped" | "dropped" | null;
	/** What the answer earned, or the member pressed. */
	readonly grade: Grade | null;
}

export interface PracticeRun {
	readonly id: number;
	readonly workspaceId: number;
	readonly memberId: number;
	readonly startedAt: Date;
	/** What was asked for; null: what is due, then new questions. */
	readonly focus: string | null;
	/** How many questions were asked for. */
	readonly wanted: number;
	readonly steps: readonly RunStep[];
	/** Index of the present step; beyond the last one the run is over. */
	readonly position: number;
	/** Null while it is open. */
	readonly endedAt: Date | null;
}

export const stepFor = (questionId: string, reason: RunReason, neededFor: string | null = null): RunStep => ({
	questionId,
	reason,
	neededFor,
	outcome: null,
	grade: null,
});

/** The step that the run stands at; null when it is over. */
export const presentStep = (run: PracticeRun): RunStep | null =>
	run.endedAt === null ? (run.steps[run.position] ?? null) : null;

/** Whether a question is the one that the run stands at. */
export const isPresent = (run: PracticeRun | null, questionId: string): boolean =>
	run !== null && presentStep(run)?.questionId === questionId;

/** Whether an answer to a question now is the repeat of a missed one, which books nothing. */
export const isRepeatOf = (run: PracticeRun | null, questionId: string): boolean =>
	run !== null && isPresent(run, questionId) && presentStep(run)?.reason === "again";

function changed(run: PracticeRun, index: number, changes: Partial<RunStep>): PracticeRun {
	return { ...run, steps: run.steps.map((step, at) => (at === index ? { ...step, ...changes } : step)) };
}

/** The run after its present question was answered or revealed. @param grade null for free text without one */
export function afterOutcome(
	run: PracticeRun,
	questionId: string,
	outcome: "answered" | "revealed",
	grade: Grade | null,
): PracticeRun {
	const step = presentStep(run);
	if (step?.questionId !== questionId) return run;
	// What was answered first counts, as it does for the memory.
	if (step.outcome !== null && step.grade !== null) return run;
	return changed(run, run.position, { outcome: step.outcome ?? outcome, grade });
}

/** The run after the latest answer to a question got a grade. */
export function afterGrade(run: PracticeRun, questionId: string, grade: Grade): PracticeRun {
	const index = run.steps.findLastIndex((step) => step.questionId === questionId && step.outcome === "answered");
	return index < 0 ? run : changed(run, index, { grade });
}

const isMissed = (step: RunStep): boolean => step.reason !== "again" && step.grade === "again";

/** The run one step on. The missed ones come once more behind the last; after those the run is over. */
function advanced(run: PracticeRun, at: Date): PracticeRun {
	const position = run.position + 1;
	const hasRepeats = run.steps.some(({ reason }) => reason === "again");
	const repeats =
		position === run.steps.length && !hasRepeats
			? run.steps.filter(isMissed).map(({ questionId }) => stepFor(questionId, "again"))
			: [];
	const steps = [...run.steps, ...repeats];
	return { ...run, steps, position, endedAt: position >= steps.length ? at : null };
}

/** On to the next question, if this one was answered or revealed. */
export function next(run: PracticeRun, at: Date): PracticeRun {
	const step = presentStep(run);
	return step === null || step.outcome === null ? run : advanced(run, at);
}

/** On to the next question without this one. */
export function skip(run: PracticeRun, at: Date): PracticeRun {
	const step = presentStep(run);
	if (step === null) return run;
	return advanced(step.outcome === null ? changed(run, run.position, { outcome: "skipped" }) : run, at);
}

export const stop = (run: PracticeRun, at: Date): PracticeRun => ({ ...run, endedAt: run.endedAt ?? at });

/**
 * Exchanges the present step while its question cannot be asked: it was retired, or became an open daily question. A
 * repeat is dropped instead.
 * @param substitute a step that is not in the run yet; null when there is none
 */
export function exchange(
	run: PracticeRun,
	isAskable: (questionId: string) => boolean,
	substitute: (run: PracticeRun) => RunStep | null,
	at: Date,
): PracticeRun {
	let now = run;
	for (let step = presentStep(now); step?.outcome === null; step = presentStep(now)) {
		if (isAskable(step.questionId)) break;
		const other = step.reason === "again" ? null : substitute(now);
		now = other ? changed(now, now.position, other) : advanced(changed(now, now.position, { outcome: "dropped" }), at);
	}
	return now;
}

/** The present step's place among those that are asked, from 1, and how many these are. */
export function placeOf(run: PracticeRun): { readonly index: number; readonly of: number } {
	const asked = (step: RunStep) => step.outcome !== "dropped";
	return { index: run.steps.slice(0, run.position + 1).filter(asked).length, of: run.steps.filter(asked).length };
}

/** What came of a run. */
export interface RunSummary {
	/** Questions answered or revealed, each once. */
	readonly done: number;
	/** Those of them that were recalled: graded, and not "again". */
	readonly recalled: number;
	readonly skipped: number;
	/** Ids of the questions done, in their order. */
	readonly questions: readonly string[];
}

export function summaryOf(run: PracticeRun): RunSummary {
	const first = run.steps.filter(({ reason }) => reason !== "again");
	const done = first.filter(({ outcome }) => outcome === "answered" || outcome === "revealed");
	return {
		done: done.length,
		recalled: done.filter(({ grade }) => grade !== null && grade !== "again").length,
		skipped: first.filter(({ outcome }) => outcome === "skipped").length,
		questions: done.map(({ questionId }) => questionId),
	};
}

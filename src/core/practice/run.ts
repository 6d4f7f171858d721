/** A practice run: several questions in a row, then the missed ones once more. Pure. */
import type { Grade } from "../model.ts";
import { counted } from "../text/counted.ts";

/** Why a question is in a run; `again` is the repeat of a missed one. */
export type RunReason = "due" | "missed" | "prerequisite" | "new" | "again";

export interface RunStep {
	readonly questionId: string;
	readonly reason: RunReason;
	/** For a prerequisite: the question that needs it. */
	readonly neededFor: string | null;
	/** Null until the member acts on it; `dropped` when it can no longer be asked. */
	readonly outcome: "answered" | "revealed" | "skipped" | "dropped" | null;
	/** The answer's grade, from its quick check or from the member's own rating. */
	readonly grade: Grade | null;
}

export interface PracticeRun {
	readonly id: number;
	readonly workspaceId: number;
	readonly memberId: number;
	readonly startedAt: Date;
	/** The requested focus; null: due questions, then new ones. */
	readonly focus: string | null;
	/** The requested number of questions. */
	readonly wanted: number;
	readonly steps: readonly RunStep[];
	/** Index of the current step; past the last one, the run is over. */
	readonly position: number;
	/** Null while the run is open. */
	readonly endedAt: Date | null;
}

export const stepFor = (questionId: string, reason: RunReason, neededFor: string | null = null): RunStep => ({
	questionId,
	reason,
	neededFor,
	outcome: null,
	grade: null,
});

/** The current step; null when the run is over. */
export const currentStep = (run: PracticeRun): RunStep | null =>
	run.endedAt === null ? (run.steps[run.position] ?? null) : null;

/** Whether a question is the run's current one. */
export const isCurrent = (run: PracticeRun | null, questionId: string): boolean =>
	run !== null && currentStep(run)?.questionId === questionId;

/** Whether an answer now would repeat a missed question. Repeats book nothing. */
export const isRepeatOf = (run: PracticeRun | null, questionId: string): boolean =>
	run !== null && isCurrent(run, questionId) && currentStep(run)?.reason === "again";

function changed(run: PracticeRun, index: number, changes: Partial<RunStep>): PracticeRun {
	return { ...run, steps: run.steps.map((step, at) => (at === index ? { ...step, ...changes } : step)) };
}

/** The run after its current question is answered or revealed. @param grade null for ungraded free text */
export function afterOutcome(
	run: PracticeRun,
	questionId: string,
	outcome: "answered" | "revealed",
	grade: Grade | null,
): PracticeRun {
	const step = currentStep(run);
	if (step?.questionId !== questionId) return run;
	// The first graded answer counts, as it does for the memory.
	if (step.outcome !== null && step.grade !== null) return run;
	return changed(run, run.position, { outcome: step.outcome ?? outcome, grade });
}

/** The run after the latest answer to a question gets a grade. */
export function afterGrade(run: PracticeRun, questionId: string, grade: Grade): PracticeRun {
	const index = run.steps.findLastIndex((step) => step.questionId === questionId && step.outcome === "answered");
	return index < 0 ? run : changed(run, index, { grade });
}

const isMissed = (step: RunStep): boolean => step.reason !== "again" && step.grade === "again";

/** Moves the run one step on. Missed questions repeat once after the last step; then the run is over. */
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

/** Moves to the next question, if this one was answered, revealed or skipped. */
export function next(run: PracticeRun, at: Date): PracticeRun {
	const step = currentStep(run);
	return step === null || step.outcome === null ? run : advanced(run, at);
}

/** Moves to the next question and marks this one as skipped, unless it has an outcome. */
export function skip(run: PracticeRun, at: Date): PracticeRun {
	const step = currentStep(run);
	if (step === null) return run;
	return advanced(step.outcome === null ? changed(run, run.position, { outcome: "skipped" }) : run, at);
}

export const stop = (run: PracticeRun, at: Date): PracticeRun => ({ ...run, endedAt: run.endedAt ?? at });

/**
 * Replaces the current step if its question can no longer be asked: it was retired, or became an open daily question.
 * Drops the step if it is a repeat or has no substitute.
 * @param substitute returns a step that is not in the run yet, or null when there is none
 */
export function exchange(
	run: PracticeRun,
	isAskable: (questionId: string) => boolean,
	substitute: (run: PracticeRun) => RunStep | null,
	at: Date,
): PracticeRun {
	let now = run;
	for (let step = currentStep(now); step?.outcome === null; step = currentStep(now)) {
		if (isAskable(step.questionId)) break;
		const other = step.reason === "again" ? null : substitute(now);
		now = other ? changed(now, now.position, other) : advanced(changed(now, now.position, { outcome: "dropped" }), at);
	}
	return now;
}

/** "2 of 5"; the repeats of missed questions at the end are counted separately, and announced on the last one before. */
export function placeText(run: PracticeRun): string {
	const { index, of } = placeOf(run);
	if (currentStep(run)?.reason !== "again") {
		const missed = run.position === run.steps.length - 1 ? run.steps.filter(isMissed).length : 0;
		const then = missed === 0 ? "" : `, then ${counted(missed, "missed question")} once more`;
		return `${index} of ${of - repeatsIn(run)}${then}`;
	}
	const repeats = repeatsIn(run);
	return `Missed questions, ${index - (of - repeats)} of ${repeats}`;
}

const repeatsIn = (run: PracticeRun): number =>
	run.steps.filter(({ reason, outcome }) => reason === "again" && outcome !== "dropped").length;

/** The current step's position from 1, and the number of steps. Dropped steps do not count. */
export function placeOf(run: PracticeRun): { readonly index: number; readonly of: number } {
	const asked = (step: RunStep) => step.outcome !== "dropped";
	return { index: run.steps.slice(0, run.position + 1).filter(asked).length, of: run.steps.filter(asked).length };
}

/** The results of a run. */
export interface RunSummary {
	/** Questions graded or revealed, each once. */
	readonly done: number;
	/** Done questions that the member recalled: graded, and not `again`. */
	readonly recalled: number;
	/** Recalled questions that were graded hard. */
	readonly hard: number;
	readonly skipped: number;
	/** Ids of the questions answered in words whose answers have no grade yet: whether they were recalled is unknown. */
	readonly ungraded: readonly string[];
	/** Ids of the questions answered or revealed, in the order of the run. */
	readonly questions: readonly string[];
}

export function summaryOf(run: PracticeRun): RunSummary {
	const first = run.steps.filter(({ reason }) => reason !== "again");
	const acted = first.filter(({ outcome }) => outcome === "answered" || outcome === "revealed");
	const isUngraded = ({ outcome, grade }: RunStep) => outcome === "answered" && grade === null;
	const done = acted.filter((step) => !isUngraded(step));
	return {
		done: done.length,
		recalled: done.filter(({ grade }) => grade !== null && grade !== "again").length,
		hard: done.filter(({ grade }) => grade === "hard").length,
		skipped: first.filter(({ outcome }) => outcome === "skipped").length,
		ungraded: acted.filter(isUngraded).map(({ questionId }) => questionId),
		questions: acted.map(({ questionId }) => questionId),
	};
}

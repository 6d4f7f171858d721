import { UserError } from "../errors.ts";
import type { Answer } from "../model.ts";
import { localDateAt, type Memory } from "../practice/memory.ts";
import { candidates, dueDate, type PracticeInput, planRun } from "../practice/queue.ts";
import { currentStep, exchange, next, type PracticeRun, type RunStep, skip, stop } from "../practice/run.ts";
import { statisticsOf } from "../practice/statistics.ts";
import type { Question } from "../question/question.ts";
import { bankOf } from "../question/workspace-bank.ts";
import type { Asker, ReadServices, Services } from "./services.ts";

/** Default number of questions in a run. */
const USUAL_COUNT = 5;

/** Reads the questions that practice may ask a member now, and the member's memories. */
export async function readPracticeInput(
	services: ReadServices,
	asker: Asker,
	focus: string | null,
	now: Date,
): Promise<PracticeInput> {
	const { store } = services;
	const { workspace, member } = asker;
	const bank = await bankOf(services, workspace.id);
	const [open, memories, dates, first] = await Promise.all([
		store.occurrences.open(workspace.id, null, now),
		store.practice.memories(member.id),
		store.practice.dates(workspace.id, member.id),
		focus === "weak" ? store.answers.firstAttempts(member.id) : [],
	]);
	const daily = new Set(open.map(({ questionId }) => questionId));
	return {
		questions: bank.all().filter(({ id }) => !daily.has(id)),
		memories,
		today: localDateAt(now, dates.zone, dates.latest),
		interviewOn: member.interviewOn,
		weakTags: statisticsOf(first, (id) => bank.get(id)).weakest.map(({ name }) => name),
	};
}

/** How many questions are due for a member. */
export async function dueCount(
	services: ReadServices,
	workspaceId: number,
	memberId: number,
	now: Date,
): Promise<number> {
	const { practice } = services.store;
	const bank = await bankOf(services, workspaceId);
	const [memories, dates] = await Promise.all([practice.memories(memberId), practice.dates(workspaceId, memberId)]);
	const today = localDateAt(now, dates.zone, dates.latest);
	return memories.filter((memory) => {
		const question = bank.get(memory.questionId);
		return question !== undefined && dueDate(question, memory, today, null) <= today;
	}).length;
}

/** The state of a run, with everything that its card shows. */
export interface RunView {
	readonly run: PracticeRun;
	/** The current step; null when the run is over. */
	readonly step: RunStep | null;
	readonly question: Question | null;
	readonly memory: Memory | null;
	/** A free-text answer whose key points are not ticked yet. Practice asks for the ticks first. */
	readonly unticked: Answer | null;
	readonly input: PracticeInput;
}

/** Reads what a run shows now. Writes nothing. */
export async function viewRun(services: ReadServices, asker: Asker, run: PracticeRun, now: Date): Promise<RunView> {
	const input = await readPracticeInput(services, asker, run.focus, now);
	const step = currentStep(run);
	const memory = input.memories.find(({ questionId }) => questionId === step?.questionId) ?? null;
	const waits = step !== null && step.outcome === null && step.reason !== "again" && memory?.untickedOn != null;
	const latest = waits ? await services.store.answers.latestAnswer(asker.member.id, step.questionId) : null;
	return {
		run,
		step,
		question: (step && (await bankOf(services, asker.workspace.id)).get(step.questionId)) ?? null,
		memory,
		unticked: latest?.kind === "text" && latest.grade === null ? latest : null,
		input,
	};
}

/** Replaces the current question if it can no longer be asked, and saves the run if it changed. */
async function settle(tx: Services, asker: Asker, before: PracticeRun, run: PracticeRun, now: Date): Promise<RunView> {
	const input = await readPracticeInput(tx, asker, run.focus, now);
	const askable = new Set(input.questions.map(({ id }) => id));
	const substitute = ({ steps, focus }: PracticeRun): RunStep | null => {
		const used = new Set(steps.map(({ questionId }) => questionId));
		return candidates(input, focus).find(({ questionId }) => !used.has(questionId)) ?? null;
	};
	const settled = exchange(run, (id) => askable.has(id), substitute, now);
	if (settled !== before) await tx.store.practice.saveRun(settled);
	return viewRun(tx, asker, settled, now);
}

/** The result of asking for practice. */
export interface StartedRun {
	/** Null when there is nothing to practise. */
	readonly view: RunView | null;
	readonly input: PracticeInput;
	/** Whether an open run was resumed. */
	readonly resumed: boolean;
	/** Whether an open run was stopped in favour of the new one. */
	readonly replaced: boolean;
}

/** Rolls back a transaction that changed nothing, so that a repeat reads fresh data. */
class NothingToPractise extends Error {
	readonly input: PracticeInput;

	constructor(input: PracticeInput) {
		super("nothing to practise");
		this.name = "NothingToPractise";
		this.input = input;
	}
}

/**
 * Resumes the member's open run, or begins one. A focus or a count always begins a new one.
 * @param count null: the default
 */
export async function startRun(
	services: ReadServices,
	asker: Asker,
	focus: string | null,
	count: number | null,
	now: Date,
): Promise<StartedRun> {
	const begun = beginRun(services, asker, focus, count, now);
	return begun.catch((error: unknown): StartedRun => {
		if (!(error instanceof NothingToPractise)) throw error;
		return { view: null, input: error.input, resumed: false, replaced: false };
	});
}

/** @throws NothingToPractise when there is no question to ask and no open run */
function beginRun(
	services: ReadServices,
	asker: Asker,
	focus: string | null,
	count: number | null,
	now: Date,
): Promise<StartedRun> {
	return services.transaction(
		async (tx): Promise<StartedRun> => {
			const { people, practice } = tx.store;
			const { workspace, member } = asker;
			await people.lockMember(member.id);
			const open = await practice.openRun(member.id);
			if (open && focus === null && count === null) {
				const view = await settle(tx, asker, open, next(open, now), now);
				if (view.step) return { view, input: view.input, resumed: true, replaced: false };
			}
			const input = await readPracticeInput(tx, asker, focus, now);
			const wanted = count ?? USUAL_COUNT;
			const steps = planRun(input, focus, wanted);
			// Commit if an open run has just ended above.
			if (steps.length === 0 && !open) throw new NothingToPractise(input);
			if (steps.length === 0) return { view: null, input, resumed: false, replaced: false };
			const replaced = await practice.openRun(member.id);
			if (replaced) await practice.saveRun(stop(replaced, now));
			const ids = { workspaceId: workspace.id, memberId: member.id };
			const run = await practice.addRun({ ...ids, startedAt: now, focus, wanted, steps, position: 0 });
			const view = await viewRun(tx, asker, run, now);
			return { view, input, resumed: false, replaced: replaced !== null };
		},
		({ view }) => view?.run.id ?? 0,
	);
}

/**
 * Moves the member's open run. If the run has moved past the button's question, for example on another device, `next`
 * and `skip` only show it.
 * @param questionId the question on the button's card; null moves in any case
 * @throws UserError when no run is open
 */
export async function moveRun(
	services: ReadServices,
	asker: Asker,
	move: "next" | "skip" | "stop",
	questionId: string | null,
	now: Date,
): Promise<RunView> {
	return services.transaction(
		async (tx) => {
			await tx.store.people.lockMember(asker.member.id);
			const open = await tx.store.practice.openRun(asker.member.id);
			if (!open)
				throw new UserError("You have no practice run open. Nothing was changed.", "`/nlpq practice` starts one.");
			const isShown = questionId === null || currentStep(open)?.questionId === questionId;
			const moves = { next, skip, stop };
			const moved = isShown || move === "stop" ? moves[move](open, now) : open;
			return settle(tx, asker, open, moved, now);
		},
		({ run }) => run.id,
	);
}

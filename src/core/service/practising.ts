import { UserError } from "../errors.ts";
import type { Answer } from "../model.ts";
import { localDateAt, type Memory } from "../practice/memory.ts";
import { candidates, dueDate, type PracticeInput, planRun } from "../practice/queue.ts";
import { exchange, next, type PracticeRun, presentStep, type RunStep, skip, stop } from "../practice/run.ts";
import { statisticsOf } from "../practice/statistics.ts";
import type { Question } from "../question/question.ts";
import { bankOf } from "../question/workspace-bank.ts";
import type { Asker, ReadServices, Services } from "./services.ts";

/** Questions of a run, unless told. */
const USUAL_COUNT = 5;

/** The questions that practice may ask a member now, and what is known of them. */
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

/** Where a run stands, with all that its card shows. */
export interface RunView {
	readonly run: PracticeRun;
	/** The present step; null when the run is over. */
	readonly step: RunStep | null;
	readonly question: Question | null;
	readonly memory: Memory | null;
	/** Free text that waits for its ticks: practice asks for these first. */
	readonly unticked: Answer | null;
	readonly input: PracticeInput;
}

/** What a run shows now; reads alone. */
export async function viewRun(services: ReadServices, asker: Asker, run: PracticeRun, now: Date): Promise<RunView> {
	const input = await readPracticeInput(services, asker, run.focus, now);
	const step = presentStep(run);
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

/** Looks again whether the present question can be asked, and keeps what has changed. */
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

/** What came of asking for practice. */
export interface StartedRun {
	/** Null when there is nothing to practise. */
	readonly view: RunView | null;
	readonly input: PracticeInput;
	/** Whether an open run was taken up. */
	readonly resumed: boolean;
	/** Whether an open run was ended for it. */
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
 * Takes up the member's open run, or begins one. A focus or a count begins another one in its place.
 * @param count null for the usual one
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

/** @throws NothingToPractise when no run was open either */
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
			// An open run that has just come to its end is kept so.
			if (steps.length === 0 && !open) throw new NothingToPractise(input);
			if (steps.length === 0) return { view: null, input, resumed: false, replaced: false };
			const replaced = await practice.openRun(member.id);
			if (replaced) await practice.saveRun(stop(replaced, now));
			const whose = { workspaceId: workspace.id, memberId: member.id };
			const run = await practice.addRun({ ...whose, startedAt: now, focus, wanted, steps, position: 0 });
			const view = await viewRun(tx, asker, run, now);
			return { view, input, resumed: false, replaced: replaced !== null };
		},
		({ view }) => view?.run.id ?? 0,
	);
}

/**
 * Moves the member's open run. A button names the question that its card showed: on another device the run may be
 * further on, and then it is only shown.
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
			const isShown = questionId === null || presentStep(open)?.questionId === questionId;
			const moves = { next, skip, stop };
			const moved = isShown || move === "stop" ? moves[move](open, now) : open;
			return settle(tx, asker, open, moved, now);
		},
		({ run }) => run.id,
	);
}

import { allDone } from "../all-done.ts";
import { UserError } from "../errors.ts";
import type { Answer, Member, Workspace } from "../model.ts";
import type { Reads } from "../ports/reads.ts";
import { localDateAt, type Memory } from "../practice/memory.ts";
import { candidates, countsOf, type PracticeDay, type PracticeInput, planRun } from "../practice/queue.ts";
import { currentStep, exchange, next, type PracticeRun, type RunStep, skip, stop } from "../practice/run.ts";
import { statisticsOf } from "../practice/statistics.ts";
import type { QuestionBank } from "../question/bank.ts";
import type { Question } from "../question/question.ts";
import { bankAt } from "../question/workspace-bank.ts";
import type { Asker, ReadServices, Transaction } from "./services.ts";

/** Default number of questions in a run. */
const USUAL_COUNT = 5;

/** The part of an asker that practice depends on. */
interface Learner {
	readonly workspace: Pick<Workspace, "id">;
	readonly member: Pick<Member, "id" | "interviewOn">;
}

/** What practice reads: its input, the member's open run, and all questions that can be asked in the workspace. */
interface PracticeRead {
	readonly open: PracticeRun | null;
	readonly input: PracticeInput;
	readonly bank: QuestionBank;
	/** The id reserved for a new run. */
	readonly newRunId: number | null;
}

async function readPractice(
	services: ReadServices,
	{ workspace, member }: Learner,
	focus: string | null,
	now: Date,
	{ reservesId = false } = {},
): Promise<PracticeRead> {
	const { store } = services;
	const [{ run, memories, dates, openQuestions, ownVersion, newRunId }, first] = await allDone(
		store.practice.context(workspace.id, member.id, now, { reservesId }),
		focus === "weak" ? store.answers.firstAttempts(member.id) : [],
	);
	const bank = await bankAt(services, workspace.id, ownVersion);
	const daily = new Set(openQuestions);
	const input = {
		questions: bank.all().filter(({ id }) => !daily.has(id)),
		openDaily: bank.all().filter(({ id }) => daily.has(id)),
		memories,
		today: localDateAt(now, dates.zone, dates.latest),
		interviewOn: member.interviewOn,
		weakTags: focus === "weak" ? statisticsOf(first, (id) => bank.get(id)).weakest.map(({ name }) => name) : [],
	};
	return { open: run, input, bank, newRunId };
}

/** What a run's focus needs: only weak topics need more than what any run reads. */
const readForRun = (services: ReadServices, asker: Asker, { focus }: PracticeRun, read: PracticeRead, now: Date) =>
	focus === "weak" ? readPractice(services, asker, focus, now) : read;

/** Reads the member's dates, which decide when questions come back. */
export async function readPracticeDay(store: Reads, { workspace, member }: Learner, now: Date): Promise<PracticeDay> {
	const dates = await store.practice.dates(workspace.id, member.id);
	return { today: localDateAt(now, dates.zone, dates.latest), interviewOn: member.interviewOn };
}

/** Reads the questions that practice may ask a member now, and the member's memories. */
export async function readPracticeInput(
	services: ReadServices,
	asker: Asker,
	focus: string | null,
	now: Date,
): Promise<PracticeInput> {
	return (await readPractice(services, asker, focus, now)).input;
}

/** How many questions practice would offer a member as due. */
export async function dueCount(services: ReadServices, memberId: number, now: Date): Promise<number> {
	const member = await services.store.people.member(memberId);
	if (!member) return 0;
	const learner = { workspace: { id: member.workspaceId }, member };
	return countsOf((await readPractice(services, learner, null, now)).input).due;
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
	return viewOf(services, asker, run, await readPractice(services, asker, run.focus, now));
}

async function viewOf(
	services: ReadServices,
	asker: Asker,
	run: PracticeRun,
	{ input, bank }: PracticeRead,
): Promise<RunView> {
	const step = currentStep(run);
	const memory = input.memories.find(({ questionId }) => questionId === step?.questionId) ?? null;
	const waits = step !== null && step.outcome === null && step.reason !== "again" && memory?.untickedOn != null;
	const latest = waits ? await services.store.answers.latestAnswer(asker.member.id, step.questionId) : null;
	return {
		run,
		step,
		question: (step && bank.get(step.questionId)) ?? null,
		memory,
		unticked: latest?.kind === "text" && latest.grade === null ? latest : null,
		input,
	};
}

/** Records that a run asks its current question, unless the question has an outcome already. */
function recordStepAsked(tx: Transaction, asker: Asker, run: PracticeRun, now: Date): void {
	const step = currentStep(run);
	if (step?.outcome === null)
		tx.withCommit(tx.store.answers.recordSeen(asker.workspace.id, asker.member.id, step.questionId, now, "asked"));
}

/** Replaces the current question if it can no longer be asked, and saves the run if it changed. */
async function settle(
	tx: Transaction,
	asker: Asker,
	before: PracticeRun,
	run: PracticeRun,
	read: PracticeRead,
	now: Date,
): Promise<RunView> {
	const askable = new Set(read.input.questions.map(({ id }) => id));
	const substitute = ({ steps, focus }: PracticeRun): RunStep | null => {
		const used = new Set(steps.map(({ questionId }) => questionId));
		for (const step of candidates(read.input, focus)) if (!used.has(step.questionId)) return step;
		return null;
	};
	const settled = exchange(run, (id) => askable.has(id), substitute, now);
	if (settled !== before) tx.withCommit(tx.store.practice.saveRun(settled));
	recordStepAsked(tx, asker, settled, now);
	return viewOf(tx, asker, settled, read);
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
			const [, read] = await allDone(
				people.lockMember(member.id),
				readPractice(tx, asker, focus, now, { reservesId: true }),
			);
			const { open } = read;
			const goesOn = open !== null && focus === null && count === null;
			if (goesOn) {
				const view = await settle(tx, asker, open, next(open, now), await readForRun(tx, asker, open, read, now), now);
				if (view.step) return { view, input: view.input, resumed: true, replaced: false };
			}
			const { input, newRunId } = read;
			const wanted = count ?? USUAL_COUNT;
			const steps = planRun(input, focus, wanted);
			// Commit if an open run has just ended above.
			if (steps.length === 0 && !open) throw new NothingToPractise(input);
			if (steps.length === 0) return { view: null, input, resumed: false, replaced: false };
			if (newRunId === null) throw new Error("no id was reserved for the run");
			const run = {
				id: newRunId,
				workspaceId: workspace.id,
				memberId: member.id,
				startedAt: now,
				focus,
				wanted,
				steps,
				position: 0,
				endedAt: null,
			};
			tx.withCommit(practice.addRun(run));
			recordStepAsked(tx, asker, run, now);
			return { view: await viewOf(tx, asker, run, read), input, resumed: false, replaced: !goesOn && open !== null };
		},
		({ view }) => view?.run.id ?? 0,
	);
}

/** A run after a move, and why it did not move: its question is unanswered, or the card was not of this question. */
export interface MovedRun extends RunView {
	readonly stayed: "unanswered" | "elsewhere" | null;
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
): Promise<MovedRun> {
	return services.transaction(
		async (tx) => {
			const locked = tx.store.people.lockMember(asker.member.id);
			const [, read] = await allDone(locked, readPractice(tx, asker, null, now));
			const { open } = read;
			if (!open)
				throw new UserError("You have no practice run open. Nothing was changed.", "`/nlpq practice` starts one.");
			const isShown = questionId === null || currentStep(open)?.questionId === questionId;
			const moves = { next, skip, stop };
			const moved = isShown || move === "stop" ? moves[move](open, now) : open;
			const view = await settle(tx, asker, open, moved, await readForRun(tx, asker, open, read, now), now);
			// A question that can no longer be asked was replaced, which is a move too.
			const isSame = moved === open && view.step?.questionId === currentStep(open)?.questionId;
			return { ...view, stayed: isSame ? (isShown ? "unanswered" : "elsewhere") : null };
		},
		({ run }) => run.id,
	);
}

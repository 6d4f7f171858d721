import { enqueue } from "../daily/enqueue.ts";
import { platformOf } from "../daily/occurrences.ts";
import { FinalError, UserError } from "../errors.ts";
import type { LockedOwnBank, OwnQuestion } from "../ports/own.ts";
import { contentMark, type OwnContent, ownId, sameContent } from "../question/own.ts";
import { settleReportsOn } from "../question/reports.ts";
import type { Asker, ReadServices, Services } from "./services.ts";

/** The most waiting suggestions per member, because an admin reads each. */
export const MAX_WAITING_OF_MEMBER = 5;
/** The most waiting suggestions per workspace. */
export const MAX_WAITING = 50;
/** The most own questions per workspace. */
export const MAX_OWN = 2_000;

const LIST = "`/nlpq questions list` and `/nlpq questions waiting` show what there is, with numbers.";

async function requireRoom(tx: Services, workspaceId: number, wanted: number): Promise<void> {
	const { own } = tx.store;
	const active = await own.count(workspaceId, "active");
	if (active + wanted > MAX_OWN)
		throw new UserError(
			`A workspace holds ${MAX_OWN} questions of its own at most; there are ${active}. Nothing was added.`,
			"Retire some with `/nlpq questions retire`, or add fewer.",
		);
}

/**
 * Records a member's suggestion of a question, and tells the admins.
 * @throws UserError when too many suggestions wait
 */
export function suggestQuestion(
	services: ReadServices,
	{ workspace, member }: Asker,
	content: OwnContent,
	now: Date,
): Promise<OwnQuestion> {
	const { id: workspaceId, platform } = workspace;
	return services.transaction(
		async (tx) => {
			const locked = await tx.store.own.hold(workspaceId);
			const mine = await tx.store.own.waitingOf(workspaceId, member.id);
			if (mine >= MAX_WAITING_OF_MEMBER)
				throw new UserError(
					`${mine} of your suggestions wait for an admin already. Nothing was sent.`,
					"Suggest this one when an admin has decided on one of them.",
				);
			const waiting = await tx.store.own.count(workspaceId, "waiting");
			if (waiting >= MAX_WAITING)
				throw new UserError(
					`${waiting} suggestions wait for the admins already. Nothing was sent.`,
					"Keep the text, and ask an admin to look at `/nlpq questions waiting`.",
				);
			const [added] = await locked.add([{ state: "waiting", content, memberId: member.id, decidedBy: null, at: now }]);
			if (!added) throw new Error("nothing was added");
			await enqueue(tx, platform, { kind: "suggestion", workspaceId, question: added.number }, now);
			return added;
		},
		({ number }) => number,
	);
}

/** Adds an admin's questions, which can be asked right away. Runs inside a transaction. */
export async function addActive(
	tx: Services,
	locked: LockedOwnBank,
	{ workspace, member }: Asker,
	contents: readonly OwnContent[],
	now: Date,
): Promise<OwnQuestion[]> {
	await requireRoom(tx, workspace.id, contents.length);
	const decided = { state: "active" as const, memberId: null, decidedBy: member.id, at: now };
	return locked.add(contents.map((content) => ({ ...decided, content })));
}

/** @throws UserError when there is no room */
export function addQuestion(
	services: ReadServices,
	asker: Asker,
	content: OwnContent,
	now: Date,
): Promise<OwnQuestion> {
	return services.transaction(
		async (tx) => {
			const locked = await tx.store.own.hold(asker.workspace.id);
			const [added] = await addActive(tx, locked, asker, [content], now);
			if (!added) throw new Error("nothing was added");
			return added;
		},
		({ number }) => number,
	);
}

const missing = (number: number) =>
	new FinalError(`There is no question ${ownId(number)} here. Nothing was changed.`, LIST);

async function lockedQuestion(locked: LockedOwnBank, number: number): Promise<OwnQuestion> {
	const question = await locked.get(number);
	if (!question) throw missing(number);
	return question;
}

const DECIDED = { active: "accepted", declined: "declined", retired: "accepted, and retired since" } as const;

/**
 * Records an admin's decision on a suggestion, and tells its author once.
 * @param reason why it is declined; null accepts it
 * @throws UserError when it does not exist, or is already decided
 */
export function decideSuggestion(
	services: ReadServices,
	{ workspace, member }: Asker,
	number: number,
	reason: string | null,
	now: Date,
): Promise<OwnQuestion> {
	const { id: workspaceId } = workspace;
	return services.transaction(
		async (tx) => {
			const locked = await tx.store.own.hold(workspaceId);
			const question = await lockedQuestion(locked, number);
			if (question.state !== "waiting") {
				const by = question.decidedBy !== null && question.decidedBy !== member.id ? "by another admin" : "already";
				throw new UserError(
					`${ownId(number)} was ${DECIDED[question.state]} ${by}. Nothing was changed.`,
					"`/nlpq questions waiting` shows what still waits.",
				);
			}
			if (reason === null) await requireRoom(tx, workspaceId, 1);
			const state = reason === null ? ("active" as const) : ("declined" as const);
			const decided = await locked.change(question, { state, reason, decidedBy: member.id }, now);
			if (question.memberId !== null) {
				const ids = { workspaceId, memberId: question.memberId, question: number };
				await enqueue(tx, await platformOf(tx, workspaceId), { kind: "suggestion-outcome", ...ids }, now);
			}
			return decided;
		},
		(question) => question.number,
	);
}

/** Somebody else edited the question after the form was opened. */
export class EditedMeanwhile extends UserError {
	constructor(number: number) {
		super(
			`Somebody has edited ${ownId(number)} since you opened the form. Nothing was saved.`,
			"Look at what it says now. If your text should replace it, send the form again.",
		);
		this.name = "EditedMeanwhile";
	}
}

/**
 * Edits a question or a suggestion. A question that could already be asked gets a new revision, which closes the reports
 * on older ones.
 * @param change maps the current content to the new one
 * @param seen the mark of the content that the form showed; null when there was no form
 * @throws EditedMeanwhile when somebody changed it after the form was opened
 */
export function editQuestion(
	services: ReadServices,
	{ workspace }: Asker,
	number: number,
	change: (content: OwnContent) => OwnContent,
	seen: string | null,
	now: Date,
): Promise<OwnQuestion> {
	return services.transaction(
		async (tx) => {
			const locked = await tx.store.own.hold(workspace.id);
			const question = await lockedQuestion(locked, number);
			if (question.state === "declined")
				throw new UserError(
					`${ownId(number)} was declined. Nothing was changed.`,
					"`/nlpq questions add` adds it again.",
				);
			if (seen !== null && seen !== contentMark(question.content)) throw new EditedMeanwhile(number);
			const content = change(question.content);
			if (sameContent(content, question.content)) return question;
			const revised = await locked.revise(question, content, now);
			await settleReportsOn(tx, workspace.id, ownId(number), revised.revision, now);
			return revised;
		},
		(question) => question.number,
	);
}

/** Retires a question, so that it is no longer asked, or brings it back. */
export function retireQuestion(
	services: ReadServices,
	{ workspace }: Asker,
	number: number,
	retired: boolean,
	now: Date,
): Promise<OwnQuestion> {
	return services.transaction(
		async (tx) => {
			const locked = await tx.store.own.hold(workspace.id);
			const question = await lockedQuestion(locked, number);
			const newState = retired ? "retired" : "active";
			if (question.state === newState) return question;
			if (question.state !== "active" && question.state !== "retired")
				throw new UserError(`${ownId(number)} is not an accepted question. Nothing was changed.`, LIST);
			if (!retired) await requireRoom(tx, workspace.id, 1);
			return locked.change(question, { state: newState }, now);
		},
		(question) => question.number,
	);
}

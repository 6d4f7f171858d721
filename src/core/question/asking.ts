import { UserError } from "../errors.ts";
import type { Occurrence, Schedule } from "../model.ts";
import type { SeenHow } from "../ports/answers.ts";
import type { Asker, ReadServices } from "../service/services.ts";
import { ofChannel } from "../streak/boards.ts";
import { existingPair, remedyForEmpty } from "./filter-remedy.ts";
import type { Question } from "./question.ts";
import type { QuestionFilter } from "./search.ts";
import { bankOf, questionAt, questionById } from "./workspace-bank.ts";

/** `random` avoids at most this many recently seen questions. */
const MAX_AVOIDED = 30;

/** No daily question is open. */
export class NoOpenQuestion extends UserError {
	/** The schedule that posts next, of those here or in the workspace; null if none does. */
	readonly next: (Schedule & { readonly nextRunAt: Date }) | null;

	constructor(next: NoOpenQuestion["next"]) {
		const instead = "`/nlpq random` gives you one to practise with";
		super(
			"No daily question is open here yet.",
			next
				? `${instead} until the next one comes.`
				: `${instead}; an admin sets a daily one with \`/nlpq schedule add 09:00\`.`,
		);
		this.name = "NoOpenQuestion";
		this.next = next;
	}
}

/** The current version of a question. A retired one is read at `revision`; null if that is null or not stored. */
export async function questionOf(
	services: ReadServices,
	workspaceId: number,
	id: string,
	revision: number | null,
): Promise<Question | null> {
	const question = await questionById(services, workspaceId, id);
	return question ?? (revision === null ? null : questionAt(services, workspaceId, id, revision));
}

/** Open daily questions, newest first: those of the asker's channel, or of the whole workspace if it has none. */
export async function openOccurrences(services: ReadServices, asker: Asker, now: Date): Promise<Occurrence[]> {
	const all = await services.store.occurrences.open(asker.workspace.id, null, now);
	const here = all.filter((occurrence) => occurrence.channelId === asker.channelId);
	return here.length > 0 ? here : all;
}

async function nextSchedule({ store }: ReadServices, asker: Asker): Promise<NoOpenQuestion["next"]> {
	const schedules = ofChannel(await store.schedules.list(asker.workspace.id), asker);
	const active = schedules.flatMap((one) =>
		one.state === "active" && one.nextRunAt ? [{ ...one, nextRunAt: one.nextRunAt }] : [],
	);
	return active.sort((a, b) => a.nextRunAt.getTime() - b.nextRunAt.getTime())[0] ?? null;
}

/**
 * The newest open daily question.
 * @throws NoOpenQuestion
 */
export async function todaysQuestion(
	services: ReadServices,
	asker: Asker,
	now: Date,
): Promise<{ occurrence: Occurrence; question: Question }> {
	for (const occurrence of await openOccurrences(services, asker, now)) {
		const { questionId, questionRevision } = occurrence;
		const question =
			questionId === null ? null : await questionOf(services, asker.workspace.id, questionId, questionRevision);
		if (question) return { occurrence, question };
	}
	throw new NoOpenQuestion(await nextSchedule(services, asker));
}

/**
 * Finds the question for `today`, `last`, an id or a title.
 * @throws UserError when it finds none
 */
export async function resolveQuestion(
	services: ReadServices,
	asker: Asker,
	reference: string,
	now: Date,
): Promise<Question> {
	const typed = reference.trim().toLowerCase();
	if (typed === "today") return (await todaysQuestion(services, asker, now)).question;
	const known = services.bank.get(typed);
	// A workspace's own questions have other ids.
	if (known) return known;
	if (typed !== "last") {
		const { id } = asker.workspace;
		const bank = await bankOf(services, id);
		const open = bank.get(typed) ? [] : await services.store.occurrences.open(id, null, now);
		const retired = open.find((occurrence) => occurrence.questionId === typed);
		const question = retired ? await questionOf(services, id, typed, retired.questionRevision) : null;
		return question ?? bank.find(reference);
	}
	const member = await services.store.people.member(asker.member.id);
	const last = member?.lastQuestionId;
	const question = last ? await questionById(services, asker.workspace.id, last) : undefined;
	if (question) return question;
	throw new UserError("You have not been shown a question yet.", "`/nlpq random` shows you one.");
}

/** Records that a member saw a question: `last` now refers to it, and `random` avoids it for a while. */
export async function recordSeen(
	services: ReadServices,
	asker: Asker,
	question: Question,
	now: Date,
	how: SeenHow,
): Promise<void> {
	await services.store.answers.recordSeen(asker.workspace.id, asker.member.id, question.id, now, how);
}

/**
 * A random question that the member has not seen lately and that is not an open daily question.
 * @throws UserError when the filter admits none
 */
export async function randomQuestion(
	services: ReadServices,
	asker: Asker,
	filter: QuestionFilter,
	now: Date,
): Promise<Question> {
	const [open, bank] = await Promise.all([
		services.store.occurrences.open(asker.workspace.id, null, now),
		bankOf(services, asker.workspace.id),
	]);
	const daily = new Set(open.map((occurrence) => occurrence.questionId));
	const pool = bank.matching(filter).filter((id) => !daily.has(id));
	const met = await services.store.answers.seenLately(asker.member.id, bank.size);
	const inPool = met.filter((id) => pool.includes(id));
	const lately = new Set(inPool.slice(0, Math.min(MAX_AVOIDED, Math.floor(pool.length / 2))));
	const choices = pool.filter((id) => !lately.has(id));
	const question = bank.get(choices[Math.floor(services.random() * choices.length)] ?? "");
	if (question) return question;
	const near = existingPair(services.bank, filter, daily);
	const example = near ? ` For example: \`/nlpq random ${near.category} ${near.difficulty}\`.` : "";
	throw new UserError("No question fits that filter just now.", remedyForEmpty(services.bank, filter) + example);
}

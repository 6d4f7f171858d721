import type { Schedule } from "../model.ts";
import type { OwnEntry } from "../ports/own.ts";
import { ownId } from "../question/own.ts";
import type { Question } from "../question/question.ts";
import type { ReadServices } from "../service/services.ts";
import { type Draw, drawQuestion } from "./rotation.ts";

/** The part of a question that an occurrence stores. */
export type DrawnQuestion = Pick<Question, "id" | "revision">;

/** The schedule settings that decide which questions are eligible. */
export type DrawFilter = Pick<Schedule, "categories" | "difficulties"> & Partial<Pick<Schedule, "source">>;

/** The workspace's own questions that a schedule may draw. */
export async function ownFor(
	services: ReadServices,
	{ workspaceId, source }: Pick<Schedule, "workspaceId"> & Partial<Pick<Schedule, "source">>,
): Promise<readonly OwnEntry[]> {
	if (source === "bank") return [];
	return (await services.store.own.entries([workspaceId])).get(workspaceId) ?? [];
}

/** Ids that a schedule may draw: all of the workspace's own, unfiltered, and the bank's that match the filter. */
export function eligibleFor(
	{ bank }: Pick<ReadServices, "bank">,
	filter: DrawFilter,
	own: readonly OwnEntry[],
): { readonly own: string[]; readonly bank: string[] } {
	return {
		own: filter.source === "bank" ? [] : own.map(({ number }) => ownId(number)),
		bank: filter.source === "ours" ? [] : bank.matching(filter),
	};
}

/** The schedule's next draw. The workspace's own questions come first in each bag. Null when nothing is eligible. */
export function drawFor(
	services: Pick<ReadServices, "bank" | "random">,
	schedule: Schedule,
	own: readonly OwnEntry[],
): { draw: Draw; question: DrawnQuestion } | null {
	const eligible = eligibleFor(services, schedule, own);
	const all = [...eligible.own, ...eligible.bank];
	const draw = drawQuestion(schedule, all, services.random, new Set(eligible.own));
	if (!draw) return null;
	const id = draw.questionId;
	const entry = own.find(({ number }) => ownId(number) === id);
	const revision = entry?.revision ?? services.bank.get(id)?.revision;
	return revision === undefined ? null : { draw, question: { id, revision } };
}

/** A map of the bank: how likely a member is to recall each question on a date. */
import type { LocalDate } from "../calendar/calendar.ts";
import { CATEGORIES, OWN_CATEGORY, type Question } from "../question/question.ts";
import type { Memory } from "./memory.ts";
import type { Retention } from "./retention.ts";

/** A question is firm at this chance or higher: the retention that reviews are planned for. */
const FIRM_RECALL = 0.9;
/** Below this chance it is slipping. */
const SLIPPING = 0.7;

/** How well the member knows one question; `unmet` before the first booking. */
export type Recall = "firm" | "fading" | "slipping" | "unmet";

export interface RecallGroup {
	readonly name: string;
	/** One mark per question, best known first. */
	readonly marks: readonly Recall[];
}

export function recallMark(chance: number | null): Recall {
	if (chance === null) return "unmet";
	if (chance >= FIRM_RECALL) return "firm";
	return chance >= SLIPPING ? "fading" : "slipping";
}

/**
 * The chance that a member recalls a question on a date; null before the first booking. On the date on which it was
 * missed it counts as not recalled: the model speaks of the answer that was read afterwards.
 */
export function recallShown({ questionId, state, grade }: Memory, retention: Retention, on: LocalDate): number | null {
	if (state === null) return null;
	return grade === "again" && state.on === on ? 0 : retention.recallOn(questionId, state, on);
}

/** One group per category, in the bank's order. Omits empty categories. */
export function recallMap(
	questions: readonly Question[],
	memories: readonly Memory[],
	retention: Retention,
	on: LocalDate,
): RecallGroup[] {
	const byId = new Map(memories.map((memory) => [memory.questionId, memory]));
	const chanceOf = ({ id }: Question): number | null => {
		const memory = byId.get(id);
		return memory ? recallShown(memory, retention, on) : null;
	};
	return [...CATEGORIES, OWN_CATEGORY].flatMap((name) => {
		const chances = questions.filter(({ category }) => category === name).map(chanceOf);
		const sorted = chances.sort((one, other) => (other ?? -1) - (one ?? -1));
		return sorted.length > 0 ? [{ name, marks: sorted.map(recallMark) }] : [];
	});
}

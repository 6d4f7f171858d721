import { CATEGORIES, OPTION_LETTERS, type Question, rightOption } from "../../src/core/question/question.ts";

/** A fault of the bank that no single field shows: the question, the place, the fault, and how to fix it. */
export interface LintFault {
	readonly id: string;
	readonly field: string;
	readonly message: string;
}

const ABSOLUTE_WORDS = /\b(always|never|only|all|none|every|impossible|guarantee[sd]?)\b/i;
const CATCH_ALL_OPTION = /\b(all|none|both|neither|any) of (the|these|those)\b|\b[A-D] and [A-D]\b/i;
const FIRST_PERSON_STORY =
	/\b(I|[Ww]e|[Mm]y|[Oo]ur) (led|built|reduced|shipped|saved|cut|worked|was|were|had|convinced|learned)\b/;
/** The largest share of the bank for which one position may be right; checked from this many questions on. */
const POSITION_SHARE = 0.32;
const POSITION_FROM = 40;

function optionFaults(question: Question): LintFault[] {
	const faults: LintFault[] = [];
	const add = (message: string) => faults.push({ id: question.id, field: "mcq.options", message });
	const right = question.mcq.options.find((option) => option.correct);
	const wrong = question.mcq.options.filter((option) => !option.correct);
	if (!right) return faults;
	for (const option of question.mcq.options)
		if (CATCH_ALL_OPTION.test(option.text)) add(`"${option.text}" refers to other options: say the thing itself`);
	const absolute = wrong.filter((option) => ABSOLUTE_WORDS.test(option.text)).length;
	if (absolute > 0 && !ABSOLUTE_WORDS.test(right.text))
		add("an absolute word (always, never, only, all, every …) stands in a wrong option but not in the right one");
	return faults;
}

function linkFaults(question: Question, ids: ReadonlySet<string>): LintFault[] {
	return (["needs", "see"] as const).flatMap((field) =>
		question[field].flatMap((link) => {
			if (link === question.id) return [{ id: question.id, field, message: "links to itself" }];
			return ids.has(link) ? [] : [{ id: question.id, field, message: `"${link}" is not a question of the bank` }];
		}),
	);
}

/** Cycles of `needs`, each as a path back to its start. */
function needCycles(questions: ReadonlyMap<string, Question>): string[][] {
	const cycles: string[][] = [];
	const done = new Set<string>();
	const visit = (id: string, path: string[]): void => {
		const seenAt = path.indexOf(id);
		if (seenAt >= 0) {
			cycles.push([...path.slice(seenAt), id]);
			return;
		}
		if (done.has(id)) return;
		for (const need of questions.get(id)?.needs ?? []) visit(need, [...path, id]);
		done.add(id);
	};
	for (const id of questions.keys()) visit(id, []);
	return cycles;
}

/** Whether some chain of `needs` leads from the question to a basic one. */
function reachesBasic(id: string, questions: ReadonlyMap<string, Question>, seen = new Set<string>()): boolean {
	const question = questions.get(id);
	if (!question || seen.has(id)) return false;
	if (question.difficulty === "basic") return true;
	seen.add(id);
	return question.needs.some((need) => reachesBasic(need, questions, seen));
}

function bankWideFaults(questions: ReadonlyMap<string, Question>): LintFault[] {
	const faults: LintFault[] = [];
	for (const cycle of needCycles(questions))
		faults.push({ id: cycle[0] ?? "", field: "needs", message: `goes in a circle: ${cycle.join(" -> ")}` });
	const bySource = new Map<number, string>();
	for (const question of questions.values()) {
		if (question.source === undefined) continue;
		const other = bySource.get(question.source);
		if (other) faults.push({ id: question.id, field: "source", message: `${question.source} is taken by ${other}` });
		bySource.set(question.source, question.id);
	}
	const spread = rightPositions([...questions.values()]);
	for (const letter of OPTION_LETTERS)
		if (questions.size >= POSITION_FROM && spread[letter] > POSITION_SHARE * questions.size)
			faults.push({
				id: "(bank)",
				field: "mcq.options",
				message: `${letter} is right in ${spread[letter]} of ${questions.size}: spread the right positions evenly`,
			});
	return faults;
}

/** How often each position has the right option. */
export function rightPositions(questions: readonly Question[]): Record<"A" | "B" | "C" | "D", number> {
	const spread = { A: 0, B: 0, C: 0, D: 0 };
	for (const question of questions) spread[rightOption(question)] += 1;
	return spread;
}

/**
 * Checks the rules of the bank that go beyond one field's schema: options that give themselves away, links, the map of
 * `needs`, the spread of right positions, source numbers.
 * @param questions all valid questions, by id
 */
export function lintBank(questions: ReadonlyMap<string, Question>): LintFault[] {
	const ids = new Set(questions.keys());
	const faults: LintFault[] = [];
	for (const question of questions.values()) {
		faults.push(...optionFaults(question), ...linkFaults(question, ids));
		if (question.difficulty === "advanced" && !reachesBasic(question.id, questions))
			faults.push({
				id: question.id,
				field: "needs",
				message: "no chain of needs leads from a basic question to this advanced one",
			});
		if (question.category === "behavioral" && FIRST_PERSON_STORY.test(question.answer))
			faults.push({
				id: question.id,
				field: "answer",
				message: "tells a story of its own: say what a strong answer shows instead",
			});
	}
	faults.push(...bankWideFaults(questions));
	const order = new Map<string, number>(CATEGORIES.map((category, index) => [category, index]));
	const place = (id: string) => order.get(questions.get(id)?.category ?? "") ?? CATEGORIES.length;
	return faults.sort((a, b) => place(a.id) - place(b.id) || a.id.localeCompare(b.id));
}

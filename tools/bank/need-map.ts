import { DIFFICULTIES, type Question } from "../../src/core/question/question.ts";

/** The bank as a graph: its `needs` link each question to those that a member should know before. */
export interface NeedMap {
	/** Questions that are not basic, and that no chain of needs connects to a basic one. */
	readonly unreached: readonly Question[];
	/** Links to a question that is harder than the one that needs it. */
	readonly harder: readonly { readonly id: string; readonly need: string }[];
	/** How many questions have a longest chain of 0, 1, 2 … links. */
	readonly depths: readonly number[];
	/** The bank's longest chain, from its start to the last question. */
	readonly longest: readonly string[];
}

const rank = (question: Question) => DIFFICULTIES.indexOf(question.difficulty);

function reachedFromBasic(questions: ReadonlyMap<string, Question>): Set<string> {
	const reached = new Set<string>();
	for (let before = -1; before < reached.size; ) {
		before = reached.size;
		for (const question of questions.values())
			if (question.difficulty === "basic" || question.needs.some((need) => reached.has(need))) reached.add(question.id);
	}
	return reached;
}

/** The longest chain of needs that ends at each question. A link that closes a cycle is skipped. */
function longestChains(questions: ReadonlyMap<string, Question>): string[][] {
	const chains = new Map<string, string[]>();
	const chainOf = (id: string, above: readonly string[]): string[] => {
		const known = chains.get(id);
		if (known) return known;
		const needs = (questions.get(id)?.needs ?? []).filter((need) => questions.has(need) && !above.includes(need));
		const before = needs.map((need) => chainOf(need, [...above, id]));
		const longest = before.reduce<string[]>((best, chain) => (chain.length > best.length ? chain : best), []);
		const chain = [...longest, id];
		chains.set(id, chain);
		return chain;
	};
	return [...questions.keys()].map((id) => chainOf(id, [id]));
}

/** Computes the map of `needs`. Skips links to questions that do not exist. */
export function needMap(questions: ReadonlyMap<string, Question>): NeedMap {
	const reached = reachedFromBasic(questions);
	const harder = [...questions.values()].flatMap((question) =>
		question.needs.flatMap((need) => {
			const needed = questions.get(need);
			return needed && rank(needed) > rank(question) ? [{ id: question.id, need }] : [];
		}),
	);
	const chains = longestChains(questions);
	const longest = chains.reduce<string[]>((best, chain) => (chain.length > best.length ? chain : best), []);
	const depths = longest.map((_, links) => chains.filter((chain) => chain.length === links + 1).length);
	return { unreached: [...questions.values()].filter(({ id }) => !reached.has(id)), harder, depths, longest };
}

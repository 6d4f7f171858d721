import type { Bank } from "./bank.ts";
import type { Question } from "./question.ts";
import type { QuestionFilter } from "./search.ts";

const named = (values: Iterable<string>): string => [...new Set(values)].join(", ");

/** The first question that matches one of the filter's categories, or else one of its difficulties. */
function pairNear(questions: readonly Question[], { categories = [], difficulties = [] }: QuestionFilter) {
	return (
		questions.find((question) => categories.includes(question.category)) ??
		questions.find((question) => difficulties.includes(question.difficulty)) ??
		questions[0]
	);
}

/** A category and difficulty that the bank does have, close to a filter that admits nothing. */
export function existingPair(bank: Bank, filter: QuestionFilter, without: ReadonlySet<string | null> = new Set()) {
	const question = pairNear(
		bank.all().filter(({ id }) => !without.has(id)),
		filter,
	);
	return question && { category: question.category, difficulty: question.difficulty };
}

/** Suggests alternatives to a filter that admits nothing. Every pair that it names exists. */
export function remedyForEmpty(bank: Bank, filter: QuestionFilter): string {
	const questions = bank.all();
	const lines = [
		...(filter.categories ?? []).flatMap((category) => {
			const levels = named(questions.filter((one) => one.category === category).map(({ difficulty }) => difficulty));
			return levels === "" ? [] : [`\`${category}\` has ${levels}.`];
		}),
		...(filter.difficulties ?? []).flatMap((difficulty) => {
			const categories = named(questions.filter((one) => one.difficulty === difficulty).map((one) => one.category));
			return categories === "" ? [] : [`\`${difficulty}\` questions are in ${categories}.`];
		}),
	];
	return lines.length > 0 ? lines.join(" ") : "Leave out the category or the difficulty.";
}

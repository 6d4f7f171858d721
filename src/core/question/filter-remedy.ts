import type { Bank } from "./bank.ts";
import type { Question } from "./question.ts";
import type { QuestionFilter } from "./search.ts";

const named = (values: Iterable<string>): string => [...new Set(values)].join(", ");

/** Questions of a category and of a difficulty that the bank has, for a filter whose pair it does not have. */
function pairNear(questions: readonly Question[], { categories = [], difficulties = [] }: QuestionFilter) {
	return (
		questions.find((question) => categories.includes(question.category)) ??
		questions.find((question) => difficulties.includes(question.difficulty)) ??
		questions[0]
	);
}

/** A category with a difficulty that the bank does have, as near as may be to a filter that admits nothing. */
export function existingPair(bank: Bank, filter: QuestionFilter, without: ReadonlySet<string | null> = new Set()) {
	const question = pairNear(
		bank.all().filter(({ id }) => !without.has(id)),
		filter,
	);
	return question && { category: question.category, difficulty: question.difficulty };
}

/** What to choose instead of a filter that admits nothing: every pair that it names exists. */
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

import { UserError } from "../errors.ts";
import { editDistance } from "../text/edit-distance.ts";
import type { Question } from "./question.ts";
import { admits, type QuestionFilter, type SearchHit, SearchIndex } from "./search.ts";

/** Questions that can be asked now: the bank's, with or without a workspace's own. */
export interface QuestionBank {
	readonly size: number;
	all(): Question[];
	get(id: string): Question | undefined;
	/** Ids that a filter admits, in the bank's order. */
	matching(filter: QuestionFilter): string[];
	search(words: string, filter?: QuestionFilter): Question[];
	/**
	 * Finds a question by id or title, ignoring case.
	 * @throws UserError that names the nearest questions
	 */
	find(idOrTitle: string): Question;
}

const wordsIn = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];

function isNear(typed: string, word: string): boolean {
	return word.startsWith(typed) || editDistance(typed, word) <= Math.floor(typed.length / 3);
}

/** Questions whose title or id has at least half of the typed words, or nearly. Random hits would only mislead. */
export function closeTo(bank: Pick<QuestionBank, "search">, typed: string): Question[] {
	const words = wordsIn(typed);
	return bank.search(typed).filter(({ id, title }) => {
		const titleWords = [...wordsIn(id), ...wordsIn(title)];
		const found = words.filter((word) => titleWords.some((each) => isNear(word, each)));
		return found.length > 0 && 2 * found.length >= words.length;
	});
}

/** Nothing has that id or title. */
export class UnknownQuestion extends UserError {}

/** Implements `QuestionBank.find` for any bank. @throws UnknownQuestion */
export function findIn(bank: Omit<QuestionBank, "find">, idOrTitle: string): Question {
	const typed = idOrTitle.trim().toLowerCase();
	const exact = bank.get(typed) ?? bank.all().find((question) => question.title.toLowerCase() === typed);
	if (exact) return exact;
	const near = closeTo(bank, typed).slice(0, 3);
	const remedy =
		near.length > 0
			? `Did you mean ${near.map((question) => question.id).join(", ")}?`
			: "`/nlpq search <words>` finds questions by what they are about.";
	throw new UnknownQuestion("There is no question with that name.", remedy);
}

/** Questions in memory: the bank's files, or a workspace's own. */
export class Bank implements QuestionBank {
	readonly #questions: ReadonlyMap<string, Question>;
	/** Built at the first search: that takes a tenth of a second, and many commands never search. */
	#index: SearchIndex | null = null;

	constructor(questions: ReadonlyMap<string, Question>) {
		this.#questions = questions;
	}

	get size(): number {
		return this.#questions.size;
	}

	all(): Question[] {
		return [...this.#questions.values()];
	}

	get(id: string): Question | undefined {
		return this.#questions.get(id);
	}

	matching(filter: QuestionFilter): string[] {
		return this.all()
			.filter((question) => admits(filter, question))
			.map((question) => question.id);
	}

	search(words: string, filter: QuestionFilter = {}): Question[] {
		return this.hits(words, filter).map((hit) => hit.question);
	}

	/** Matches with their scores, best first. */
	hits(words: string, filter: QuestionFilter = {}): SearchHit[] {
		this.#index ??= new SearchIndex(this.#questions);
		return this.#index.search(words, filter);
	}

	find(idOrTitle: string): Question {
		return findIn(this, idOrTitle);
	}
}

import { UserError } from "../errors.ts";
import type { Question } from "./question.ts";
import { admits, type QuestionFilter, type SearchHit, SearchIndex } from "./search.ts";

/** Questions that can be asked now: the bank's alone, or with those of a workspace. */
export interface QuestionBank {
	readonly size: number;
	all(): Question[];
	get(id: string): Question | undefined;
	/** Ids that a filter admits, in the order of the bank. */
	matching(filter: QuestionFilter): string[];
	search(words: string, filter?: QuestionFilter): Question[];
	/**
	 * One question by id or title, in any case.
	 * @throws UserError that names the nearest ones
	 */
	find(idOrTitle: string): Question;
}

/** @throws UserError that names the nearest questions */
export function findIn(bank: Omit<QuestionBank, "find">, idOrTitle: string): Question {
	const wanted = idOrTitle.trim().toLowerCase();
	const exact = bank.get(wanted) ?? bank.all().find((question) => question.title.toLowerCase() === wanted);
	if (exact) return exact;
	const near = bank.search(wanted).slice(0, 3);
	const remedy =
		near.length > 0
			? `Did you mean ${near.map((question) => question.id).join(", ")}?`
			: "`/nlpq search <words>` finds questions by what they are about.";
	throw new UserError("There is no question of that name.", remedy);
}

/** The questions of the files: loaded once, checked, held in memory. */
export class Bank implements QuestionBank {
	readonly #questions: ReadonlyMap<string, Question>;
	/** Made at the first search: it takes a tenth of a second, and many commands never search. */
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

	/** Ids that a filter admits, in the bank's order. */
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

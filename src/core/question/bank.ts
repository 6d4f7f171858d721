import { UserError } from "../errors.ts";
import type { Question } from "./question.ts";
import { admits, type QuestionFilter, SearchIndex } from "./search.ts";

/** The questions that can be asked now: loaded once, checked, held in memory. */
export class Bank {
	readonly #questions: ReadonlyMap<string, Question>;
	readonly #index: SearchIndex;

	constructor(questions: ReadonlyMap<string, Question>) {
		this.#questions = questions;
		this.#index = new SearchIndex(questions);
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

	/** Ids that a filter admits, in the order of the bank. */
	matching(filter: QuestionFilter): string[] {
		return this.all()
			.filter((question) => admits(filter, question))
			.map((question) => question.id);
	}

	search(words: string, filter: QuestionFilter = {}): Question[] {
		return this.#index.search(words, filter).map((hit) => hit.question);
	}

	/**
	 * One question by id or title, in any case.
	 * @throws UserError that names the nearest ones
	 */
	find(idOrTitle: string): Question {
		const wanted = idOrTitle.trim().toLowerCase();
		const exact = this.#questions.get(wanted) ?? this.all().find((question) => question.title.toLowerCase() === wanted);
		if (exact) return exact;
		const near = this.search(wanted).slice(0, 3);
		const remedy =
			near.length > 0
				? `Did you mean ${near.map((question) => question.id).join(", ")}?`
				: "`/nlpq search <words>` finds questions by what they are about.";
		throw new UserError("There is no question of that name.", remedy);
	}
}

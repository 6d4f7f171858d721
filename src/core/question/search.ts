import MiniSearch from "minisearch";
import type { Question } from "./question.ts";

/** Which questions a schedule or search wants; an empty or missing list means all. */
export interface QuestionFilter {
	readonly categories?: readonly string[];
	readonly difficulties?: readonly string[];
}

export interface SearchHit {
	readonly question: Question;
	/** Higher is better; comparable within one search. */
	readonly score: number;
}

/** Whether a filter admits a question. */
export function admits(filter: QuestionFilter, question: Pick<Question, "category" | "difficulty">): boolean {
	const { categories = [], difficulties = [] } = filter;
	return (
		(categories.length === 0 || categories.includes(question.category)) &&
		(difficulties.length === 0 || difficulties.includes(question.difficulty))
	);
}

/** Typos forgiven: two in long words (a swap counts as two), one in short ones, none in very short ones. */
const forgiveness = (term: string): number | boolean => (term.length <= 3 ? false : term.length <= 4 ? 1 : 2);

/** Abbreviations of the field: the long form also finds a title with the short one. */
const LONG_FORMS: Readonly<Record<string, string>> = {
	bpe: "byte pair encoding",
	crf: "conditional random field",
	dpo: "direct preference optimization",
	flashattention: "flash attention",
	gqa: "grouped query attention",
	hmm: "hidden markov model",
	kv: "key value",
	llm: "large language model",
	lora: "low rank adaptation",
	mcp: "model context protocol",
	mla: "multi head latent attention",
	moe: "mixture of experts",
	mqa: "multi query attention",
	ner: "named entity recognition",
	oom: "out of memory",
	pagedattention: "paged attention",
	peft: "parameter efficient fine tuning",
	rag: "retrieval augmented generation",
	rlhf: "reinforcement learning from human feedback",
	rnn: "recurrent neural network",
	rope: "rotary position embedding",
};

function withLongForms(title: string): string {
	const words = title.toLowerCase().match(/[a-z]+/g) ?? [];
	return [title, ...words.flatMap((word) => LONG_FORMS[word] ?? [])].join(" ");
}

/** An index of the bank: ranks by title, prompt, exhibit, tags and answer, and forgives typos. */
export class SearchIndex {
	readonly #index: MiniSearch<Question>;
	readonly #questions: ReadonlyMap<string, Question>;

	constructor(questions: ReadonlyMap<string, Question>) {
		this.#questions = questions;
		this.#index = new MiniSearch<Question>({
			fields: ["id", "title", "tags", "prompt", "exhibit", "answer"],
			extractField: (question, field) => {
				if (field === "tags") return question.tags.join(" ");
				if (field === "title") return withLongForms(question.title);
				return question[field as "id" | "prompt" | "exhibit" | "answer"] ?? "";
			},
			searchOptions: {
				boost: { title: 6, tags: 3, prompt: 2, id: 1 },
				fuzzy: forgiveness,
				prefix: (term) => term.length >= 3,
				weights: { fuzzy: 0.3, prefix: 0.4 },
			},
		});
		this.#index.addAll([...questions.values()]);
	}

	/** Matches, best first; a match of all words beats one of some. */
	search(words: string, filter: QuestionFilter = {}): SearchHit[] {
		const query = words.slice(0, 200);
		const found = this.#index.search(query, {
			combineWith: "AND",
			filter: (hit) => this.#admitted(hit.id, filter),
		});
		const hits =
			found.length > 0 ? found : this.#index.search(query, { filter: (hit) => this.#admitted(hit.id, filter) });
		return hits.flatMap((hit) => {
			const question = this.#questions.get(hit.id);
			return question ? [{ question, score: hit.score }] : [];
		});
	}

	#admitted(id: unknown, filter: QuestionFilter): boolean {
		const question = typeof id === "string" ? this.#questions.get(id) : undefined;
		return question !== undefined && admits(filter, question);
	}
}

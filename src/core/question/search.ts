import MiniSearch from "minisearch";
import type { Question } from "./question.ts";
import { readWish } from "./wish.ts";

/** Limits the questions of a schedule or search. An empty or missing list admits all. */
export interface QuestionFilter {
	readonly categories?: readonly string[];
	readonly difficulties?: readonly string[];
}

export interface SearchHit {
	readonly question: Question;
	/** Higher is better. Comparable only within one search. */
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

/** Allowed typos: none in words of up to 3 letters, one in words of 4, two in longer ones. A swap counts as two. */
const forgiveness = (term: string): number | boolean => (term.length <= 3 ? false : term.length <= 4 ? 1 : 2);

/** Abbreviations in NLP. The index adds the long form to titles that contain the short one. */
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

/** Words of whole sentences, in which people ask. Nearly every question has them, so they say nothing about its subject. */
const FILLERS = new Set(
	`a about an and are between can did difference differences do does explain for from how i in is it its me of on or
	should tell than that the their them there they this to versus vs was we were what whats when where which who why with
	work works would you your`.split(/\s+/),
);

/** A query without its fillers, unless it has nothing else. */
function withoutFillers(query: string): string {
	const words: readonly string[] = MiniSearch.getDefault("tokenize")(query);
	const telling = words.filter((word) => word !== "" && !FILLERS.has(word.toLowerCase()));
	return telling.length > 0 ? telling.join(" ") : query;
}

function withLongForms(title: string): string {
	const words = title.toLowerCase().match(/[a-z]+/g) ?? [];
	return [title, ...words.flatMap((word) => LONG_FORMS[word] ?? [])].join(" ");
}

/** A full-text index of a bank. Ranks by id, title, tags, prompt, exhibit and answer, and allows typos. */
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

	/**
	 * Matches, best first. Falls back to questions that match some words only if none matches all. Fillers change the order
	 * alone, so that a title that is typed in full comes first.
	 */
	search(words: string, filter: QuestionFilter = {}): SearchHit[] {
		const { topic } = readWish(words);
		const query = (topic.length > 0 ? topic.join(" ") : words).slice(0, 200);
		const admitted = { filter: (hit: { id: unknown }) => this.#admitted(hit.id, filter) };
		const telling = withoutFillers(query);
		const all = this.#index.search(telling, { combineWith: "AND", ...admitted });
		const found = all.length > 0 ? all : this.#index.search(telling, admitted);
		const scores = new Map(
			telling === query ? [] : this.#index.search(query, admitted).map(({ id, score }) => [id, score]),
		);
		return found
			.flatMap(({ id, score }) => {
				const question = this.#questions.get(id);
				return question ? [{ question, score: scores.get(id) ?? score }] : [];
			})
			.sort((a, b) => b.score - a.score);
	}

	#admitted(id: unknown, filter: QuestionFilter): boolean {
		const question = typeof id === "string" ? this.#questions.get(id) : undefined;
		return question !== undefined && admits(filter, question);
	}
}

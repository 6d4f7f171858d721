import type { OwnQuestion } from "../ports/own.ts";
import type { ReadServices } from "../service/services.ts";
import { Bank, findIn, type QuestionBank } from "./bank.ts";
import { ownNumber, ownQuestion } from "./own.ts";
import type { Question } from "./question.ts";
import type { QuestionFilter } from "./search.ts";

/** How many workspaces' own questions stay in memory. */
const MAX_HELD = 200;

/** A workspace's own questions, followed by the bank's. */
class JoinedBank implements QuestionBank {
	readonly #own: Bank;
	readonly #bank: Bank;

	constructor(own: Bank, bank: Bank) {
		this.#own = own;
		this.#bank = bank;
	}

	get size(): number {
		return this.#own.size + this.#bank.size;
	}

	all(): Question[] {
		return [...this.#own.all(), ...this.#bank.all()];
	}

	get(id: string): Question | undefined {
		return this.#own.get(id) ?? this.#bank.get(id);
	}

	matching(filter: QuestionFilter): string[] {
		return [...this.#own.matching(filter), ...this.#bank.matching(filter)];
	}

	search(words: string, filter: QuestionFilter = {}): Question[] {
		const hits = [...this.#own.hits(words, filter), ...this.#bank.hits(words, filter)];
		return hits.sort((a, b) => b.score - a.score).map(({ question }) => question);
	}

	find(idOrTitle: string): Question {
		return findIn(this, idOrTitle);
	}
}

interface Held {
	readonly version: string;
	readonly own: Bank;
}

const held = new WeakMap<Bank, Map<number, Held>>();

const asked = (question: OwnQuestion): Question =>
	ownQuestion(question.number, question.revision, question.content, question.changedAt);

async function ownBank({ store, bank }: ReadServices, workspaceId: number, version: string): Promise<Bank> {
	const cache = held.get(bank) ?? new Map<number, Held>();
	held.set(bank, cache);
	const known = cache.get(workspaceId);
	// Move it to the end of the map: the least recently used entry is dropped first.
	cache.delete(workspaceId);
	const questions = async () => (await store.own.active(workspaceId)).map(asked);
	const own =
		known?.version === version ? known.own : new Bank(new Map((await questions()).map((each) => [each.id, each])));
	cache.set(workspaceId, { version, own });
	const [oldest] = cache.keys();
	if (cache.size > MAX_HELD && oldest !== undefined) cache.delete(oldest);
	return own;
}

/** The questions that a workspace can be asked: the bank's and its own, never another workspace's. */
export async function bankOf(services: ReadServices, workspaceId: number): Promise<QuestionBank> {
	return bankAt(services, workspaceId, await services.store.own.version(workspaceId));
}

/** The same for a workspace's version of its own questions that has just been read. */
export async function bankAt(
	services: ReadServices,
	workspaceId: number,
	version: string | null,
): Promise<QuestionBank> {
	if (version === null) return services.bank;
	const own = await ownBank(services, workspaceId, version);
	return own.size === 0 ? services.bank : new JoinedBank(own, services.bank);
}

/** A question that can be asked in a workspace, by its id. */
export async function questionById(
	services: ReadServices,
	workspaceId: number,
	id: string,
): Promise<Question | undefined> {
	const number = ownNumber(id);
	if (number === null) return services.bank.get(id);
	const own = await services.store.own.get(workspaceId, number);
	return own?.state === "active" ? asked(own) : undefined;
}

/** A question at a revision, in a workspace. Also finds retired questions. */
export async function questionAt(
	services: ReadServices,
	workspaceId: number,
	id: string,
	revision: number,
): Promise<Question | null> {
	const number = ownNumber(id);
	if (number === null) return services.store.bank.revision(id, revision);
	const content = await services.store.own.revision(workspaceId, number, revision);
	return content && ownQuestion(number, revision, content, new Date(0));
}

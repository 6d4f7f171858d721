import type { HandledInteraction, UnansweredInteraction } from "../core/ports/interactions.ts";
import type { ReadServices, Services } from "../core/service/services.ts";
import type { Caller } from "./caller.ts";
import type { Call, Outcome, Reply } from "./card.ts";
import { notSavedCard, savedCard } from "./cards/faults.ts";
import type { Command, Context } from "./command.ts";
import type { Contexts, Progress } from "./contexts.ts";
import type { OwedReplies } from "./owed-replies.ts";

/** Read-only services for rebuilding a reply. */
function readOnly({ store, bank, random }: ReadServices): ReadServices {
	return { store, bank, random, transaction: () => Promise.reject(new Error("a reply made again changes nothing")) };
}

interface SavedRepliesParts {
	readonly services: Services;
	readonly commands: readonly Command[];
	readonly observer: { fault(reference: string, command: string, error: unknown): void };
}

/** Rebuilds lost replies from the data that their commands saved. */
export class SavedReplies {
	readonly #parts: SavedRepliesParts;
	readonly #contexts: Contexts;
	readonly #owed: OwedReplies;

	constructor(parts: SavedRepliesParts, contexts: Contexts, owed: OwedReplies) {
		this.#parts = parts;
		this.#contexts = contexts;
		this.#owed = owed;
	}

	/** The reply to an interaction that was already handled. */
	async replyToRepeat(
		handled: HandledInteraction,
		caller: Caller,
		call: Call,
		{ context }: Progress,
	): Promise<Outcome> {
		const { command, effectId, workspaceId } = handled;
		if (command === null) return { type: "reply", reply: { card: notSavedCard(call.command) } };
		const known = context ?? (await this.#contexts.ofKnown(workspaceId, caller.member.externalId).catch(() => null));
		return { type: "reply", reply: await this.rebuild(command, effectId, known) };
	}

	/** Rebuilds the reply of a saved command. */
	async rebuild(name: string, effectId: number | null, context: Context | null): Promise<Reply> {
		try {
			const services = readOnly(this.#parts.services);
			const command = this.#parts.commands.find((each) => each.name === name);
			const reply = context && (await command?.again({ ...context, services }, effectId));
			if (reply) return reply;
		} catch (error) {
			this.#parts.observer.fault(crypto.randomUUID().slice(0, 8), name, error);
		}
		return { card: savedCard(name), data: { saved: name } };
	}

	/** Rebuilds the reply to an interaction whose process died. */
	async replyToLost(interaction: UnansweredInteraction): Promise<Reply> {
		const { key, command, workspaceId, memberExternalId } = interaction;
		if (!(await this.#owed.wasSaved(interaction))) return { card: notSavedCard(command) };
		const handled = await this.#parts.services.store.interactions.handled(key);
		const context = await this.#contexts.ofKnown(workspaceId, memberExternalId);
		return this.rebuild(command, handled?.effectId ?? null, context);
	}
}

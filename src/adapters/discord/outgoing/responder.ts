import {
	type APIModalInteractionResponseCallbackData,
	InteractionResponseType,
	MessageFlags,
	type RawFile,
	type REST,
	RESTJSONErrorCodes,
	Routes,
} from "discord.js";
import type { Card, Reply } from "../../../chat/card.ts";
import type { ConnectionObserver } from "../../../chat/platform.ts";
import type { Choice } from "../incoming/autocomplete.ts";
import type { RenderOptions } from "./controls.ts";
import { isRefusal, refusalCode } from "./faults.ts";
import { FIRST_RESPONSE } from "./limits.ts";
import { type Composer, type OutgoingMessage, sendOrWords } from "./rest.ts";

/** A first response is given up this many milliseconds before Discord's limit: after that it is useless. */
const MARGIN = 200;

/** What the first response has fixed: a private reply, a public reply, or an edit of the control's message. */
export type Acknowledgement = "private" | "public" | "update";

export interface ResponderParts {
	readonly rest: REST;
	/** For messages beside the reply: a request that gets no answer is not repeated. */
	readonly once: REST;
	readonly composer: Composer;
	readonly applicationId: string;
	readonly connection: ConnectionObserver;
}

/** The interaction to answer. */
export interface Ticket {
	readonly id: string;
	readonly token: string;
}

/**
 * Sends everything that answers one interaction: the acknowledgement, the reply, the follow-ups. It needs only the
 * interaction's id and token.
 */
export class Responder {
	readonly #parts: ResponderParts;
	readonly #ticket: Ticket;
	readonly #startedAt = performance.now();
	#acknowledged: Acknowledgement | null = null;

	constructor(parts: ResponderParts, ticket: Ticket) {
		this.#parts = parts;
		this.#ticket = ticket;
	}

	/**
	 * Tells Discord at once that a reply will come.
	 * @returns false when it is too late; true also when the interaction was acknowledged before
	 */
	async acknowledge(how: Acknowledgement): Promise<boolean> {
		this.#acknowledged = how;
		const type =
			how === "update"
				? InteractionResponseType.DeferredMessageUpdate
				: InteractionResponseType.DeferredChannelMessageWithSource;
		return this.#respond({ type, ...(how === "private" ? { data: { flags: MessageFlags.Ephemeral } } : {}) });
	}

	/** Opens a form, which must be the first response. */
	openForm(modal: APIModalInteractionResponseCallbackData): Promise<boolean> {
		return this.#respond({ type: InteractionResponseType.Modal, data: modal });
	}

	suggest(choices: readonly Choice[]): Promise<boolean> {
		return this.#respond({ type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } });
	}

	/** Replies privately as the first response. */
	async answer(card: Card, rendering: RenderOptions): Promise<void> {
		const [first, ...rest] = await this.#parts.composer.compose(card, rendering);
		if (!first) return;
		const done = await sendOrWords(first, ({ body, files }) => {
			const data = { ...body, flags: MessageFlags.Ephemeral };
			return this.#respond({ type: InteractionResponseType.ChannelMessageWithSource, data }, files);
		});
		for (const message of done ? rest : []) await this.#followUp(message);
	}

	async #respond(body: object, files: RawFile[] = []): Promise<boolean> {
		const { id, token } = this.#ticket;
		try {
			const signal = AbortSignal.timeout(FIRST_RESPONSE - MARGIN);
			await this.#parts.rest.post(Routes.interactionCallback(id, token), { body, files, signal, auth: false });
			return true;
		} catch (error) {
			const code = refusalCode(error);
			if (code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged) return true;
			if (code === RESTJSONErrorCodes.UnknownInteraction || (error instanceof Error && error.name === "AbortError"))
				return false;
			throw error;
		} finally {
			this.#parts.connection.acknowledged(performance.now() - this.#startedAt);
		}
	}

	/** Sends the reply after the acknowledgement, then its follow-ups, which are always private. */
	async reply(reply: Reply, rendering: RenderOptions): Promise<void> {
		const messages = await this.#parts.composer.compose(reply.card, rendering, reply.file ?? null);
		// A reply that turned out to be private cannot replace a public acknowledgement, so withdraw that first.
		const turned = this.#acknowledged === "public" && reply.audience !== "channel";
		if (turned) await this.#withdraw();
		for (const [index, message] of messages.entries()) {
			if (index === 0 && !turned) await this.#replace(message);
			else await this.#followUp(message, { isPrivate: turned || this.#acknowledged !== "public" });
		}
		for (let next = reply.followUp; next; next = next.followUp) await this.alsoPrivately(next.card, rendering);
	}

	/** Sends a private reply and leaves the existing one in place. */
	async replyBeside(card: Card, rendering: RenderOptions): Promise<void> {
		for (const message of await this.#parts.composer.compose(card, rendering)) await this.#followUp(message);
	}

	/** Sends one more private message, at most once. */
	async alsoPrivately(card: Card, rendering: RenderOptions): Promise<void> {
		for (const message of await this.#parts.composer.compose(card, rendering))
			await this.#followUp(message, { rest: this.#parts.once }).catch((error: unknown) => {
				// It may have arrived, and a retry would show it twice.
				if (isRefusal(error)) throw error;
			});
	}

	async #replace(message: OutgoingMessage): Promise<void> {
		const { rest, applicationId } = this.#parts;
		const route = Routes.webhookMessage(applicationId, this.#ticket.token, "@original");
		await sendOrWords(message, ({ body, files }) => rest.patch(route, { body, files, auth: false }));
	}

	/** Deletes the acknowledgement. If it is gone already, the member must still get the reply. */
	async #withdraw(): Promise<void> {
		const { rest, applicationId } = this.#parts;
		const route = Routes.webhookMessage(applicationId, this.#ticket.token, "@original");
		await rest.delete(route, { auth: false }).catch((error: unknown) => {
			if (refusalCode(error) !== RESTJSONErrorCodes.UnknownMessage) throw error;
		});
	}

	async #followUp(message: OutgoingMessage, { isPrivate = true, rest = this.#parts.rest } = {}): Promise<void> {
		const route = Routes.webhook(this.#parts.applicationId, this.#ticket.token);
		const privately = isPrivate ? { flags: MessageFlags.Ephemeral } : {};
		await sendOrWords(message, ({ body, files }) =>
			rest.post(route, { body: { ...body, ...privately }, files, auth: false }),
		);
	}
}

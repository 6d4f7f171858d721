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
import type { Composer, OutgoingMessage } from "./rest.ts";

/** Milliseconds before the limit at which a first response is given up: later it counts for nothing. */
const IN_HAND = 200;

/** What the first response has fixed: a private or public reply to come, or the message under the control. */
export type Acknowledgement = "private" | "public" | "update";

export interface ResponderParts {
	readonly rest: REST;
	/** For messages beside the reply: a request without an answer is not repeated. */
	readonly once: REST;
	readonly composer: Composer;
	readonly applicationId: string;
	readonly connection: ConnectionObserver;
}

/** Which interaction is answered. */
export interface Ticket {
	readonly id: string;
	readonly token: string;
}

/**
 * The one path of all answers to one interaction: acknowledge, then reply, then follow up. It needs the interaction's
 * id and token alone.
 */
export class Responder {
	readonly #parts: ResponderParts;
	readonly #ticket: Ticket;
	readonly #begun = performance.now();
	#acknowledged: Acknowledgement | null = null;

	constructor(parts: ResponderParts, ticket: Ticket) {
		this.#parts = parts;
		this.#ticket = ticket;
	}

	/**
	 * Says at once that a reply will come.
	 * @returns false when it is too late for that; an acknowledgement that stands already is as good as ours
	 */
	async acknowledge(how: Acknowledgement): Promise<boolean> {
		this.#acknowledged = how;
		const type =
			how === "update"
				? InteractionResponseType.DeferredMessageUpdate
				: InteractionResponseType.DeferredChannelMessageWithSource;
		return this.#respond({ type, ...(how === "private" ? { data: { flags: MessageFlags.Ephemeral } } : {}) });
	}

	/** Opens a form: only possible as the first response. */
	openForm(modal: APIModalInteractionResponseCallbackData): Promise<boolean> {
		return this.#respond({ type: InteractionResponseType.Modal, data: modal });
	}

	suggest(choices: readonly Choice[]): Promise<boolean> {
		return this.#respond({ type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } });
	}

	/** Answers privately as the first response. */
	async answer(card: Card, rendering: RenderOptions): Promise<void> {
		const [first, ...rest] = await this.#parts.composer.compose(card, rendering);
		if (!first) return;
		const data = { ...first.body, flags: MessageFlags.Ephemeral };
		const done = await this.#respond({ type: InteractionResponseType.ChannelMessageWithSource, data }, first.files);
		for (const message of done ? rest : []) await this.#followUp(message, true);
	}

	async #respond(body: object, files: RawFile[] = []): Promise<boolean> {
		const { id, token } = this.#ticket;
		try {
			const signal = AbortSignal.timeout(FIRST_RESPONSE - IN_HAND);
			await this.#parts.rest.post(Routes.interactionCallback(id, token), { body, files, signal, auth: false });
			return true;
		} catch (error) {
			const code = refusalCode(error);
			if (code === RESTJSONErrorCodes.InteractionHasAlreadyBeenAcknowledged) return true;
			if (code === RESTJSONErrorCodes.UnknownInteraction || (error instanceof Error && error.name === "AbortError"))
				return false;
			throw error;
		} finally {
			this.#parts.connection.acknowledged(performance.now() - this.#begun);
		}
	}

	/** The reply after the acknowledgement, then its follow-up, which is private whatever it says. */
	async reply(reply: Reply, rendering: RenderOptions): Promise<void> {
		const messages = await this.#parts.composer.compose(reply.card, rendering, reply.file ?? null);
		// What was to be public and turned out to be for the member alone takes the place of the public one.
		const turned = this.#acknowledged === "public" && reply.audience !== "channel";
		if (turned) await this.#withdraw();
		for (const [index, message] of messages.entries()) {
			if (index === 0 && !turned) await this.#replace(message);
			else await this.#followUp(message, turned || this.#acknowledged !== "public");
		}
		for (let next = reply.followUp; next; next = next.followUp) await this.alsoPrivately(next.card, rendering);
	}

	/** A private reply beside the one that stands. */
	async replyBeside(card: Card, rendering: RenderOptions): Promise<void> {
		for (const message of await this.#parts.composer.compose(card, rendering)) await this.#followUp(message, true);
	}

	/** One more private message, which is shown once or not at all. */
	async alsoPrivately(card: Card, rendering: RenderOptions): Promise<void> {
		for (const message of await this.#parts.composer.compose(card, rendering))
			await this.#followUp(message, true, this.#parts.once).catch((error: unknown) => {
				// It may have arrived, and another try would show it twice.
				if (isRefusal(error)) throw error;
			});
	}

	async #replace({ body, files }: OutgoingMessage): Promise<void> {
		const { rest, applicationId } = this.#parts;
		await rest.patch(Routes.webhookMessage(applicationId, this.#ticket.token, "@original"), {
			body,
			files,
			auth: false,
		});
	}

	/** What is gone already needs no withdrawal, and must not cost the member the reply. */
	async #withdraw(): Promise<void> {
		const { rest, applicationId } = this.#parts;
		const route = Routes.webhookMessage(applicationId, this.#ticket.token, "@original");
		await rest.delete(route, { auth: false }).catch((error: unknown) => {
			if (refusalCode(error) !== RESTJSONErrorCodes.UnknownMessage) throw error;
		});
	}

	async #followUp({ body, files }: OutgoingMessage, secret: boolean, rest = this.#parts.rest): Promise<void> {
		const { applicationId } = this.#parts;
		const whole = secret ? { ...body, flags: MessageFlags.Ephemeral } : body;
		await rest.post(Routes.webhook(applicationId, this.#ticket.token), { body: whole, files, auth: false });
	}
}

import { RESTJSONErrorCodes } from "discord.js";
import type { Logger } from "pino";
import type { Dispatcher } from "../../../chat/dispatch.ts";
import { REPLY_LEASE_SECONDS, TICKET_LIFETIME } from "../../../chat/owed-replies.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { UnansweredInteraction } from "../../../core/ports/interactions.ts";
import type { Services } from "../../../core/service/services.ts";
import { kindOf } from "../../log.ts";
import { refusalCode } from "./faults.ts";
import { Responder, type ResponderParts } from "./responder.ts";
import type { Tickets } from "./tickets.ts";

const PLATFORM = "discord";
/** In milliseconds. */
const POLL_INTERVAL = 5_000;
/** How many replies to take over at a time. */
const BATCH = 20;
/** A token is not used in its last 30 seconds (here in milliseconds): the reply might come too late. */
const TOKEN_MARGIN = 30_000;

/** Refusals that no retry can fix: the token has expired, or there was no first response for the reply to replace. */
const FINAL_REFUSALS: readonly (number | null)[] = [
	RESTJSONErrorCodes.UnknownWebhook,
	RESTJSONErrorCodes.InvalidWebhookToken,
	RESTJSONErrorCodes.UnknownInteraction,
	RESTJSONErrorCodes.UnknownMessage,
];

/** Whether to give up a reply. Then only the member's next command can tell them the result. */
export const isFinalRefusal = (error: unknown): boolean => FINAL_REFUSALS.includes(refusalCode(error));

export interface LostRepliesParts extends ResponderParts {
	readonly services: Services;
	readonly dispatcher: Dispatcher;
	readonly tickets: Tickets;
	readonly clock: Clock;
	readonly log: Logger;
}

/**
 * Replies that a process owed when it ended. They are rebuilt from what was saved, and sent while their tokens last.
 */
export class LostReplies {
	readonly #parts: LostRepliesParts;
	#timer: NodeJS.Timeout | null = null;
	#looking: Promise<void> | null = null;

	constructor(parts: LostRepliesParts) {
		this.#parts = parts;
	}

	start(): void {
		this.#timer = setInterval(() => void this.look(), POLL_INTERVAL).unref();
		void this.look();
	}

	/** Accepts nothing new, and settles when everything accepted is answered. */
	async stop(): Promise<void> {
		if (this.#timer) clearInterval(this.#timer);
		await this.#looking;
	}

	/** Looks for lost replies. Calls made meanwhile share the same look. Never rejects. */
	look(): Promise<void> {
		this.#looking ??= this.#lookOnce()
			.catch((error: unknown) => this.#parts.log.warn({ kind: kindOf(error) }, "could not look for lost replies"))
			.finally(() => {
				this.#looking = null;
			});
		return this.#looking;
	}

	async #lookOnce(): Promise<void> {
		const { services, clock } = this.#parts;
		const since = new Date(clock.now().getTime() - TICKET_LIFETIME + TOKEN_MARGIN);
		const lost = await services.store.interactions.takeOver(PLATFORM, since, REPLY_LEASE_SECONDS, BATCH);
		for (const interaction of lost) await this.#reply(interaction);
	}

	async #reply(interaction: UnansweredInteraction): Promise<void> {
		const { services, dispatcher, tickets, log } = this.#parts;
		const { key, workspaceId } = interaction;
		const token = tickets.open(interaction.ticket, key);
		if (token === null) return dispatcher.reportLater([key]);
		const isSaved = await dispatcher.wasSaved(interaction);
		const reply = await dispatcher.lostReply(interaction);
		const workspace = await services.store.people.workspace(workspaceId);
		try {
			const responder = new Responder(this.#parts, { id: "", token });
			const rendering = workspace ? { workspaceId: workspace.externalId } : {};
			// The first reply may hold what the member typed: if nothing was saved, keep it and reply beside it.
			if (isSaved) await responder.reply(reply, rendering);
			else await responder.replyBeside(reply.card, rendering);
			await dispatcher.confirmReply({ reportedKeys: [key] });
		} catch (error) {
			log.warn({ key, kind: kindOf(error), code: refusalCode(error) }, "could not deliver a lost reply");
			// After any other error, a later look takes the reply over again.
			if (isFinalRefusal(error)) await dispatcher.reportLater([key]);
		}
	}
}

import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import type { Caller } from "../../../chat/caller.ts";
import { type Call, type Card, type Outcome, plain } from "../../../chat/card.ts";
import { refusalCard } from "../../../chat/cards/faults.ts";
import { pause } from "../../../chat/deadlines.ts";
import type { Dispatcher } from "../../../chat/dispatch.ts";
import { DeliveryFault, type Destination, type Platform } from "../../../chat/platform.ts";
import { answerToTalk, offerCard, readWords, withoutAddress } from "../../../chat/small-talk.ts";
import { UserError } from "../../../core/errors.ts";
import type { Workspace } from "../../../core/model.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Services } from "../../../core/service/services.ts";
import { kindOf } from "../../log.ts";
import type { Servers } from "../install/servers.ts";
import type { Addressed } from "./addressed.ts";

const PLATFORM = "discord";
/** How many messages are remembered, so that one delivered twice is answered once. */
const MAX_REMEMBERED = 2_000;
const SEND_DEADLINE = 9_000;
const MAX_TRIES = 3;
const MAX_WAIT = 10_000;

export interface ListenerParts {
	readonly dispatcher: Dispatcher;
	readonly platform: Platform;
	readonly services: Services;
	readonly servers: Servers;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Answers messages to the bot. Everybody in a channel reads the answer, so it says only what is public. */
export class Listener {
	readonly #parts: ListenerParts;
	readonly #inFlight = new Set<Promise<void>>();
	readonly #seen = new LRUCache<string, true>({ max: MAX_REMEMBERED });

	constructor(parts: ListenerParts) {
		this.#parts = parts;
	}

	/** Accepts a message when it arrives, once. Never throws. */
	take(message: Addressed): void {
		// A resumed connection repeats the events that may have been lost.
		if (this.#seen.has(message.id)) return;
		this.#seen.set(message.id, true);
		const work = this.#handle(message, this.#parts.clock.now())
			.catch((error: unknown) =>
				this.#parts.log.warn({ message: message.id, kind: kindOf(error) }, "could not answer a message"),
			)
			.finally(() => this.#inFlight.delete(work));
		this.#inFlight.add(work);
	}

	/** Settles when everything accepted is answered. */
	async idle(): Promise<void> {
		while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
	}

	async #handle(message: Addressed, receivedAt: Date): Promise<void> {
		const { dispatcher, services } = this.#parts;
		const home = message.guild ? null : await services.store.people.lastWorkspaceOf(PLATFORM, message.author.id);
		const talk = answerToTalk(message.text, dispatcher.commands, services.bank);
		if (talk) return this.#send(message, home, talk.card);
		const call = this.#read(message);
		if (call instanceof UserError) return this.#send(message, home, refusalCard(call, []));
		const offer = this.#offerFor(message, call);
		if (offer) return this.#send(message, home, offer);
		const outcome = await dispatcher.run(await this.#caller(message, home, call, receivedAt), call);
		try {
			await this.#deliver(message, home, call, outcome);
		} catch (error) {
			// The member's next command tells how this one ended.
			await dispatcher.reportLater(outcome.reportedKeys);
			throw error;
		}
		await dispatcher.confirmReply(outcome);
	}

	#read({ text }: Addressed): Call | UserError {
		try {
			const { dispatcher, services } = this.#parts;
			return readWords(withoutAddress(text), dispatcher.commands, services.bank);
		} catch (error) {
			if (error instanceof UserError) return error;
			throw error;
		}
	}

	/** A reply to a message cannot open a form, and in a channel everybody reads it: offer a button instead. */
	#offerFor({ guild }: Addressed, call: Call): Card | null {
		const { dispatcher } = this.#parts;
		const command = dispatcher.command(call.command);
		if (command && dispatcher.opensForm(call)) return offerCard("One press opens the form.", call, command);
		const isPublic = guild === null || command?.audience === "channel";
		return isPublic || !command ? null : offerCard("Press the button: the reply is for you alone.", call, command);
	}

	async #caller(message: Addressed, home: Workspace | null, call: Call, receivedAt: Date): Promise<Caller> {
		const { dispatcher, services, servers } = this.#parts;
		const { author, guild, place, mentioned } = message;
		// No other process can reply to a message, so the member's next command tells how this one ended.
		const interaction = { key: `${PLATFORM}:${message.id}`, repeated: false, owed: { ticket: null } };
		const shared = { interaction, place, mentioned, receivedAt };
		const member = { externalId: author.id, name: author.name };
		if (guild)
			return { ...shared, workspace: { externalId: guild.id, name: guild.name }, member, admin: message.admin };
		if (!home) return { ...shared, workspace: null, member, admin: false };
		const known = await services.store.people.findMember(home.id, author.id);
		const asks = dispatcher.command(call.command)?.asksForRights ?? false;
		const admin = asks ? await servers.isManager(home.externalId, author.id).catch(() => null) : false;
		return {
			...shared,
			workspace: { externalId: home.externalId, name: home.name },
			member: { externalId: author.id, name: known?.name ?? author.name },
			admin: admin ?? false,
			rightsUnknown: admin === null,
		};
	}

	async #deliver(message: Addressed, home: Workspace | null, call: Call, outcome: Outcome): Promise<void> {
		const command = this.#parts.dispatcher.command(call.command);
		const label = command?.label ?? call.command;
		if (outcome.type === "form")
			return this.#send(message, home, offerCard("One press opens the form.", call, { label }));
		// A reply to a message sends no file: a button brings it.
		if (outcome.reply.file) return this.#send(message, home, offerCard("One press brings the file.", call, { label }));
		await this.#send(message, home, outcome.reply.card);
		// In a channel, what follows the card is for the member only.
		let next = message.guild ? undefined : outcome.reply.followUp;
		for (let number = 1; next; number += 1) {
			await this.#send(message, home, next.card, number);
			next = next.followUp;
		}
	}

	/** Replies to the message with a card. The nonce, made from the key, keeps it from arriving twice. */
	async #send(message: Addressed, home: Workspace | null, card: Card, number = 0): Promise<void> {
		const key = `said:${message.id}:${number}`;
		const named: Card = home ? { ...card, blocks: [...card.blocks, serverNote(home)] } : card;
		const [first, ...others] = destinations(message, home);
		if (!first) return;
		await this.#withRetries(() => this.#post(first, named, key)).catch((error: unknown) => {
			const [other] = others;
			if (!other || !(error instanceof DeliveryFault) || error.kind !== "permanent") throw error;
			// Without the permission to read the history, the bot cannot reply to a message: post beside it.
			return this.#post(other, named, key);
		});
	}

	async #post(to: Destination, card: Card, key: string): Promise<void> {
		await this.#parts.platform.post(to, card, key, AbortSignal.timeout(SEND_DEADLINE));
	}

	/** Retries a send that failed or may have failed: Discord refuses a second message with the same nonce. */
	async #withRetries(work: () => Promise<void>): Promise<void> {
		for (let tries = 1; ; tries += 1) {
			try {
				return await work();
			} catch (error) {
				if (!(error instanceof DeliveryFault) || error.kind === "permanent" || tries >= MAX_TRIES) throw error;
				const wait = error.retryAfter ?? 500 * 2 ** tries;
				if (wait > MAX_WAIT) throw error;
				await pause(wait);
			}
		}
	}
}

/** In a direct message a reply names its server. */
const serverNote = (home: Workspace) => ({ type: "note" as const, text: ["Server: ", plain(home.name)] });

function destinations({ id, channelId, guild, author }: Addressed, home: Workspace | null): Destination[] {
	// The buttons of a direct message carry their server.
	if (home) return [{ type: "member", workspaceId: home.externalId, memberId: author.id }];
	const workspaceId = guild?.id ?? "";
	return [
		{ type: "thread", workspaceId, channelId, messageId: id, threadId: null },
		{ type: "channel", workspaceId, channelId },
	];
}

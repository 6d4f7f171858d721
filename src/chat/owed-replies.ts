import { MINUTE } from "../core/durations.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { UnansweredInteraction } from "../core/ports/interactions.ts";
import type { Services } from "../core/service/services.ts";
import type { Block } from "./card.ts";
import { endOfLast } from "./cards/faults.ts";

/** For this many seconds, only the process that received an interaction may reply. */
export const REPLY_LEASE_SECONDS = 20;
/** How long a ticket is valid for a reply, in milliseconds. After that, the member's next command reports the result. */
export const TICKET_LIFETIME = 15 * MINUTE;

/** The result of an interaction whose reply was lost. */
export interface End {
	readonly key: string;
	readonly block: Block;
}

/** Replies that are owed to members on platforms without an inbox. */
export class OwedReplies {
	readonly #services: Services;
	readonly #clock: Clock;

	constructor(services: Services, clock: Clock) {
		this.#services = services;
		this.#clock = clock;
	}

	owe(interaction: UnansweredInteraction): Promise<void> {
		return this.#services.store.interactions.owe(interaction, REPLY_LEASE_SECONDS);
	}

	/**
	 * Whether an interaction has taken effect. If not, takes its key, so that a process wrongly believed dead cannot prove
	 * this answer wrong later.
	 */
	async wasSaved({ key }: Pick<UnansweredInteraction, "key">): Promise<boolean> {
		const { command } = await this.#services.store.interactions.giveUp(key, this.#clock.now());
		return command !== null;
	}

	/** Results of a member's interactions that no process will report. */
	async endsFor(workspaceId: number, memberExternalId: string, without: string): Promise<End[]> {
		const since = new Date(this.#clock.now().getTime() - TICKET_LIFETIME);
		const owed = await this.#services.store.interactions.owedTo(workspaceId, memberExternalId, since);
		const ends: End[] = [];
		for (const interaction of owed) {
			if (interaction.key === without) continue;
			const { key, command } = interaction;
			ends.push({ key, block: endOfLast(command, await this.wasSaved(interaction)) });
		}
		return ends;
	}
}

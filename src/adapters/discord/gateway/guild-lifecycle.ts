import type { Logger } from "pino";
import { pauseHeld } from "../../../core/daily/change-schedule.ts";
import { DAY } from "../../../core/durations.ts";
import type { Schedule } from "../../../core/model.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import { confirmInstallation, endInstallation, greet } from "../../../core/service/installations.ts";
import type { Services } from "../../../core/service/services.ts";

const PLATFORM = "discord";

export interface LifeParts {
	readonly services: Services;
	readonly clock: Clock;
	readonly log: Logger;
}

/** A server, and since when the bot is on it. */
export interface JoinedServer {
	readonly id: string;
	readonly name: string;
	readonly joinedAt: Date;
}

/** Milliseconds after which a greeting would come out of nowhere. */
const NEWLY_JOINED = DAY;

interface Fault {
	readonly fault: string;
	readonly remedy: string;
}

const CHANNEL_GONE: Fault = {
	fault: "The channel is gone",
	remedy: "Choose another with `/nlpq schedule edit`, then resume it",
};

/** What happens to servers and channels, and what follows for their daily questions. */
export class GuildLifecycle {
	readonly #parts: LifeParts;

	constructor(parts: LifeParts) {
		this.#parts = parts;
	}

	/** Thrown out of a server: its questions rest, and its data is due for deletion. */
	async serverGone(guildId: string): Promise<void> {
		const { services, clock, log } = this.#parts;
		const now = clock.now();
		const workspace = await endInstallation(services, PLATFORM, guildId, now, now);
		if (workspace) log.info({ workspace: workspace.id }, "removed from a server: its data will be deleted");
	}

	/** Let into a server, perhaps again after it was removed: it is greeted the first time. */
	async serverJoined({ id, name }: JoinedServer): Promise<void> {
		const { services, clock } = this.#parts;
		await confirmInstallation(services, PLATFORM, id);
		await greet(services, PLATFORM, { externalId: id, name }, null, clock.now());
	}

	/** On a server when the connection began: greeted if the bot was let in while nobody was connected. */
	async serverFound(server: JoinedServer): Promise<void> {
		const age = this.#parts.clock.now().getTime() - server.joinedAt.getTime();
		if (age < NEWLY_JOINED) await this.serverJoined(server);
	}

	async channelGone(guildId: string, channelId: string): Promise<void> {
		await this.#pauseChannel(guildId, channelId, CHANNEL_GONE);
	}

	/** @param missing the permissions that a post needs and no longer has, by Discord's names */
	async permissionLost(guildId: string, channelId: string, missing: readonly string[]): Promise<void> {
		const lost = missing.join(", ");
		await this.#pauseChannel(guildId, channelId, {
			fault: `The bot has lost ${lost} in the channel`,
			remedy: `Give it ${lost} there again, then resume it`,
		});
	}

	/** The channels of a server in which questions are posted now. */
	async channelsInUse(guildId: string): Promise<string[]> {
		const { store } = this.#parts.services;
		const workspace = await store.people.findWorkspace(PLATFORM, guildId);
		if (!workspace) return [];
		const active = (await store.schedules.list(workspace.id)).filter((schedule) => schedule.state === "active");
		return [...new Set(active.map((schedule) => schedule.channelId))];
	}

	async #pauseChannel(guildId: string, channelId: string, fault: Fault): Promise<void> {
		const { services, clock } = this.#parts;
		const { store } = services;
		const workspace = await store.people.findWorkspace(PLATFORM, guildId);
		if (!workspace) return;
		for (const schedule of await store.schedules.inChannel(workspace.id, channelId))
			await this.#pause(schedule, fault, clock.now());
	}

	/** Pauses a schedule, and tells the admins once. One transaction. */
	async #pause({ id }: Schedule, { fault, remedy }: Fault, now: Date): Promise<void> {
		await this.#parts.services.transaction(async (tx) => {
			const held = await tx.store.schedules.lock(id, true);
			if (!held) return;
			await pauseHeld(tx, held, { fault, remedy, alertKey: `paused:${id}:${now.getTime()}` }, now);
		});
	}
}

import type { Logger } from "pino";
import { pauseLocked } from "../../../core/daily/change-schedule.ts";
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

/** A server that the bot has joined, and when. */
export interface JoinedServer {
	readonly id: string;
	readonly name: string;
	readonly joinedAt: Date;
}

/** The bot greets a server at most this long after it joined, in milliseconds: later a greeting would surprise. */
const NEWLY_JOINED = DAY;

interface Fault {
	readonly fault: string;
	readonly remedy: string;
}

const CHANNEL_GONE: Fault = {
	fault: "The channel is gone",
	remedy: "Choose another with `/nlpq schedule edit`",
};

/** Applies changes of servers and channels to their daily questions. */
export class GuildLifecycle {
	readonly #parts: LifeParts;

	constructor(parts: LifeParts) {
		this.#parts = parts;
	}

	/** The bot was removed from a server: its schedules pause, and its data is due for deletion. */
	async serverGone(guildId: string): Promise<void> {
		const { services, clock, log } = this.#parts;
		const now = clock.now();
		const workspace = await endInstallation(services, PLATFORM, guildId, now, now);
		if (workspace) log.info({ workspace: workspace.id }, "removed from a server: its data will be deleted");
	}

	/** The bot was added to a server, perhaps again after a removal. It greets a server only once. */
	async serverJoined({ id, name }: JoinedServer): Promise<void> {
		const { services, clock } = this.#parts;
		await confirmInstallation(services, PLATFORM, id);
		await greet(services, PLATFORM, { externalId: id, name }, null, clock.now());
	}

	/** The connection found a server. The bot greets it if it was added while nobody was connected. */
	async serverFound(server: JoinedServer): Promise<void> {
		const age = this.#parts.clock.now().getTime() - server.joinedAt.getTime();
		if (age < NEWLY_JOINED) await this.serverJoined(server);
	}

	async channelGone(guildId: string, channelId: string): Promise<void> {
		await this.#pauseChannel(guildId, channelId, CHANNEL_GONE);
	}

	/** @param missing Discord's names of the permissions that a post needs and no longer has */
	async permissionLost(guildId: string, channelId: string, missing: readonly string[]): Promise<void> {
		const lost = missing.join(", ");
		await this.#pauseChannel(guildId, channelId, {
			fault: `The bot has lost ${lost} in the channel`,
			remedy: `Give it ${lost} there again`,
		});
	}

	/** The channels of a server in which schedules post now. */
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

	/** Pauses a schedule and tells the admins once, in one transaction. */
	async #pause({ id }: Schedule, { fault, remedy }: Fault, now: Date): Promise<void> {
		await this.#parts.services.transaction(async (tx) => {
			const held = await tx.store.schedules.lock(id);
			if (!held) return;
			await pauseLocked(tx, held, { fault, remedy, alertKey: `paused:${id}:${now.getTime()}` }, now);
		});
	}
}

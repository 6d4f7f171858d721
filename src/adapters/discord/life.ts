import type { Logger } from "pino";
import type { Schedule } from "../../core/model.ts";
import type { Clock, Store } from "../../core/ports.ts";
import { alertAdmins, skipWaiting } from "../../core/service/daily.ts";

const PLATFORM = "discord";

export interface LifeParts {
	readonly store: Store;
	readonly clock: Clock;
	readonly log: Logger;
}

interface Fault {
	readonly fault: string;
	readonly remedy: string;
}

const CHANNEL_GONE: Fault = {
	fault: "The channel is gone",
	remedy: "Choose another with `/nlpq schedule edit`, then resume it",
};

/** What happens to servers and channels, and what follows for their daily questions. */
export class Life {
	readonly #parts: LifeParts;

	constructor(parts: LifeParts) {
		this.#parts = parts;
	}

	/** Thrown out of a server: its questions pause, and its data is due for deletion. */
	async serverGone(guildId: string): Promise<void> {
		const { store, clock, log } = this.#parts;
		const workspace = await store.people.findWorkspace(PLATFORM, guildId);
		if (!workspace) return;
		const now = clock.now();
		for (const schedule of await store.schedules.list(workspace.id))
			await this.#pause(schedule, { fault: "The bot was removed from the server", remedy: "" }, now, false);
		await store.people.removeWorkspace(workspace.id, now);
		log.info({ workspace: workspace.id }, "removed from a server: its data will be deleted");
	}

	/** Invited again in time: the data stays. Its questions go on when an admin resumes them. */
	async serverBack(guildId: string): Promise<void> {
		const { store } = this.#parts;
		const workspace = await store.people.findWorkspace(PLATFORM, guildId);
		if (workspace) await store.people.restoreWorkspace(workspace.id);
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
		const { store } = this.#parts;
		const workspace = await store.people.findWorkspace(PLATFORM, guildId);
		if (!workspace) return [];
		const active = (await store.schedules.list(workspace.id)).filter((schedule) => schedule.state === "active");
		return [...new Set(active.map((schedule) => schedule.channelId))];
	}

	async #pauseChannel(guildId: string, channelId: string, fault: Fault): Promise<void> {
		const { store, clock } = this.#parts;
		const workspace = await store.people.findWorkspace(PLATFORM, guildId);
		if (!workspace) return;
		for (const schedule of await store.schedules.inChannel(workspace.id, channelId))
			await this.#pause(schedule, fault, clock.now(), true);
	}

	/** Pauses a schedule with its settings kept, and tells the admins once. One transaction. */
	async #pause(schedule: Schedule, { fault, remedy }: Fault, now: Date, tell: boolean): Promise<void> {
		await this.#parts.store.transaction(async (store) => {
			const held = await store.schedules.lock(schedule.id, true);
			if (held?.state !== "active") return;
			await skipWaiting(store, schedule.id, fault, now);
			await store.schedules.change(schedule.id, {
				state: "paused",
				pausedUntil: null,
				pauseReason: fault,
				lastFault: fault,
			});
			if (!tell) return;
			const facts = { alert: "paused", schedule: schedule.id, channel: schedule.channelName, fault, remedy };
			await alertAdmins(store, PLATFORM, schedule.workspaceId, `paused:${schedule.id}:${now.getTime()}`, facts, now);
		});
	}
}

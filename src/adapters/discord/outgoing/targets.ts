import { type APIChannel, type REST, RESTJSONErrorCodes, Routes } from "discord.js";
import { DeliveryFault, type Destination, RETRIED } from "../../../chat/platform.ts";
import type { PeopleStore } from "../../../core/ports/people.ts";
import type { Servers } from "../install/servers.ts";
import { deliveryFault, refusalCode } from "./faults.ts";

/** Where to send the messages of a delivery. */
export interface PostTarget {
	readonly channelId: string;
	/** The message to reply to. */
	readonly replyTo: string | null;
}

/** Finds the channels for a destination: threads, direct messages, admins. */
export class Targets {
	readonly #posts: REST;
	readonly #servers: Servers;
	readonly #people: Pick<PeopleStore, "findWorkspace" | "admins">;

	constructor(posts: REST, servers: Servers, people: Pick<PeopleStore, "findWorkspace" | "admins">) {
		this.#posts = posts;
		this.#servers = servers;
		this.#people = people;
	}

	async find(to: Exclude<Destination, { type: "admins" | "arrival" }>, signal: AbortSignal): Promise<PostTarget> {
		switch (to.type) {
			case "channel":
				return { channelId: to.channelId, replyTo: null };
			case "thread":
				return (await this.#hasThread(to.threadId, signal)) && to.threadId !== null
					? { channelId: to.threadId, replyTo: null }
					: { channelId: to.channelId, replyTo: to.messageId };
			case "member":
				return { channelId: await this.#directChannel(to.memberId, signal), replyTo: null };
		}
	}

	async #hasThread(threadId: string | null, signal: AbortSignal): Promise<boolean> {
		if (threadId === null) return false;
		try {
			const thread = await this.#servers.channel(threadId, signal);
			const locked = "thread_metadata" in thread && thread.thread_metadata?.locked === true;
			return !locked;
		} catch (error) {
			if (refusalCode(error) === RESTJSONErrorCodes.UnknownChannel) return false;
			throw error;
		}
	}

	async #directChannel(memberId: string, signal: AbortSignal): Promise<string> {
		const body = { recipient_id: memberId };
		try {
			const channel = (await this.#posts.post(Routes.userChannels(), { body, signal })) as APIChannel;
			return channel.id;
		} catch (error) {
			const fault = deliveryFault(error);
			// Opening a conversation shows nothing to anybody, so it can always be retried.
			if (fault.kind === "uncertain") throw new DeliveryFault("not-sent", fault.message, RETRIED);
			throw fault;
		}
	}

	/** A server's admins: its owner, then those whom the admins have named. */
	async admins(guildId: string, signal: AbortSignal): Promise<string[]> {
		const guild = await this.#servers.guild(guildId, signal).catch((error: unknown) => {
			const fault = deliveryFault(error);
			throw fault.kind === "uncertain" ? new DeliveryFault("not-sent", fault.message, RETRIED) : fault;
		});
		const workspace = await this.#people.findWorkspace("discord", guildId);
		const named = workspace ? await this.#people.admins(workspace.id) : [];
		return [...new Set([guild.owner_id, ...named])];
	}

	/** Looking it up shows nothing to anybody, so it can always be retried. */
	async greetingChannel(guildId: string, signal: AbortSignal): Promise<string | null> {
		return this.#servers.greetingChannel(guildId, signal).catch((error: unknown) => {
			const fault = deliveryFault(error);
			throw fault.kind === "uncertain" ? new DeliveryFault("not-sent", fault.message, RETRIED) : fault;
		});
	}

	async channelsOf(to: Destination, signal: AbortSignal): Promise<string[]> {
		if (to.type !== "admins" && to.type !== "arrival") return [(await this.find(to, signal)).channelId];
		const greeting = to.type === "arrival" ? await this.greetingChannel(to.workspaceId, signal) : null;
		const members = await this.admins(to.workspaceId, signal);
		const direct = await Promise.all(members.map((memberId) => this.#directChannel(memberId, signal)));
		return greeting === null ? direct : [greeting, ...direct];
	}
}

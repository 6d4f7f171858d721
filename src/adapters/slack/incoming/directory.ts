import { LRUCache } from "lru-cache";
import * as z from "zod";
import { resolveZone } from "../../../core/calendar/zones.ts";
import { MINUTE } from "../../../core/durations.ts";
import { beginning } from "../../../core/text/cut.ts";
import type { SlackWeb } from "../transport/web.ts";
import { storable } from "./incoming-text.ts";

/** What Slack knows of a member. */
export interface Person {
	readonly name: string;
	/** An admin or owner of this workspace, not of the one that a guest comes from; null while Slack does not say. */
	readonly admin: boolean | null;
	/** False if the name comes from the interaction, because Slack did not report one. */
	readonly isNameFromSlack: boolean;
	/** An IANA zone; null if Slack does not say. */
	readonly zone: string | null;
}

const CACHE_LIFETIME = 10 * MINUTE;
/** How long the fallback is used after a failed look-up, in milliseconds: unknown rights are soon asked for again. */
const PERSON_FAILURE_LIFETIME = 3_000;
const CHANNEL_FAILURE_LIFETIME = 30_000;
const LOOK_UP_DEADLINE = 1_200;
const MAX_ENTRIES = 20_000;

const userSchema = z.object({
	user: z.object({
		id: z.string(),
		team_id: z.string().optional(),
		name: z.string().default(""),
		tz: z.string().nullish(),
		real_name: z.string().optional(),
		is_admin: z.boolean().optional(),
		is_owner: z.boolean().optional(),
		is_primary_owner: z.boolean().optional(),
		is_stranger: z.boolean().optional(),
		is_restricted: z.boolean().optional(),
		profile: z.object({ display_name: z.string().optional(), real_name: z.string().optional() }).optional(),
		enterprise_user: z.object({ teams: z.array(z.string()).optional() }).optional(),
	}),
});

interface Entry<Value> {
	readonly value: Value;
	readonly until: number;
}

/** A cache of answers. Old ones still serve when Slack does not answer. */
function remembering<Value>(): LRUCache<string, Entry<Value>> {
	return new LRUCache({ max: MAX_ENTRIES });
}

const entryOf = <Value>(value: Value, life: number): Entry<Value> => ({ value, until: performance.now() + life });
const isFresh = (entry: Entry<unknown> | undefined) => entry !== undefined && entry.until > performance.now();

/** Members' names and rights, and channels' names, cached so that few calls are made. */
export class Directory {
	readonly #web: SlackWeb;
	readonly #deadline: number;
	readonly #people = remembering<Person>();
	readonly #channels = remembering<string>();
	readonly #asked = new Map<string, Promise<Person>>();

	/** @param deadlineFactor how many times longer than usual Slack may take */
	constructor(web: SlackWeb, deadlineFactor = 1) {
		this.#web = web;
		this.#deadline = deadlineFactor * LOOK_UP_DEADLINE;
	}

	/**
	 * @param fallback the interaction's name, if Slack does not answer; rights are then the last known ones, or unknown
	 */
	async person(workspaceId: string, memberId: string, fallback: string): Promise<Person> {
		const key = `${workspaceId} ${memberId}`;
		const known = this.#people.get(key);
		if (known && isFresh(known)) return known.value;
		const asked =
			this.#asked.get(key) ??
			this.#ask(key, workspaceId, memberId, known?.value ?? unknownPerson(memberName(fallback) || memberId));
		this.#asked.set(key, asked);
		return asked;
	}

	async #ask(key: string, workspaceId: string, memberId: string, fallback: Person): Promise<Person> {
		try {
			const result = await this.#web.call(
				workspaceId,
				"users.info",
				{ user: memberId },
				AbortSignal.timeout(this.#deadline),
			);
			const person = readPerson(workspaceId, result);
			this.#people.set(key, entryOf(person, CACHE_LIFETIME));
			return person;
		} catch {
			this.#people.set(key, entryOf(fallback, PERSON_FAILURE_LIFETIME));
			return fallback;
		} finally {
			this.#asked.delete(key);
		}
	}

	/** A channel's name. Slack hides the names of private channels in interactions. */
	async channelName(workspaceId: string, channelId: string, given: string): Promise<string> {
		if (given !== "" && given !== "privategroup") return given;
		if (channelId.startsWith("D")) return "directmessage";
		const known = this.#channels.get(`${workspaceId} ${channelId}`);
		if (known && isFresh(known)) return known.value;
		const name = await this.#channel(workspaceId, channelId).catch(() => null);
		const entry = entryOf(name ?? "a private channel", name === null ? CHANNEL_FAILURE_LIFETIME : CACHE_LIFETIME);
		this.#channels.set(`${workspaceId} ${channelId}`, entry);
		return name ?? "a private channel";
	}

	async #channel(workspaceId: string, channelId: string): Promise<string> {
		const result = await this.#web.call(
			workspaceId,
			"conversations.info",
			{ channel: channelId },
			AbortSignal.timeout(this.#deadline),
		);
		return z.object({ channel: z.object({ name: z.string().min(1) }) }).parse(result).channel.name;
	}
}

const unknownPerson = (name: string): Person => ({ name, admin: null, isNameFromSlack: false, zone: null });

/** Longest name that is stored, in characters; Slack's limit is 80. */
const MAX_NAME_LENGTH = 80;

/** Puts a name on one line, without control characters. */
function memberName(text: string): string {
	const name = storable(text)
		.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, " ")
		.trim();
	return beginning(name, MAX_NAME_LENGTH);
}

/** The zone, if we know it too. */
function zoneOf(name: string | null | undefined): string | null {
	const found = name ? resolveZone(name) : null;
	return found && "zone" in found ? found.zone : null;
}

function readPerson(workspaceId: string, result: unknown): Person {
	const { user } = userSchema.parse(result);
	const name = [user.profile?.display_name, user.profile?.real_name, user.real_name, user.name].find((candidate) =>
		candidate?.trim(),
	);
	const teams = [user.team_id, ...(user.enterprise_user?.teams ?? [])];
	const local = user.is_stranger !== true && teams.includes(workspaceId);
	const rights = user.is_admin === true || user.is_owner === true || user.is_primary_owner === true;
	return {
		name: name === undefined ? user.id : memberName(name) || user.id,
		admin: local && rights,
		isNameFromSlack: true,
		zone: zoneOf(user.tz),
	};
}

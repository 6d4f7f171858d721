import type { PeerClock } from "./clock.ts";
import { ApiError } from "./errors.ts";

/** Calls per minute and workspace, by Slack's tiers. */
const TIERS = { 1: 1, 2: 20, 3: 50, 4: 100 } as const;

const METHOD_TIERS: Record<string, keyof typeof TIERS> = {
	"auth.test": 4,
	"chat.getPermalink": 4,
	"chat.postEphemeral": 4,
	"chat.update": 3,
	"chat.delete": 3,
	"conversations.info": 3,
	"conversations.history": 3,
	"conversations.replies": 3,
	"conversations.open": 3,
	"users.info": 4,
	"views.open": 4,
	"views.push": 4,
	"views.update": 4,
	"views.publish": 4,
	"files.getUploadURLExternal": 4,
	"files.completeUploadExternal": 4,
	"team.info": 3,
	"bots.info": 3,
	"oauth.v2.access": 4,
	"apps.connections.open": 1,
};

const MINUTE = 60_000;
const SECOND = 1000;

/** Counts calls per method and workspace, and messages per channel. Neither is limited until a test turns it on. */
export class RateLimits {
	/** Whether Slack's tiers apply, per method and workspace. */
	tiers = false;
	/** Whether chat.postMessage is limited to one per second and channel. */
	perChannel = false;
	/** A method's own limit per minute, even without `tiers`: `{"conversations.history": 1}`. */
	readonly perMinute = new Map<string, number>();
	private readonly clock: PeerClock;
	private readonly calls = new Map<string, number[]>();

	constructor(clock: PeerClock) {
		this.clock = clock;
	}

	/** @throws ApiError ratelimited with Retry-After in whole seconds. */
	count(method: string, workspace: string, channel: string | undefined): void {
		const tier = METHOD_TIERS[method];
		const allowed = this.perMinute.get(method) ?? (this.tiers && tier !== undefined ? TIERS[tier] : undefined);
		// Its tier would limit opening sockets too strictly for a test that reconnects; Slack allows bursts there.
		if (allowed !== undefined && (method !== "apps.connections.open" || this.perMinute.has(method))) {
			this.take(`${method} ${workspace}`, allowed, MINUTE);
		}
		if (this.perChannel && method === "chat.postMessage" && channel !== undefined) {
			this.take(`channel ${workspace} ${channel}`, 1, SECOND);
		}
	}

	private take(key: string, allowed: number, window: number): void {
		const now = this.clock.now();
		const recent = (this.calls.get(key) ?? []).filter((at) => at > now - window);
		this.calls.set(key, recent);
		const [oldest] = recent;
		if (recent.length >= allowed && oldest !== undefined) {
			throw new ApiError("ratelimited", {}, Math.max(1, Math.ceil((oldest + window - now) / SECOND)));
		}
		recent.push(now);
	}
}

import { ManualClock } from "../../src/adapters/clock.ts";
import type { OpenDatabase } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import type { Caller } from "../../src/chat/caller.ts";
import type { Card } from "../../src/chat/card.ts";
import type { Command } from "../../src/chat/command.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { Dispatcher, type Throttle } from "../../src/chat/dispatch.ts";
import type { Destination, Platform, Posted } from "../../src/chat/platform.ts";
import { createServices } from "../../src/core/service/services.ts";
import { bankOf, realBank } from "./bank.ts";
import { testRandom } from "./dice.ts";
import { openWithBank } from "./postgres.ts";

/** Records what is posted, for tests of the code that all platforms share. */
export class KeepingPlatform implements Platform {
	readonly name: string;
	readonly posts: { to: Destination; card: Card; key: string }[] = [];
	readonly edits: { messageId: string; card: Card }[] = [];

	constructor(name = "terminal") {
		this.name = name;
	}

	async post(to: Destination, card: Card, key: string): Promise<Posted> {
		this.posts.push({ to, card, key });
		return { messageId: `message ${this.posts.length}`, threadId: null };
	}

	async lookUp(_to: Destination, key: string): Promise<Posted | "absent"> {
		const index = this.posts.findIndex((post) => post.key === key);
		return index < 0 ? "absent" : { messageId: `message ${index + 1}`, threadId: null };
	}

	async edit(_to: Destination, messageId: string, card: Card): Promise<void> {
		this.edits.push({ messageId, card });
	}

	async check() {
		return [{ name: "channel", ok: true, remedy: "" }];
	}
}

export interface ChatOptions {
	readonly throttle?: Throttle;
	/** Replaces the program's own commands. */
	readonly commands?: readonly Command[];
	readonly start?: Date;
	/** Replaces the terminal. */
	readonly platform?: KeepingPlatform;
	/** The same draws in every run by default. */
	readonly random?: () => number;
	/** Limits the bank to these questions. */
	readonly isAsked?: (questionId: string) => boolean;
	/** Replaces a new database on the real server. */
	readonly database?: Pick<OpenDatabase, "db" | "close">;
}

/** All that the platforms share, with its own database and a clock that the test sets. */
export async function openChat(options: ChatOptions = {}) {
	const platform = options.platform ?? new KeepingPlatform();
	return { ...(await openChatOn(platform, options)), platform };
}

/** The same on any platform, such as that of a new adapter. */
export async function openChatOn(
	platform: Platform,
	{
		throttle,
		database,
		commands = COMMANDS,
		start = new Date("2027-03-08T08:00:00Z"),
		random = testRandom(),
		isAsked,
	}: Omit<ChatOptions, "platform"> = {},
) {
	const { db, close } = database ?? (await openWithBank());
	const store = createStore(db);
	const bank = isAsked ? await bankOf(isAsked) : await realBank();
	const clock = new ManualClock(start);
	const services = createServices(store, bank, random);
	await store.transaction((transaction) => transaction.bank.synchronise(bank.all(), start));
	const faults: unknown[] = [];
	const observer = { delivered: () => undefined, fault: (_what: string, error: unknown) => void faults.push(error) };
	const daily = new DailyEngine({ services, platforms: [platform], clock, worker: "test", observer });
	const dispatcher = new Dispatcher({
		services,
		clock,
		commands,
		platform,
		daily,
		observer: { ran: () => undefined, fault: (_reference, _command, error) => void faults.push(error) },
		...(throttle ? { throttle } : {}),
	});
	const caller = (name: string, admin = false, workspace = "home"): Caller => ({
		interaction: { key: crypto.randomUUID(), repeated: false, owed: null },
		workspace: { externalId: workspace, name: workspace },
		member: { externalId: name, name },
		admin,
		place: { kind: "channel", channelId: "general", channelName: "general" },
		mentioned: new Map(),
		receivedAt: clock.now(),
	});
	return { db, store, bank, services, clock, daily, dispatcher, caller, faults, close };
}

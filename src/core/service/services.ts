import type { Bank } from "../bank.ts";
import type { Member, Workspace } from "../model.ts";
import type { Random, Store } from "../ports.ts";

/** What the question service stands on. It has no clock: every entry takes `now`. */
export interface Services {
	readonly store: Store;
	readonly bank: Bank;
	readonly random: Random;
}

/** On whose behalf something is done. */
export interface Asker {
	readonly workspace: Workspace;
	readonly member: Member;
	/** The channel asked in; null in a direct message. */
	readonly channelId: string | null;
}

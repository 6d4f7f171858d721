/** Identifies an interaction and its member: never its words, never the reply. */
export interface InteractionRecord {
	/** The same for every delivery of one interaction. */
	readonly key: string;
	readonly workspaceId: number;
	/** Null once the member was forgotten. */
	readonly memberId: number | null;
	/** The command's name. */
	readonly command: string;
	/** The instant of receipt. */
	readonly at: Date;
}

/** An interaction that will have no further effect. */
export interface HandledInteraction {
	readonly key: string;
	readonly workspaceId: number | null;
	readonly memberId: number | null;
	/** The command that it ran; null when it was given up and has had no effect. */
	readonly command: string | null;
	/** The row that its effect created or changed, such as an answer or a schedule; null when the command names none. */
	readonly effectId: number | null;
	readonly at: Date;
}

/** An interaction whose reply is still owed, on a platform that keeps no inbox. */
export interface UnansweredInteraction extends Omit<InteractionRecord, "memberId"> {
	readonly platform: string;
	/** The member's id on the platform. */
	readonly memberExternalId: string;
	/** What lets another process reply, sealed; null when nothing does. */
	readonly ticket: string | null;
}

/**
 * Which interactions have taken effect, and which are owed a reply. An interaction's key is written in the transaction of
 * its effect, so both exist or neither does.
 */
export interface InteractionStore {
	/** Inside the transaction of the effect: takes the key. False when it was taken before; then nothing may be done. */
	handle(interaction: InteractionRecord): Promise<boolean>;
	/** Inside the same transaction: names the row of the effect. */
	nameEffect(key: string, effectId: number): Promise<void>;
	/** Takes the key without an effect, for good, unless it was taken before. Returns what then stands there. */
	giveUp(key: string, at: Date): Promise<HandledInteraction>;
	handled(key: string): Promise<HandledInteraction | null>;
	/** Forgets keys that were taken before an instant, a bounded number at a time; returns how many. */
	forgetHandledBefore(before: Date, limit: number): Promise<number>;

	/** Notes that a reply is owed: by this process for a number of seconds of the database's clock, then by any. */
	owe(interaction: UnansweredInteraction, seconds: number): Promise<void>;
	/** The member was told. */
	settle(keys: readonly string[]): Promise<void>;
	/** No other process can reply: the member's next command tells. */
	dropTickets(keys: readonly string[]): Promise<void>;
	/** Takes over replies with a ticket that another process has abandoned, oldest first. */
	takeOver(platform: string, receivedSince: Date, seconds: number, limit: number): Promise<UnansweredInteraction[]>;
	/** Replies owed to a member that no process will send, oldest first. */
	owedTo(workspaceId: number, memberExternalId: string, receivedSince: Date): Promise<UnansweredInteraction[]>;
	/** All replies owed on a platform, oldest first: for a process that knows it is alone. */
	owedOn(platform: string): Promise<UnansweredInteraction[]>;
	forgetOwedBefore(before: Date, limit: number): Promise<number>;
}

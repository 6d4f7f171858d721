/** What an interaction is known by, and whose it was: never its words, and never the reply. */
export interface InteractionFacts {
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
	/** The row that stands for its effect, such as the answer or the schedule; null when the command names none. */
	readonly effectId: number | null;
	readonly at: Date;
}

/** An interaction whose reply is still owed, on a platform that keeps no inbox. */
export interface UnansweredInteraction extends Omit<InteractionFacts, "memberId"> {
	readonly platform: string;
	/** The member's id on the platform. */
	readonly memberExternalId: string;
	/** What lets another process reply, sealed; null when nothing does. */
	readonly ticket: string | null;
}

/**
 * Which interactions have acted, and which are owed a reply. The key's row is written in the transaction of the effect,
 * so there is one exactly when there is the other.
 */
export interface InteractionStore {
	/** Inside the transaction of the effect: takes the key. False when it was taken before; then nothing may be done. */
	handle(interaction: InteractionFacts): Promise<boolean>;
	/** Inside the same transaction: names the row that stands for the effect. */
	nameEffect(key: string, effectId: number): Promise<void>;
	/** Takes the key without an effect, for good, unless it was taken before. Returns what then stands there. */
	giveUp(key: string, at: Date): Promise<HandledInteraction>;
	handled(key: string): Promise<HandledInteraction | null>;
	/** Forgets keys that were taken before an instant, a bounded number at a time; returns how many. */
	forgetHandledBefore(before: Date, limit: number): Promise<number>;

	/** Notes that a reply is owed; for so many seconds by the database's clock it is this process that owes it. */
	owe(interaction: UnansweredInteraction, seconds: number): Promise<void>;
	/** The member was told. */
	settle(keys: readonly string[]): Promise<void>;
	/** No other process can reply to them: only the member's next command can tell. */
	dropTickets(keys: readonly string[]): Promise<void>;
	/** Takes over replies that another process owes and no longer works on, those with a ticket, oldest first. */
	takeOver(platform: string, receivedSince: Date, seconds: number, limit: number): Promise<UnansweredInteraction[]>;
	/** What a member is owed and nobody else will tell, oldest first. */
	owedTo(workspaceId: number, memberExternalId: string, receivedSince: Date): Promise<UnansweredInteraction[]>;
	/** All that is owed on a platform, oldest first: for one who knows that no other process works on it. */
	owedOn(platform: string): Promise<UnansweredInteraction[]>;
	forgetOwedBefore(before: Date, limit: number): Promise<number>;
}

/** Identifies an interaction and its member. Never contains the member's words or the reply. */
export interface InteractionRecord {
	/** The idempotency key: the same each time the platform delivers an interaction. */
	readonly key: string;
	readonly workspaceId: number;
	/** Null after the member was forgotten. */
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
	/** The command that it ran; null if it was given up without an effect. */
	readonly command: string | null;
	/** Id of the row that its effect created or changed, such as an answer; null if the command names none. */
	readonly effectId: number | null;
	readonly at: Date;
}

/** An interaction that still awaits its reply, on a platform without an inbox of its own. */
export interface UnansweredInteraction extends Omit<InteractionRecord, "memberId"> {
	readonly platform: string;
	/** The member's id on the platform. */
	readonly memberExternalId: string;
	/** The encrypted token that lets another process reply; null when no other process can. */
	readonly ticket: string | null;
}

/**
 * Records which interactions have taken effect and which still await a reply. An interaction's key is written in the
 * transaction of its effect, so that both exist or neither does.
 */
export interface InteractionStore {
	/**
	 * Takes the key, inside the transaction of the effect: the statement is sent before this returns, so that it is the
	 * transaction's first. False when it was already taken: then do nothing.
	 */
	handle(interaction: InteractionRecord): Promise<boolean>;
	/** Names the row of the effect, inside the same transaction. */
	nameEffect(key: string, effectId: number): Promise<void>;
	/** Takes the key without an effect, permanently, unless it is already taken. @returns the record now under the key */
	giveUp(key: string, at: Date): Promise<HandledInteraction>;
	handled(key: string): Promise<HandledInteraction | null>;
	/** Deletes at most `limit` keys taken before an instant. @returns how many */
	forgetHandledBefore(before: Date, limit: number): Promise<number>;

	/**
	 * Records a reply to send: by this process for `seconds` of the database's clock, and after that by any process. Sent
	 * before it returns.
	 */
	owe(interaction: UnansweredInteraction, seconds: number): Promise<void>;
	/** Records that the members got these replies. */
	settle(keys: readonly string[]): Promise<void>;
	/** Records that no other process can send these replies: the member reads them with the next command. */
	dropTickets(keys: readonly string[]): Promise<void>;
	/** Takes over replies that another process abandoned and that have a ticket, oldest first. */
	takeOver(platform: string, receivedSince: Date, seconds: number, limit: number): Promise<UnansweredInteraction[]>;
	/** A member's outstanding replies that no process will send, oldest first. */
	owedTo(workspaceId: number, memberExternalId: string, receivedSince: Date): Promise<UnansweredInteraction[]>;
	/** All outstanding replies on a platform, oldest first. For a process that knows it is the only one. */
	owedOn(platform: string): Promise<UnansweredInteraction[]>;
	forgetOwedBefore(before: Date, limit: number): Promise<number>;
}

/**
 * Something that the user can mend: what happened, and the remedy.
 * Both texts are shown as they are; neither may carry a secret or a member's free text.
 */
export class UserError extends Error {
	readonly remedy: string;
	/** The option at fault, where it is one: a form shows the error beside that field. */
	readonly field: string | null;

	constructor(message: string, remedy: string, field: string | null = null) {
		super(message);
		this.name = "UserError";
		this.remedy = remedy;
		this.field = field;
	}
}

/** A service did not answer, in words for the operator. It may by itself later: try again. */
export class Unavailable extends UserError {
	constructor(message: string, remedy: string) {
		super(message, remedy);
		this.name = "Unavailable";
	}
}

/**
 * The database cannot be reached, or does not answer. A transaction that fails with it was not committed: nothing was
 * done (unless it is a CommitUnknown). A single statement outside of a transaction may have been done or not.
 */
export class Outage extends Error {
	constructor(cause: unknown) {
		super("the database does not answer", { cause });
		this.name = "Outage";
	}
}

/**
 * The connection was lost after a transaction's COMMIT had been sent and before the server's word for it: the
 * transaction was either committed as a whole or not at all, and the one who asked for it has to look. Thrown by
 * `transaction` alone, after it has waited at most a few seconds for the old transaction to end.
 *
 * - `hasEnded` true: the old transaction has ended, so what it wrote is now either visible to a new transaction or will
 *   never be. Look for its row: there, it was committed; not there, the work may be done again.
 * - `hasEnded` false: it may still be running. A row that is there proves that it was committed; one that is not there
 *   proves nothing, and doing the work again could do it twice.
 */
export class CommitUnknown extends Outage {
	readonly hasEnded: boolean;

	constructor(cause: unknown, hasEnded: boolean) {
		super(cause);
		this.message = "the connection was lost during COMMIT";
		this.name = "CommitUnknown";
		this.hasEnded = hasEnded;
	}
}

/** Whether an error is an outage, or comes from one. */
export function isOutage(error: unknown): boolean {
	return error instanceof Outage || (error instanceof Error && error.cause !== undefined && isOutage(error.cause));
}

/** Postgres' code for a disk without room. */
const DISK_FULL = "53100";

/** Whether the database has no room left for what was to be kept: nothing of it was. */
export function isDiskFull(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return ("code" in error && error.code === DISK_FULL) || isDiskFull(error.cause);
}

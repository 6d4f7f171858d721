/**
 * Something that the user can mend: what happened, and the remedy.
 * Both texts are shown as they are; neither may carry a secret or a member's free text.
 */
export class UserError extends Error {
	readonly remedy: string;

	constructor(message: string, remedy: string) {
		super(message);
		this.name = "UserError";
		this.remedy = remedy;
	}
}

/** A service did not answer, in words for the operator. It may by itself later: try again. */
export class Unavailable extends UserError {
	constructor(message: string, remedy: string) {
		super(message, remedy);
		this.name = "Unavailable";
	}
}

/** The database cannot be reached, or does not answer: what was under way may have been kept or not. */
export class Outage extends Error {
	constructor(cause: unknown) {
		super("the database does not answer", { cause });
		this.name = "Outage";
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

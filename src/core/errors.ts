/**
 * An error that the user can fix: what happened, and the remedy.
 * Users see both texts unchanged. Neither may contain a secret or a member's free text.
 */
export class UserError extends Error {
	readonly remedy: string;
	/** The option at fault, if there is one: a form shows the error beside that field. */
	readonly field: string | null;
	readonly isFinal: boolean = false;

	constructor(message: string, remedy: string, field: string | null = null) {
		super(message);
		this.name = "UserError";
		this.remedy = remedy;
		this.field = field;
	}
}

/**
 * A refusal that no other value of the command's form can mend: who asks, or what the command acts on, is at fault. So
 * the form is not offered again.
 */
export class FinalError extends UserError {
	override readonly isFinal = true;
}

/** Several faults of one call, so that the user can correct them all at once. */
export class SeveralFaults extends UserError {
	readonly faults: readonly UserError[];

	constructor(faults: readonly UserError[]) {
		super(
			`${faults.length} things are wrong with that. Nothing was changed.`,
			faults.map((fault) => `${withoutOutcome(fault)} ${fault.remedy}`).join(" "),
		);
		this.name = "SeveralFaults";
		this.faults = faults;
	}
}

/** The error that reports all of one or more faults. */
export function errorFor(faults: readonly UserError[]): UserError {
	const [only] = faults;
	return only && faults.length === 1 ? only : new SeveralFaults(faults);
}

/** The faults that an error reports: usually itself. */
export const faultsIn = (error: UserError): readonly UserError[] =>
	error instanceof SeveralFaults ? error.faults : [error];

/** What is wrong, without "Nothing was changed.": the place where it is shown says that already. */
export const withoutOutcome = ({ message }: UserError): string => message.replace(/ Nothing was \w+\.$/, "");

/** A service did not answer; the text is for the operator. The fault may pass: try again later. */
export class Unavailable extends UserError {
	constructor(message: string, remedy: string) {
		super(message, remedy);
		this.name = "Unavailable";
	}
}

/**
 * The database is unreachable or does not answer. A transaction that fails with this error was not committed, unless it
 * is a CommitUnknown. A single statement outside a transaction may or may not have taken effect.
 */
export class Outage extends Error {
	constructor(cause: unknown) {
		super("the database does not answer", { cause });
		this.name = "Outage";
	}
}

/**
 * The connection was lost between sending COMMIT and the server's reply. The transaction was committed as a whole or not
 * at all, and the caller must find out. Only `transaction` throws this, after waiting at most a few seconds for the old
 * transaction to end.
 *
 * - `hasEnded` true: the old transaction has ended. Look for its row: if it exists, the transaction was committed; if
 *   not, the work may be done again.
 * - `hasEnded` false: the transaction may still be running. An existing row proves that it was committed. A missing row
 *   proves nothing: doing the work again could do it twice.
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

/** Whether an error is an outage, or was caused by one. */
export function isOutage(error: unknown): boolean {
	return error instanceof Outage || (error instanceof Error && error.cause !== undefined && isOutage(error.cause));
}

/** Postgres's error code `disk_full`. */
const DISK_FULL = "53100";

/** Whether a write failed because the database's disk is full. Nothing was written. */
export function isDiskFull(error: unknown): boolean {
	if (!(error instanceof Error)) return false;
	return ("code" in error && error.code === DISK_FULL) || isDiskFull(error.cause);
}

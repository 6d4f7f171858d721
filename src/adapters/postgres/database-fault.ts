import { isOutage, UserError } from "../../core/errors.ts";

/** Classes of SQLSTATE whose messages name settings and tables, never a member's words. */
const TELLING_CLASSES = ["08", "0A", "25", "28", "2F", "3D", "3F", "42", "53", "55", "57", "58"];
/** SQLSTATEs whose messages quote the statement, which may contain values. */
const QUOTING_STATES = ["42601", "42602"];

const REMEDIES: Readonly<Record<string, string>> = {
	"42501": "Grant the role of DATABASE_URL what it lacks: docs/databases.md lists the rights that nlpq needs.",
	"25006": "Name the primary in DATABASE_URL, or a role that may write.",
	"53100": "Free some space on the disk that holds the database.",
	"53300": "Raise max_connections on the server, or lower DATABASE_POOL.",
	"57014": "Look what keeps the server busy; it gives up statements that take too long.",
	"57P03": "Wait until the server has started.",
	"22P05": "Use a database that was made with `encoding 'UTF8'`.",
};
const GENERAL_REMEDY = "Look into the server's log for the same code.";

interface ServerError {
	readonly code: string;
	readonly message: string;
}

/** The server's own error, inside those that driver and query builder wrap around it. */
function serverErrorOf(error: unknown): ServerError | null {
	if (!(error instanceof Error)) return null;
	const isServers = "code" in error && "severity" in error && /^[0-9A-Z]{5}$/.test(String(error.code));
	if (isServers) return { code: String(error.code), message: error.message };
	return serverErrorOf(error.cause);
}

/** An error's SQLSTATE; null unless the server raised it. */
export const sqlState = (error: unknown): string | null => serverErrorOf(error)?.code ?? null;

/** The server's message in one line; null unless the server raised the error. */
export function serverWords(error: unknown): string | null {
	const found = serverErrorOf(error);
	return found && wordsOf(found);
}

/** A database error in one line, without anything that a member or a question may have put into it. */
function wordsOf({ code, message }: ServerError): string {
	const [first = ""] = message.split("\n");
	const isTelling = TELLING_CLASSES.includes(code.slice(0, 2)) && !QUOTING_STATES.includes(code);
	return isTelling ? `Postgres says: ${first} (SQLSTATE ${code}).` : `Postgres refused a statement (SQLSTATE ${code}).`;
}

/** A database error in words, with its remedy; null for any other error. */
export function databaseFault(error: unknown): UserError | null {
	const found = serverErrorOf(error);
	if (found) return new UserError(wordsOf(found), REMEDIES[found.code] ?? GENERAL_REMEDY);
	if (isOutage(error))
		return new UserError(
			"The database does not answer.",
			"Check that the server named by DATABASE_URL runs and can be reached from here.",
		);
	return null;
}

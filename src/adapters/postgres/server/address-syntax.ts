/** The grammar of a Postgres address; address-parameters.ts knows what the parts mean. */
import { UserError } from "../../../core/errors.ts";

/** A server as written in an address; the port is empty if missing. */
export interface WrittenHost {
	readonly host: string;
	readonly port: string;
}

/** A decoded address; missing parts are null. */
export interface WrittenAddress {
	readonly user: string | null;
	readonly password: string | null;
	readonly hosts: readonly WrittenHost[];
	readonly database: string | null;
	readonly parameters: readonly (readonly [name: string, value: string])[];
	/** Whether the query has an unencoded `@`: an apparent parameter may then be part of a password. */
	readonly isDoubtful: boolean;
}

const EXAMPLE = "postgres://user:password@localhost:5432/nlpq";
export const ENCODE =
	"Percent-encode the password's special characters: %25 for %, %40 for @, %2F for /, %3A for :, %3F for ?, %23 for #.";

/** A fault of the address. Its texts may repeat the scheme, a host and a parameter's name, but nothing else. */
export const addressFault = (what: string, remedy: string): UserError => new UserError(`DATABASE_URL ${what}.`, remedy);

const HOST = String.raw`(?:\[[0-9A-Za-z:.%]+\]|[^\s:,/?#@[\]]*)(?::\d*)?`;
/** Hosts, database and parameters: everything after user and password. */
const AFTER_CREDENTIALS = new RegExp(String.raw`^(${HOST}(?:,${HOST})*)(?:/([^/?#@\s]*))?(?:\?([^#\s]*))?$`);

interface Reading {
	/** User and password as written; null if missing. */
	readonly account: string | null;
	readonly hosts: string;
	readonly database: string;
	readonly query: string;
}

/**
 * All ways to read what follows the scheme. A password may contain unencoded `@`, `/`, `?` and `#` if that leaves a
 * single reading.
 */
function readings(rest: string): Reading[] {
	const ends = [...rest.matchAll(/@/g)].map(({ index }) => index);
	return [-1, ...ends].flatMap((end) => {
		const place = AFTER_CREDENTIALS.exec(rest.slice(end + 1));
		const account = end < 0 ? null : rest.slice(0, end);
		if (!place || /[/?#\s]/.test(account?.split(":")[0] ?? "")) return [];
		const query = place[3] ?? "";
		if (!parametersIn(query).every((part) => /^[^=]+=/.test(part))) return [];
		return [{ account, hosts: place[1] ?? "", database: place[2] ?? "", query }];
	});
}

const parametersIn = (query: string): string[] => query.split("&").filter((part) => part !== "");

function chooseReading(rest: string): Reading {
	const all = readings(rest);
	const [standard] = all.filter(({ account }) => account === null || !/[/?#\s]/.test(account));
	const chosen = standard ?? (all.length === 1 ? all[0] : undefined);
	if (chosen) return chosen;
	throw rest.includes("@")
		? addressFault("cannot be read: its user or password has unencoded characters", ENCODE)
		: addressFault("cannot be read", `Write it like ${EXAMPLE}.`);
}

/** @throws UserError when the text is not percent-encoded UTF-8 */
function decodePart(text: string, part: string): string {
	try {
		return decodeURIComponent(text);
	} catch {
		throw addressFault(`cannot be read: its ${part} is not percent-encoded`, `Write it like ${EXAMPLE}. ${ENCODE}`);
	}
}

/** If every `%` is outside an escape, the password was never encoded. A mix of both is ambiguous. */
function decodePassword(text: string): string {
	const signs = text.match(/%(?:[0-9A-Fa-f]{2})?/g) ?? [];
	if (signs.length > 0 && signs.every((sign) => sign === "%")) return text;
	return decodePart(text, "password");
}

function readAccount(account: string | null): Pick<WrittenAddress, "user" | "password"> {
	if (account === null) return { user: null, password: null };
	const colon = account.indexOf(":");
	const user = decodePart(colon < 0 ? account : account.slice(0, colon), "user");
	const password = colon < 0 ? null : decodePassword(account.slice(colon + 1));
	return { user: user || null, password };
}

function readHost(text: string): WrittenHost {
	const [, bracketed, name = "", port = ""] = /^(?:\[(.*)\]|([^:]*))(?::(\d*))?$/.exec(text) ?? [];
	return { host: decodePart(bracketed ?? name, "host"), port };
}

function readParameter(part: string): readonly [string, string] {
	const equals = part.indexOf("=");
	return [decodePart(part.slice(0, equals), "query"), decodePart(part.slice(equals + 1), "query")];
}

function refuseScheme(text: string): never {
	const [, scheme] = /^['"]?([a-z][a-z0-9+.-]*):(?:\/\/|postgres)/i.exec(text) ?? [];
	if (/^\s*psql\s/.test(text) || /^['"]/.test(text))
		throw addressFault("is a command or a quoted text", `Set it to the address alone, without quotes: ${EXAMPLE}.`);
	if (/^\s*\w+\s*=/.test(text)) throw addressFault("is written in keywords", `Write it as an address: ${EXAMPLE}.`);
	if (scheme === undefined) throw addressFault("is not an address", `Write it like ${EXAMPLE}.`);
	const known = /^(postgres(ql)?\+|jdbc$|prisma)/i.test(scheme);
	throw addressFault(
		known ? `begins with ${scheme}:, which another program understands` : `begins with ${scheme}:`,
		`Let it begin with postgres://, like ${EXAMPLE}.`,
	);
}

/**
 * Parses an address. Accepts unencoded characters in a password when only one reading is possible.
 * @throws UserError when there is no reading, or several
 */
export function parseAddress(text: string): WrittenAddress {
	const scheme = /^postgres(?:ql)?:\/\//i.exec(text);
	if (!scheme) refuseScheme(text);
	const { account, hosts, database, query } = chooseReading(text.slice(scheme[0].length));
	return {
		...readAccount(account),
		hosts: hosts === "" ? [] : hosts.split(",").map(readHost),
		database: decodePart(database, "database") || null,
		parameters: parametersIn(query).map(readParameter),
		isDoubtful: query.includes("@"),
	};
}

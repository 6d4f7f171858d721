/** What errors of the driver, the system and the server mean. */
import postgres from "postgres";
import { isOutage, Outage, UserError } from "../../../core/errors.ts";
import { codeOf, NOT_CONNECTED } from "../../network-errors.ts";
import { serverWords, sqlState } from "../database-fault.ts";
import type { ServerAddress } from "./address.ts";
import { NOT_OFFERED, TlsFault } from "./tls.ts";

/** Codes of the driver and the system for an unreachable server. */
const UNREACHABLE: readonly string[] = [
	...NOT_CONNECTED,
	"CONNECTION_CLOSED",
	"CONNECTION_DESTROYED",
	"CONNECTION_ENDED",
	"CONNECT_TIMEOUT",
	"ECONNRESET",
	"EPIPE",
	"ETIMEDOUT",
	"ENOENT",
];
/** The SQLSTATE of a standby, which accepts no writes. */
export const READ_ONLY = "25006";
/**
 * Class 08: the connection or a pooler gave up. 57P01 to 57P05, 25P03: the server stops, starts, or ended the session.
 */
const GONE_STATES = /^(08...|57P0[1-5]|53300|25P03|25006)$/;

/** The driver's code for a connection that ended while a reply was pending. */
export const CLOSED = "CONNECTION_CLOSED";
/** The last message of a server or pooler: an error with severity, SQLSTATE and text, and nothing after it. */
const LAST_MESSAGE = /E[\s\S]{4}S([^\0]*)\0(?:V[^\0]*\0)?C([0-9A-Z]{5})\0M([^\0]*)\0(?:[a-zA-Z][^\0]*\0)*\0$/;

/** The connection has ended. The driver drops the server's last error, but the bytes received last contain it. */
export class LostConnection extends Error {
	readonly code: string;
	/** The server's severity, if it gave a reason; named as in the driver's errors. */
	readonly severity?: string;

	constructor(received: Buffer | null) {
		const [, severity, code = CLOSED, message] = LAST_MESSAGE.exec(received?.toString("utf8") ?? "") ?? [];
		super(message ?? "the connection is lost");
		this.name = "LostConnection";
		this.code = code;
		if (severity !== undefined) this.severity = severity;
	}
}

/** Whether a statement failed because no server is available to us. */
export function isGone(error: unknown): boolean {
	const code = codeOf(error);
	return error instanceof LostConnection || UNREACHABLE.includes(code) || GONE_STATES.test(code);
}

/** The server answers but accepts no writes. */
export class NotWritable extends Error {
	constructor() {
		super("a standby, which takes no writes");
		this.name = "NotWritable";
	}
}

/** No host could be used, each for its own reason. */
export class NoServer extends Error {
	readonly reasons: readonly { readonly host: string; readonly error: unknown }[];

	constructor(reasons: NoServer["reasons"]) {
		super("no server takes writes");
		this.name = "NoServer";
		this.reasons = reasons;
	}
}

/** The root of a chain of causes: our first own error, or else the last one. */
export function rootOf(error: unknown): unknown {
	const isOwn = [UserError, TlsFault, NotWritable, NoServer].some((kind) => error instanceof kind);
	const isWrapping = error instanceof Error && error.cause !== undefined && error.cause !== null;
	return isWrapping && !isOwn ? rootOf(error.cause) : error;
}

/** Whether the error comes from a server that was reached: trying other hosts is then useless. */
export function isRefusal(error: unknown): boolean {
	return error instanceof UserError || (error instanceof postgres.PostgresError && !isGone(error));
}

type Words = readonly [what: string, remedy: string];

const TLS_WORDS: Readonly<Record<string, Words>> = {
	[NOT_OFFERED]: [
		"The server at DATABASE_URL offers no TLS, which its sslmode demands",
		"Turn TLS on at the server, or write sslmode=prefer.",
	],
	ERR_TLS_CERT_ALTNAME_INVALID: [
		"The certificate of the server at DATABASE_URL is for another name",
		"Write the host's name as the certificate has it, or sslmode=verify-ca.",
	],
	CERT_HAS_EXPIRED: ["The certificate of the server at DATABASE_URL has expired", "Renew it at the server."],
};

function tlsWords({ code }: TlsFault): Words {
	const known = TLS_WORDS[code];
	if (known) return known;
	return /CERT|ISSUER|SIGN/.test(code)
		? [
				`The certificate of the server at DATABASE_URL is not trusted (${code})`,
				"Name the file of the authority that signed it: sslrootcert=/path/to/ca.pem.",
			]
		: [
				`TLS with the server at DATABASE_URL failed (${code})`,
				"Check that both sides support the same version of TLS, and that the server accepts our certificate.",
			];
}

const SHUT = "The server at DATABASE_URL does not admit us";

/** Words for a refusal by its SQLSTATE and, if that says too little, by its message. */
function refusalWords({ tls, options }: ServerAddress, state: string, said: string): Words {
	if (state === "42601" && options !== null)
		return [
			"The server at DATABASE_URL does not know the options in its address",
			"Leave options out: only a vendor's proxy understands them.",
		];
	if (state === "28P01")
		return ["Postgres refused the user or password of DATABASE_URL", "Correct the user and password in DATABASE_URL."];
	if (/no encryption|SSL off|insecure|SSL required/i.test(said) || (state === "28000" && tls.mode === "disable"))
		return [`${SHUT} without TLS`, "Add ?sslmode=require to DATABASE_URL."];
	if (state === "28000")
		return [SHUT, "Correct user and database in DATABASE_URL, or let pg_hba.conf admit them from here."];
	if (state === "3D000")
		return ["The database named in DATABASE_URL does not exist", "Create it with `createdb`, or correct the name."];
	if (state === "53300") return ["Postgres has no free connection", "Raise max_connections, or lower DATABASE_POOL."];
	if (/statement pooling/i.test(said))
		return ["The pooler at DATABASE_URL allows no transactions", "Let its pool_mode be transaction or session."];
	if (state.startsWith("57P")) return ["Postgres is not ready", "Start nlpq again when the server has started."];
	return ["Postgres refused", "Mend that at the server or in DATABASE_URL, and start again."];
}

function wordsOf(address: ServerAddress, root: unknown): Words | null {
	if (root instanceof TlsFault) return tlsWords(root);
	if (root instanceof NotWritable)
		return [
			"The server at DATABASE_URL is a standby, which takes no writes",
			"Name the primary; or all hosts, separated by commas, with `?target_session_attrs=read-write`.",
		];
	if (root instanceof NoServer) return ["No server of DATABASE_URL takes writes", "Start one, or correct the hosts."];
	const state = sqlState(root);
	if (state !== null) return refusalWords(address, state, root instanceof Error ? root.message : "");
	const code = codeOf(root);
	if (root instanceof Outage || UNREACHABLE.includes(code))
		return [
			`No Postgres server answers at DATABASE_URL${code && `: ${code}`}`,
			"Start the server, or correct host and port in DATABASE_URL.",
		];
	return null;
}

/** What each server said; empty if none said anything. */
function serverTextOf(root: unknown): string {
	if (!(root instanceof NoServer)) return serverWords(root) ?? "";
	const each = ({ host, error }: NoServer["reasons"][number]) => {
		const cause = rootOf(error);
		const words = cause instanceof NotWritable ? `${cause.message}.` : serverWords(cause);
		return `${host}: ${words ?? `${codeOf(cause) || "no answer"}.`}`;
	};
	return root.reasons.map(each).join(" ");
}

/** Words and remedy for an error of opening the database; other errors are returned unchanged. */
export function serverFault(address: ServerAddress, error: unknown): unknown {
	const root = rootOf(error);
	if (root instanceof UserError) return root;
	const words = wordsOf(address, root) ?? (isOutage(error) ? wordsOf(address, new Outage(null)) : null);
	if (!words) return error;
	const serverText = serverTextOf(root);
	return new UserError(
		`${words[0]} (${address.shown}). ${serverText && `${serverText} `}Nothing was changed.`,
		words[1],
	);
}

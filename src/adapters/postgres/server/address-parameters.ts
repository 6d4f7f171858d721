/** What the parameters of a Postgres address mean to nlpq, by name. */
import type { SecureVersion } from "node:tls";
import type { ServerAddress } from "./address.ts";
import { addressFault, ENCODE, type WrittenAddress } from "./address-syntax.ts";
import { SSL_MODES, type TlsSettings } from "./tls.ts";

type Values = ReadonlyMap<string, string>;

/** Parts of the address that may also be written as parameters. */
type Basics = Readonly<Partial<Record<"user" | "password" | "dbname" | "host" | "port", string>>>;

/** Parameters that only other clients need, or that nlpq sets itself. */
const DROPPED = new Set(
	`backoff binary_parameters channel_binding charset client_encoding connection_limit datestyle debug
	default_query_exec_mode description_cache_capacity encoding fallback_application_name fetch_types gssdelegation
	gssencmode gsslib idle_in_transaction_session_timeout idle_timeout intervalstyle keep_alive keepalives
	keepalives_count keepalives_idle keepalives_interval krbsrvname load_balance_hosts lock_timeout max max_lifetime
	max_pipeline max_protocol_version min_protocol_version pool pool_health_check_period pool_max_conn_idle_time
	pool_max_conn_lifetime pool_max_conn_lifetime_jitter pool_max_conns pool_min_conns pool_min_idle_conns pool_mode
	pool_size pool_timeout publications query_timeout reconnect server_version serverversion socket_timeout
	sslcompression sslkeylogfile sslsni statement_cache_capacity statement_timeout supa tcp_user_timeout tcpkeepalive
	timezone uselibpqcompat workaround`.split(/\s+/),
);

/** Parameters that would change security or where data goes, with what to do instead. */
const REFUSED: Readonly<Record<string, string>> = {
	hostaddr: "Name the address as the host.",
	passfile: "Put the password into DATABASE_URL, or set PGPASSWORD.",
	service: "Write out what the service file says.",
	servicefile: "Write out what the service file says.",
	replication: "Leave it out.",
	require_auth: "Leave it out, and let pg_hba.conf demand the method.",
	requirepeer: "Leave it out.",
	requiressl: "Write sslmode=require.",
	scram_client_key: "Give the password itself.",
	scram_server_key: "Give the password itself.",
	sslcertmode: "Leave it out, and name a certificate with sslcert where the server asks for one.",
	...Object.fromEntries(
		["oauth_issuer", "oauth_client_id", "oauth_client_secret", "oauth_scope"].map((name) => [name, "Use a password."]),
	),
	sslcrl: "Leave it out.",
	sslcrldir: "Leave it out.",
	sslidentity: "Name the certificate and its key with sslcert and sslkey.",
};

/** Other spellings of known parameters. */
const ALIASES: Readonly<Record<string, string>> = {
	ssl_mode: "sslmode",
	"ssl-mode": "sslmode",
	currentschema: "search_path",
	username: "user",
	database: "dbname",
	hostname: "host",
	unix_sock: "host",
	unix_socket: "host",
	socket: "host",
	applicationname: "application_name",
	connecttimeout: "connect_timeout",
	logintimeout: "connect_timeout",
	sslca: "sslrootcert",
};

const KNOWN = new Set(
	`user password dbname host port sslmode ssl sslaccept sslrootcert sslcert sslkey sslpassword sslnegotiation
	ssl_min_protocol_version ssl_max_protocol_version schema search_path options application_name connect_timeout
	target_session_attrs pgbouncer prepare no_prepare statement_cache_size prepared_statements prepared_statement_cache_size
	preparethreshold`.split(/\s+/),
);

const isTrue = (value: string | undefined): boolean => /^(true|1|yes|on)$/i.test(value ?? "");
const isFalse = (value: string | undefined): boolean => /^(false|0|no|off)$/i.test(value ?? "");

/** Known parameters by their usual names. If one is repeated, the last wins. */
function knownParameters({ parameters, isDoubtful }: WrittenAddress): Values {
	const values = new Map<string, string>();
	for (const [written, value] of parameters) {
		const lower = written.toLowerCase();
		const name = ALIASES[lower] ?? lower;
		if (KNOWN.has(name)) values.set(name, value);
		else if (REFUSED[name]) throw addressFault(`has the parameter ${name}, which nlpq cannot honour`, REFUSED[name]);
		else if (DROPPED.has(name)) continue;
		// An unknown name may be part of an unencoded password, so do not repeat it.
		else if (isDoubtful || !/^\w{1,40}$/.test(written))
			throw addressFault("has parameters that cannot be read", ENCODE);
		else throw addressFault(`has the parameter ${written}, which nlpq does not know`, "Correct it, or leave it out.");
	}
	return values;
}

/** The sslmode that `ssl` stands for in addresses of Node's drivers and JDBC; true demands a trusted certificate. */
function modeOfSsl(value: string | undefined): string | undefined {
	if (value === undefined) return undefined;
	if (isTrue(value)) return "verify-full";
	return isFalse(value) ? "disable" : value;
}

const MODES: Readonly<Record<string, TlsSettings["mode"]>> = {
	...Object.fromEntries(SSL_MODES.map((mode) => [mode, mode])),
	"no-verify": "require",
	verify_ca: "verify-ca",
	verify_full: "verify-full",
};
const ACCEPTED: Readonly<Record<string, string>> = { strict: "verify-full", accept_invalid_certs: "require" };

function readMode(values: Values): TlsSettings["mode"] {
	const rootCertificate = values.get("sslrootcert");
	const sslAccept = values.get("sslaccept");
	const written =
		values.get("sslmode") ?? modeOfSsl(values.get("ssl")) ?? (sslAccept && (ACCEPTED[sslAccept] ?? sslAccept));
	const mode = MODES[written?.toLowerCase() ?? (rootCertificate === "system" ? "verify-full" : "prefer")];
	const modes = SSL_MODES.join(", ");
	if (!mode) throw addressFault("has an sslmode that does not exist", `Write one of ${modes}.`);
	if (rootCertificate === "system" && mode !== "verify-full")
		throw addressFault("has sslrootcert=system with a weaker sslmode", "Write sslmode=verify-full.");
	return sslAccept === "strict" && mode === "require" ? "verify-full" : mode;
}

function readVersion(values: Values, name: string): SecureVersion | null {
	const value = values.get(name);
	if (value === undefined || value === "") return null;
	if (value === "TLSv1" || value === "TLSv1.1" || value === "TLSv1.2" || value === "TLSv1.3") return value;
	throw addressFault(`has a ${name} that does not exist`, "Write TLSv1.2 or TLSv1.3.");
}

function readTls(values: Values): TlsSettings {
	const mode = readMode(values);
	const rootCertificate = values.get("sslrootcert") || null;
	const negotiation = values.get("sslnegotiation") ?? "postgres";
	if (negotiation !== "postgres" && negotiation !== "direct")
		throw addressFault("has an sslnegotiation that does not exist", "Write postgres or direct.");
	if (negotiation === "direct" && ["disable", "allow", "prefer"].includes(mode))
		throw addressFault("has sslnegotiation=direct with a weak sslmode", "Write sslmode=require or a stronger one.");
	return {
		mode,
		rootCertificate: rootCertificate === "system" ? null : rootCertificate,
		certificate: values.get("sslcert") || null,
		key: values.get("sslkey") || null,
		passphrase: values.get("sslpassword") || null,
		isDirect: negotiation === "direct",
		minVersion: readVersion(values, "ssl_min_protocol_version"),
		maxVersion: readVersion(values, "ssl_max_protocol_version"),
	};
}

/** The schema names in a `search_path`. */
function schemaNames(text: string): string[] {
	const names = [...text.matchAll(/\s*(?:"((?:[^"]|"")*)"|([^\s,"]+))\s*(?:,|$)/g)];
	return names.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain?.toLowerCase() ?? "");
}

/** Schemas of Postgres itself, and the sign by which a search path means the role's own. */
const NOT_OURS = /^(?:pg_|information_schema$|\$user$)/;

/** Prisma's `schema` is a single plain name; a search path is a list in the server's syntax. */
function readSchemas(values: Values, pathInOptions: string | null): readonly string[] | null {
	const schema = values.get("schema");
	const path = values.get("search_path") ?? pathInOptions;
	const schemas = schema ? [schema] : path ? schemaNames(path) : null;
	if (schemas?.[0] !== undefined && NOT_OURS.test(schemas[0]))
		throw addressFault("names a schema that belongs to Postgres itself", "Write ?schema=nlpq, or leave it out.");
	return schemas;
}

/** Options by which a vendor's proxy finds the project. */
const VENDOR_OPTION = /^(project|endpoint|reference)=[\w.-]+$/;
const SET_OPTION = /(?:^|\s)(?:-c\s*|--)([\w.-]+)=((?:\\.|[^\s\\])*)/g;

/** `-c search_path=…` names schemas; a vendor's own options go to its proxy. */
function readOptions(text: string | undefined): Pick<ServerAddress, "options"> & { readonly path: string | null } {
	const plain = (text ?? "").replaceAll("+", " ").trim();
	if (VENDOR_OPTION.test(plain)) return { options: plain, path: null };
	let path: string | null = null;
	for (const [, name = "", value = ""] of plain.matchAll(SET_OPTION)) {
		if (name.toLowerCase() === "search_path") path = value.replaceAll(/\\(.)/g, "$1");
		else if (!DROPPED.has(name.toLowerCase()))
			throw addressFault(
				"has a setting in options that nlpq cannot honour",
				"Set it for the role: alter role … set ….",
			);
	}
	if (plain.replaceAll(SET_OPTION, "").trim() !== "")
		throw addressFault("has options that nlpq does not know", "Write options=-c%20search_path%3D…, or leave it out.");
	return { options: null, path };
}

/** Values of `target_session_attrs` that suit a program which writes. */
const WRITABLE = ["any", "read-write", "primary"];

function refuseReadOnly(values: Values): void {
	const attributes = values.get("target_session_attrs");
	if (attributes === undefined || WRITABLE.includes(attributes.toLowerCase())) return;
	throw addressFault(
		"wants a server that takes no writes (target_session_attrs)",
		"nlpq needs a server that accepts writes: set target_session_attrs=read-write.",
	);
}

function readSeconds(text: string | undefined): number | null {
	if (text === undefined || text === "" || text === "0") return null;
	const seconds = Number(text);
	if (Number.isInteger(seconds) && seconds > 0) return seconds;
	throw addressFault("has a connect_timeout that is not a number of seconds", "Write a whole number, or leave it out.");
}

/** Whether the address asks not to prepare statements, as is usual behind a pooler. */
function asksForPooledUse(values: Values): boolean {
	const sizes = ["statement_cache_size", "prepared_statement_cache_size", "preparethreshold"];
	return (
		isTrue(values.get("pgbouncer")) ||
		isTrue(values.get("no_prepare")) ||
		isFalse(values.get("prepare")) ||
		isFalse(values.get("prepared_statements")) ||
		sizes.some((name) => values.get(name) === "0")
	);
}

const basicIfGiven = (values: Values, name: keyof Basics): Basics => {
	const value = values.get(name);
	return value ? { [name]: value } : {};
};

/**
 * Reads an address's parameters.
 * @throws UserError that names the parameter but never its value
 */
export function readParameters(
	written: WrittenAddress,
): Omit<ServerAddress, "hosts" | "user" | "password" | "database" | "shown"> & { readonly basics: Basics } {
	const values = knownParameters(written);
	refuseReadOnly(values);
	const { options, path } = readOptions(values.get("options"));
	return {
		basics: {
			...basicIfGiven(values, "user"),
			...basicIfGiven(values, "password"),
			...basicIfGiven(values, "dbname"),
			...basicIfGiven(values, "host"),
			...basicIfGiven(values, "port"),
		},
		tls: readTls(values),
		schemas: readSchemas(values, path),
		options,
		applicationName: values.get("application_name") || "nlpq",
		connectSeconds: readSeconds(values.get("connect_timeout")),
		isPooled: asksForPooledUse(values),
	};
}

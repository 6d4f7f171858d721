/** Turns DATABASE_URL, as libpq, Prisma and vendors print it, into options of the driver. */
import { userInfo } from "node:os";
import { readParameters } from "./address-parameters.ts";
import { addressFault, parseAddress, type WrittenHost } from "./address-syntax.ts";
import type { TlsSettings } from "./tls.ts";

/** A server to connect to, by name and port or by a Unix socket. */
export interface ServerHost {
	/** A name, an IP address, or the folder of a Unix socket. */
	readonly name: string;
	readonly port: number;
	/** The Unix socket; null for TCP. */
	readonly path: string | null;
}

/** A parsed address. */
export interface ServerAddress {
	/** At least one. They are tried in turn until one accepts writes. */
	readonly hosts: readonly ServerHost[];
	readonly user: string;
	readonly password: string;
	readonly database: string;
	readonly tls: TlsSettings;
	/** The schemas in which to look for tables, in order; null for the role's own search path. */
	readonly schemas: readonly string[] | null;
	/** The start-up option by which a vendor's proxy finds the project. */
	readonly options: string | null;
	readonly applicationName: string;
	/** How long to wait for each host, in seconds; null for the default. */
	readonly connectSeconds: number | null;
	/** Whether the address says that a pooler is in front of the server. */
	readonly isPooled: boolean;
	/** Scheme, hosts and ports: all that messages may show. */
	readonly shown: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = "5432";
const SOCKET_FILE = /\/\.s\.PGSQL\.(\d+)$/;

function readPort(text: string): number {
	const port = Number(text);
	if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
	throw addressFault("has a port that is not a number from 1 to 65535", "Correct the port, 5432 by default.");
}

function readHost({ host, port }: WrittenHost, defaultPort: string): ServerHost {
	const file = SOCKET_FILE.exec(host);
	const number = readPort(port || (file?.[1] ?? defaultPort));
	if (!host.startsWith("/")) return { name: host, port: number, path: null };
	return { name: host.replace(SOCKET_FILE, ""), port: number, path: file ? host : `${host}/.s.PGSQL.${number}` };
}

/** Assigns the query's ports to the hosts: one each, or one for all. */
function withPorts(hosts: readonly WrittenHost[], ports: string | undefined): readonly WrittenHost[] {
	if (ports === undefined) return hosts;
	const all = ports.split(",");
	return hosts.map(({ host, port }, index) => ({ host, port: (all.length === 1 ? all[0] : all[index]) ?? port }));
}

const hostsIn = (list: string): WrittenHost[] => list.split(",").map((host) => ({ host, port: "" }));

function systemUser(): string {
	try {
		return userInfo().username;
	} catch {
		return "postgres";
	}
}

const shownHost = ({ name, port }: ServerHost): string => `${name.includes(":") ? `[${name}]` : name}:${port}`;

/**
 * Reads an address.
 * @param environment supplies missing parts: PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE
 * @throws UserError of one sentence and a remedy, without any part of a password or of a parameter's value
 */
export function readAddress(text: string, environment: Environment): ServerAddress {
	const written = parseAddress(text.trim());
	const { basics, ...meaning } = readParameters(written);
	const defaultPort = environment.PGPORT?.split(",")[0] || DEFAULT_PORT;
	const named = basics.host ? hostsIn(basics.host) : written.hosts;
	const listed = named.length > 0 ? named : hostsIn(environment.PGHOST || "localhost");
	const hosts = withPorts(listed, basics.port).map(({ host, port }) =>
		readHost({ host: host || "localhost", port }, defaultPort),
	);
	const user = basics.user ?? written.user ?? (environment.PGUSERNAME || environment.PGUSER || systemUser());
	return {
		...meaning,
		hosts,
		user,
		password: basics.password || written.password || environment.PGPASSWORD || "",
		database: basics.dbname ?? written.database ?? (environment.PGDATABASE || user),
		shown: `postgres://${hosts.map(shownHost).join(",")}`,
	};
}

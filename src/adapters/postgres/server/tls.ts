/** Sockets to a Postgres server, encrypted as libpq's `sslmode` says. */
import { readFile } from "node:fs/promises";
import { connect, isIP, type Socket } from "node:net";
import {
	connect as connectTls,
	createSecureContext,
	type SecureContext,
	type SecureVersion,
	type TLSSocket,
} from "node:tls";
import { UserError } from "../../../core/errors.ts";
import { codeOf } from "../../network-errors.ts";
import type { ServerHost } from "./address.ts";

export const SSL_MODES = ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] as const;

/** How connections are encrypted, in libpq's terms. */
export interface TlsSettings {
	readonly mode: (typeof SSL_MODES)[number];
	/** The file of trusted authorities; null for those that Node trusts. */
	readonly rootCertificate: string | null;
	/** Files with our own certificate and its key. */
	readonly certificate: string | null;
	readonly key: string | null;
	readonly passphrase: string | null;
	/** Whether to begin with TLS at once instead of asking whether the server offers it. */
	readonly isDirect: boolean;
	readonly minVersion: SecureVersion | null;
	readonly maxVersion: SecureVersion | null;
}

/** One attempt to connect: without TLS, with it if the server offers it, or with it only. */
export type Encryption = "none" | "offered" | "demanded";

/** The attempts that a mode allows, in order; each follows only a refusal of the one before. */
export function encryptionsOf({ mode }: TlsSettings): readonly Encryption[] {
	if (mode === "disable") return ["none"];
	if (mode === "allow") return ["none", "demanded"];
	if (mode === "prefer") return ["offered", "none"];
	return ["demanded"];
}

/** TLS failed: the server does not offer it, or its certificate is not trusted. */
export class TlsFault extends Error {
	/** Node's error code of the reason, or NOT_OFFERED. */
	readonly code: string;

	constructor(code: string, cause?: unknown) {
		super(`TLS failed: ${code}`, { cause });
		this.name = "TlsFault";
		this.code = code;
	}
}

export const NOT_OFFERED = "NOT_OFFERED";

/** The message that asks a server whether it offers TLS: its length and a fixed number. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const YES = "S";

function reasonOf(error: unknown): string {
	return codeOf(error) || "unknown reason";
}

async function readTlsFile(path: string | null, parameter: string): Promise<Buffer | undefined> {
	if (path === null) return undefined;
	try {
		return await readFile(path);
	} catch (error) {
		throw new UserError(
			`The file that DATABASE_URL names with ${parameter} cannot be read (${reasonOf(error)}).`,
			`Correct ${parameter}, or let this user read the file.`,
		);
	}
}

/** Settles at a socket's event; rejects if the socket fails or closes first. */
function once<Value>(socket: Socket, event: string): Promise<Value> {
	return new Promise((resolve, reject) => {
		const settle = (finish: () => void) => {
			socket.removeListener(event, happened);
			socket.removeListener("error", failed);
			socket.removeListener("close", closed);
			finish();
		};
		const happened = (value: Value) => settle(() => resolve(value));
		const failed = (error: Error) => settle(() => reject(error));
		const closed = () => failed(Object.assign(new Error("the server hung up"), { code: "CONNECTION_CLOSED" }));
		socket.once(event, happened);
		socket.once("error", failed);
		socket.once("close", closed);
	});
}

async function openPlain({ name, port, path }: ServerHost, signal: AbortSignal): Promise<Socket> {
	const socket = path === null ? connect({ host: name, port, noDelay: true }) : connect({ path });
	// Between two of our listeners an error would otherwise end the process.
	socket.on("error", () => undefined);
	// Without an error of its own: once TLS is up, it would pass to a socket whose listeners the driver removes, and end
	// the process. Whoever aborts knows why.
	const abort = () => socket.destroy();
	signal.addEventListener("abort", abort, { once: true });
	socket.once("close", () => signal.removeEventListener("abort", abort));
	await once(socket, "connect");
	return socket;
}

/** Whether the server offers TLS. Anything after its one-byte reply was injected by somebody in between. */
async function offersTls(socket: Socket): Promise<boolean> {
	socket.write(SSL_REQUEST);
	const reply = await once<Buffer>(socket, "data");
	if (reply.length !== 1) throw new TlsFault("UNEXPECTED_REPLY");
	return reply.toString("latin1") === YES;
}

function noCertificate(): UserError {
	return new UserError(
		"The file that DATABASE_URL names with sslrootcert holds no certificate.",
		"Name the file of the authority that signed the server's certificate, in PEM form.",
	);
}

/** Whom to trust and what to show. @throws UserError when a file cannot be read or used */
async function secureContext(settings: TlsSettings, isChecked: boolean): Promise<SecureContext> {
	const { rootCertificate, certificate, key, passphrase, minVersion, maxVersion } = settings;
	const [ca, cert, keyText] = await Promise.all([
		readTlsFile(isChecked ? rootCertificate : null, "sslrootcert"),
		readTlsFile(certificate, "sslcert"),
		readTlsFile(key, "sslkey"),
	]);
	// Node would take such a file as one that trusts nobody.
	if (ca && !ca.includes("-----BEGIN")) throw noCertificate();
	try {
		return createSecureContext({
			...(ca && { ca }),
			...(cert && { cert }),
			...(keyText && { key: keyText }),
			...(passphrase !== null && { passphrase }),
			...(minVersion && { minVersion }),
			...(maxVersion && { maxVersion }),
		});
	} catch (error) {
		throw new UserError(
			`The certificates and the key that DATABASE_URL names cannot be used (${reasonOf(error)}).`,
			"Let sslcert and sslkey name PEM files that belong together, and sslpassword the key's passphrase.",
		);
	}
}

async function encrypt(socket: Socket, name: string, settings: TlsSettings): Promise<TLSSocket> {
	const { mode, rootCertificate, isDirect } = settings;
	const isChecked = mode.startsWith("verify") || (mode === "require" && rootCertificate !== null);
	const secure = connectTls({
		socket,
		host: name,
		...(isIP(name) ? {} : { servername: name }),
		rejectUnauthorized: isChecked,
		...(mode === "verify-full" ? {} : { checkServerIdentity: () => undefined }),
		...(isDirect ? { ALPNProtocols: ["postgresql"] } : {}),
		secureContext: await secureContext(settings, isChecked),
	});
	secure.on("error", () => undefined);
	try {
		await once(secure, "secureConnect");
	} catch (error) {
		throw new TlsFault(reasonOf(error), error);
	}
	return secure;
}

/**
 * Opens a socket that is ready for the first message of Postgres's protocol.
 * @param signal aborts the attempt
 */
export async function openSocket(
	host: ServerHost,
	encryption: Encryption,
	settings: TlsSettings,
	signal: AbortSignal,
): Promise<Socket> {
	const socket = await openPlain(host, signal);
	// A Unix socket is as private as its file.
	if (encryption === "none" || host.path !== null) return socket;
	try {
		if (settings.isDirect || (await offersTls(socket))) return await encrypt(socket, host.name, settings);
		if (encryption === "offered") return socket;
		throw new TlsFault(NOT_OFFERED);
	} catch (error) {
		socket.destroy();
		throw error;
	}
}

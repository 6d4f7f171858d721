import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openServer } from "../../../src/adapters/postgres/open.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { UserError } from "../../../src/core/errors.ts";
import { hasOpenssl, startTlsPostgres, type TlsPostgres } from "../../support/tls-postgres.ts";

interface TlsMode {
	readonly role: string;
	readonly isEncrypted: boolean;
	readonly certificate: string | null;
}

/** How the server sees a connection to an address; or why there is none. */
async function wayOf(address: string): Promise<TlsMode | UserError> {
	try {
		const database = await openServer(address, null, 2);
		try {
			const [row] = await rawRows(
				database.db,
				sql`select current_user as role, ssl as "isEncrypted", client_dn as certificate
					from pg_stat_ssl where pid = pg_backend_pid()`,
			);
			return row as unknown as TlsMode;
		} finally {
			await database.close();
		}
	} catch (error) {
		if (error instanceof UserError) return error;
		throw error;
	}
}

/** A server that encrypts a connection and then says nothing, as a pooler without a free server does. @returns its port */
async function startSilentServer(certificate: string, certificateKey: string): Promise<number> {
	const [cert, key] = [readFileSync(certificate), readFileSync(certificateKey)];
	const sockets: Socket[] = [];
	const server = createServer((socket) => {
		sockets.push(socket);
		socket.on("error", () => undefined);
		socket.once("data", () => {
			socket.write("S");
			new TLSSocket(socket, { isServer: true, cert, key }).on("error", () => undefined).resume();
		});
	}).listen(0, "127.0.0.1");
	onTestFinished(() => {
		for (const socket of sockets) socket.destroy();
		server.close();
	});
	await once(server, "listening");
	const address = server.address();
	return typeof address === "object" && address ? address.port : 0;
}

const reason = "there is no openssl to make certificates with";

describe.skipIf(!hasOpenssl())(`TLS with a Postgres server${hasOpenssl() ? "" : `: ${reason}`}`, () => {
	let server: TlsPostgres;
	let plain: TlsPostgres;
	beforeAll(async () => {
		[server, plain] = await Promise.all([startTlsPostgres(true), startTlsPostgres(false)]);
	});
	afterAll(() => Promise.all([server.stop(), plain.stop()]));

	const at = (role: string, query = "", host = "localhost", port = server.port) =>
		wayOf(`postgres://${role}@${host}:${port}/postgres${query}`);
	const encrypted = { isEncrypted: true };
	const unencrypted = { isEncrypted: false };

	test("without sslmode, servers that demand it and servers that refuse it can both be reached", async () => {
		expect(await at("secret")).toMatchObject({ role: "secret", ...encrypted });
		expect(await at("open")).toMatchObject({ role: "open", ...unencrypted });
		expect(await at("open", "", "localhost", plain.port)).toMatchObject(unencrypted);
	});

	test("every mode works as in libpq", async () => {
		expect(await at("nlpq", "?sslmode=disable")).toMatchObject(unencrypted);
		expect(await at("nlpq", "?sslmode=allow")).toMatchObject(unencrypted);
		expect(await at("secret", "?sslmode=allow")).toMatchObject(encrypted);
		expect(await at("nlpq", "?sslmode=prefer")).toMatchObject(encrypted);
		expect(await at("nlpq", "?sslmode=require")).toMatchObject(encrypted);
		const root = `&sslrootcert=${server.certificates.authority}`;
		expect(await at("nlpq", `?sslmode=verify-ca${root}`, "127.0.0.1")).toMatchObject(encrypted);
		expect(await at("nlpq", `?sslmode=verify-full${root}`)).toMatchObject(encrypted);
		expect(await at("nlpq", `?sslmode=require&sslnegotiation=direct`)).toMatchObject(encrypted);
	});

	test("our certificate is shown to a server that asks for it", async () => {
		const { client, clientKey } = server.certificates;
		const own = `?sslmode=require&sslcert=${client}&sslkey=${clientKey}`;
		expect(await at("bearer", own)).toMatchObject({ role: "bearer", certificate: "/CN=bearer" });
		expect(await at("bearer", "?sslmode=require")).toBeInstanceOf(UserError);
	});

	test("a Unix socket is used without TLS, in any mode", async () => {
		const folder = encodeURIComponent(server.socket);
		const address = `postgres://nlpq@${folder}:${server.port}/postgres?sslmode=require`;
		expect(await wayOf(address)).toMatchObject({ role: "nlpq", isEncrypted: false });
		const byQuery = `postgres:///postgres?user=nlpq&host=${folder}&port=${server.port}`;
		expect(await wayOf(byQuery)).toMatchObject({ role: "nlpq", isEncrypted: false });
	});

	test.each([
		["secret", "?sslmode=disable", "localhost", "does not admit us without TLS", "?sslmode=require"],
		["nlpq", "?sslmode=verify-full", "localhost", "is not trusted", "sslrootcert="],
		["nlpq", "?sslmode=verify-full&sslrootcert=STRANGER", "localhost", "is not trusted", "sslrootcert="],
		["nlpq", "?sslmode=require&sslrootcert=STRANGER", "localhost", "is not trusted", "sslrootcert="],
		["nlpq", "?sslmode=verify-full&sslrootcert=AUTHORITY", "127.0.0.1", "is for another name", "verify-ca"],
		["nlpq", "?sslmode=verify-ca&sslrootcert=/nowhere.pem", "localhost", "cannot be read (ENOENT)", "sslrootcert"],
		["nobody", "?sslmode=require", "localhost", "does not admit us", "pg_hba.conf"],
	])("as %s with %s at %s it ends in one sentence with the remedy", async (role, query, host, what, remedy) => {
		const { authority, stranger } = server.certificates;
		const written = query.replace("STRANGER", stranger).replace("AUTHORITY", authority);
		const fault = await at(role, written, host);
		if (!(fault instanceof UserError)) throw new Error("it connects");
		expect(fault.message).toContain(what);
		expect(fault.message).toMatch(/Nothing was changed\.$|\(ENOENT\)\.$/);
		expect(fault.remedy).toContain(remedy);
	});

	test.each([
		["?sslmode=verify-ca&sslrootcert=TEXT", "sslrootcert holds no certificate", "in PEM form"],
		["?sslmode=require&sslcert=FOREIGN&sslkey=KEY", "cannot be used (ERR_OSSL_", "belong together"],
		["?sslmode=require&sslcert=TEXT&sslkey=KEY", "cannot be used (ERR_OSSL_", "belong together"],
	])("with files that do not fit (%s) it ends in one sentence with the remedy", async (query, what, remedy) => {
		const { authority, clientKey } = server.certificates;
		const written = query.replace("KEY", clientKey).replace("FOREIGN", authority).replace("TEXT", "package.json");
		const fault = await at("nlpq", written);
		if (!(fault instanceof UserError)) throw new Error("it connects");
		expect(fault.message).toContain(what);
		expect(fault.remedy).toContain(remedy);
	});

	// An error that nobody hears ends the process, and fails this file.
	test("a server that falls silent once TLS is up ends that attempt, and not the process", async () => {
		const port = await startSilentServer(server.certificates.server, server.certificates.serverKey);
		expect(await at("nlpq", "?sslmode=require&connect_timeout=1", "localhost", port)).toMatchObject({
			message: expect.stringContaining("No Postgres server answers at DATABASE_URL: CONNECT_TIMEOUT"),
		});
	});

	test("a server without TLS and a missing server have different errors", async () => {
		const fault = await at("nlpq", "?sslmode=require", "localhost", plain.port);
		expect(fault).toMatchObject({
			message: expect.stringContaining("offers no TLS"),
			remedy: expect.stringContaining("prefer"),
		});
		expect(await at("nlpq", "?sslmode=require", "localhost", 1)).toMatchObject({
			message: expect.stringContaining("No Postgres server answers at DATABASE_URL: ECONNREFUSED"),
		});
	});
});

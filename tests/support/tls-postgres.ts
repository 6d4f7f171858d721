import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { freePort } from "./ports.ts";
import { PostgresHome, SUPERUSER } from "./postgres-home.ts";
import { newestPrograms } from "./postgres-programs.ts";

export const hasOpenssl = (): boolean => spawnSync("openssl", ["version"]).status === 0;

/** The files of our own authority, and of what it has signed. */
interface Certificates {
	readonly authority: string;
	/** An authority that has signed nothing here. */
	readonly stranger: string;
	readonly server: string;
	readonly serverKey: string;
	readonly client: string;
	readonly clientKey: string;
}

/** Makes certificates with openssl. The server's is only for `localhost`, the client's for the role `bearer`. */
function makeCertificates(folder: string): Certificates {
	const file = (name: string) => join(folder, name);
	const openssl = (...given: string[]) => execFileSync("openssl", given, { cwd: folder, stdio: "pipe" });
	const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
	for (const name of ["authority", "stranger"])
		openssl("req", "-x509", ...key, "-keyout", `${name}.key`, "-out", `${name}.pem`, "-subj", `/CN=${name}`);
	const sign = (name: string, subject: string, extension: string) => {
		openssl("req", ...key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${subject}`);
		writeFileSync(file("extension"), extension);
		const by = ["-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-extfile", "extension"];
		openssl("x509", "-req", "-in", `${name}.csr`, ...by, "-days", "2", "-out", `${name}.pem`);
		chmodSync(file(`${name}.key`), 0o600);
	};
	sign("server", "localhost", "subjectAltName=DNS:localhost");
	sign("client", "bearer", "extendedKeyUsage=clientAuth");
	return {
		authority: file("authority.pem"),
		stranger: file("stranger.pem"),
		server: file("server.pem"),
		serverKey: file("server.key"),
		client: file("client.pem"),
		clientKey: file("client.key"),
	};
}

/** `secret` and `bearer` must use TLS, the latter with a certificate; `open` must not; the superuser may do either. */
const ADMISSIONS = `local all all trust
hostssl all secret all trust
hostssl all bearer all cert
hostnossl all open all trust
host all ${SUPERUSER} all trust
`;

/** A real server with TLS, on TCP and on a Unix socket. */
export interface TlsPostgres {
	readonly port: number;
	readonly certificates: Certificates;
	/** The folder of its Unix socket. */
	readonly socket: string;
	stop(): Promise<void>;
}

/** @param isEncrypted whether it offers TLS */
export async function startTlsPostgres(isEncrypted: boolean): Promise<TlsPostgres> {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-tls-"));
	const certificates = makeCertificates(folder);
	const home = new PostgresHome(newestPrograms());
	home.initialise();
	home.own(folder);
	chmodSync(folder, 0o755);
	writeFileSync(join(home.data, "pg_hba.conf"), ADMISSIONS);
	const port = await freePort();
	const tls = ["ssl=on", `ssl_ca_file=${certificates.authority}`, `ssl_cert_file=${certificates.server}`];
	const { server, ended } = await home.begin(port, [
		...(isEncrypted ? [...tls, `ssl_key_file=${certificates.serverKey}`] : []),
		`unix_socket_directories=${folder}`,
		"listen_addresses=127.0.0.1",
	]);
	const maintenance = postgres({ host: "127.0.0.1", port, user: SUPERUSER, database: "postgres", max: 1 });
	await maintenance.unsafe("create role secret login; create role bearer login; create role open login");
	await maintenance.end();
	return {
		port,
		certificates,
		socket: folder,
		stop: async () => {
			server.kill("SIGINT");
			await ended;
			home.remove();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

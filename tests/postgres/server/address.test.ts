import { expect, test } from "vitest";
import { readAddress } from "../../../src/adapters/postgres/server/address.ts";
import { UserError } from "../../../src/core/errors.ts";

/** An address as read, with its hosts and TLS in short. */
function summarise(text: string, environment: Record<string, string> = {}) {
	const { hosts, user, password, database, tls, ...rest } = readAddress(text, environment);
	const places = hosts.map(({ name, port, path }) => path ?? `${name} ${port}`);
	return { places, user, password, database, sslmode: tls.mode, ...rest };
}

const PLAIN = {
	places: ["db.example.org 5432"],
	user: "nlpq",
	password: "secret",
	database: "study",
	sslmode: "prefer",
	schemas: null,
	options: null,
	applicationName: "nlpq",
	connectSeconds: null,
	isPooled: false,
	shown: "postgres://db.example.org:5432",
};
const BASE = "postgres://nlpq:secret@db.example.org/study";

test("a bare address is read, and shown without user, password and database", () => {
	expect(summarise(BASE)).toEqual(PLAIN);
	expect(summarise("postgresql://nlpq:secret@db.example.org:5432/study")).toEqual(PLAIN);
});

test.each([
	[
		"Neon",
		"postgresql://owner:npg_x1@ep-cool-1.eu-central-1.aws.neon.tech/neondb?sslmode=require&channel_binding=require",
		{ places: ["ep-cool-1.eu-central-1.aws.neon.tech 5432"], user: "owner", database: "neondb", sslmode: "require" },
	],
	[
		"Neon, for clients without SNI",
		"postgres://owner:x@ep-cool-1.aws.neon.tech/neondb?options=project%3Dep-cool-1",
		{ options: "project=ep-cool-1" },
	],
	[
		"Neon's endpoint",
		"postgres://owner:x@ep-cool-1.aws.neon.tech/neondb?options=endpoint%3Dep-cool-1&sslmode=require",
		{ options: "endpoint=ep-cool-1", sslmode: "require" },
	],
	[
		"Supabase's pooler for Prisma",
		"postgres://postgres.abcdef:x@aws-0-eu-west-1.pooler.supabase.com:6543/postgres?pgbouncer=true&connection_limit=1&supa=base-pooler.x",
		{ places: ["aws-0-eu-west-1.pooler.supabase.com 6543"], user: "postgres.abcdef", isPooled: true },
	],
	[
		"Heroku",
		"postgres://u7:p1@ec2-3-4.compute-1.amazonaws.com:5432/d9?sslmode=no-verify",
		{ sslmode: "require", database: "d9" },
	],
	[
		"RDS with its authority",
		"postgres://u:x@study.abc.eu-west-1.rds.amazonaws.com:5432/study?sslmode=verify-full&sslrootcert=/etc/rds.pem",
		{ sslmode: "verify-full" },
	],
	[
		"Azure's user@server",
		"postgres://nlpq@study:x@study.postgres.database.azure.com:5432/study?sslmode=require",
		{ user: "nlpq@study", password: "x", places: ["study.postgres.database.azure.com 5432"], sslmode: "require" },
	],
	["Azure, encoded", "postgres://nlpq%40study:x@study.postgres.database.azure.com/study", { user: "nlpq@study" }],
	[
		"Cloud SQL by a query",
		"postgresql://nlpq:x@/study?host=/cloudsql/project:region:name",
		{
			places: ["/cloudsql/project:region:name/.s.PGSQL.5432"],
			shown: "postgres://[/cloudsql/project:region:name]:5432",
		},
	],
	[
		"Cloud SQL by the whole socket",
		"postgresql://nlpq:x@/study?unix_sock=/cloudsql/project:region:name/.s.PGSQL.5432",
		{ places: ["/cloudsql/project:region:name/.s.PGSQL.5432"] },
	],
	[
		"a socket in the host",
		"postgres://nlpq@%2Ftmp%2Fpg:5433/study",
		{ places: ["/tmp/pg/.s.PGSQL.5433"], password: "" },
	],
	[
		"an IPv6 address",
		"postgres://nlpq:x@[2001:db8::1]:5433/study",
		{ places: ["2001:db8::1 5433"], shown: "postgres://[2001:db8::1]:5433" },
	],
	[
		"several hosts",
		"postgres://nlpq:x@one:5433,two,[::1]:5434/study?target_session_attrs=read-write",
		{ places: ["one 5433", "two 5432", "::1 5434"], shown: "postgres://one:5433,two:5432,[::1]:5434" },
	],
	[
		"hosts and ports by a query",
		"postgres:///study?host=one,two&port=5433,5434&user=u&password=p",
		{ places: ["one 5433", "two 5434"], user: "u", password: "p" },
	],
	[
		"one port for several hosts",
		"postgres:///study?host=one,two&port=6000&user=u",
		{ places: ["one 6000", "two 6000"] },
	],
	["a schema of Prisma's", `${BASE}?schema=Study`, { schemas: ["Study"] }],
	["a schema of JDBC's", `${BASE}?currentSchema=Study`, { schemas: ["study"] }],
	[
		"a search path in options",
		`${BASE}?options=-c%20search_path%3Done%2C%22Two%22`,
		{ schemas: ["one", "Two"], options: null },
	],
	[
		"a search path in options with escapes",
		`${BASE}?options=--search_path%3Done%2C%5C%20two`,
		{ schemas: ["one", "two"] },
	],
	["a search path", `${BASE}?search_path=one`, { schemas: ["one"] }],
	["no preparing", `${BASE}?prepare=false`, { isPooled: true }],
	["a cache without statements", `${BASE}?statement_cache_size=0`, { isPooled: true }],
	["a name for the server's list", `${BASE}?application_name=study%20bot`, { applicationName: "study bot" }],
	["a time to connect", `${BASE}?connect_timeout=15`, { connectSeconds: 15 }],
	["ssl=true", `${BASE}?ssl=true`, { sslmode: "verify-full" }],
	["ssl=require", `${BASE}?ssl=require`, { sslmode: "require" }],
	["the system's authorities", `${BASE}?sslrootcert=system`, { sslmode: "verify-full" }],
	["a strict Prisma", `${BASE}?sslaccept=strict`, { sslmode: "verify-full" }],
	[
		"what only other clients need",
		`${BASE}?pool_timeout=9&keepalives=1&statement_timeout=1000&gssencmode=disable&`,
		{},
	],
	["an escape in the database", "postgres://u:p@h/my%20study", { database: "my study" }],
])("%s", (_name, text, expected) => {
	expect(summarise(text)).toMatchObject(expected);
});

/** Every parameter of libpq 18, and of pgx, with which other programs' addresses are written. */
const ELSEWHERE = `application_name channel_binding client_encoding connect_timeout dbname fallback_application_name
	gssdelegation gssencmode gsslib host hostaddr keepalives keepalives_count keepalives_idle keepalives_interval krbsrvname
	load_balance_hosts max_protocol_version min_protocol_version oauth_client_id oauth_client_secret oauth_issuer oauth_scope
	options passfile password port replication require_auth requirepeer requiressl scram_client_key scram_server_key service
	servicefile ssl_max_protocol_version ssl_min_protocol_version sslcert sslcertmode sslcompression sslcrl sslcrldir sslkey
	sslkeylogfile sslmode sslnegotiation sslpassword sslrootcert sslsni target_session_attrs tcp_user_timeout user
	default_query_exec_mode pool_health_check_period pool_max_conn_idle_time pool_max_conn_lifetime
	pool_max_conn_lifetime_jitter pool_max_conns pool_min_conns pool_min_idle_conns statement_cache_capacity`.split(
	/\s+/,
);

test("every parameter that others write is understood, left out, or refused with what to do instead", () => {
	for (const name of ELSEWHERE) {
		let refusal = "";
		try {
			readAddress(`${BASE}?${name}=1`, {});
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			refusal = `${error.message} ${error.remedy}`;
		}
		expect(refusal, name).not.toContain("which nlpq does not know");
	}
});

test.each([
	["100%sure", "100%sure"],
	["p@ss", "p@ss"],
	["p@ss/w?o#rd", "p@ss/w?o#rd"],
	["a:b:c", "a:b:c"],
	["top/secret", "top/secret"],
	["what?", "what?"],
	["#1", "#1"],
	["p%40ss%2Fword", "p@ss/word"],
	["%F0%9F%94%91", "🔑"],
	["mit Leerzeichen", "mit Leerzeichen"],
])("the password %s is understood", (written, password) => {
	for (const rest of [
		"db.example.org/study",
		"db.example.org:5432/study?sslmode=require",
		"[::1]/study",
		"a:1,b:2/study",
	])
		expect(summarise(`postgres://nlpq:${written}@${rest}`)).toMatchObject({
			user: "nlpq",
			password,
			database: "study",
		});
});

test("what the address leaves out comes from the environment, as in libpq", () => {
	const environment = { PGHOST: "one", PGPORT: "5433", PGUSER: "ana", PGPASSWORD: "pw", PGDATABASE: "study" };
	expect(summarise("postgres://", environment)).toMatchObject({
		places: ["one 5433"],
		user: "ana",
		password: "pw",
		database: "study",
	});
	expect(summarise(BASE, environment)).toMatchObject({
		...PLAIN,
		places: ["db.example.org 5433"],
		shown: expect.any(String),
	});
	expect(summarise("postgres://ben@two:1/", {})).toMatchObject({ user: "ben", database: "ben", places: ["two 1"] });
});

/** What is refused, with parts of the sentence and of the remedy. */
test.each([
	["postgresql+psycopg://u:hunter22@h/db", "begins with postgresql+psycopg:", "postgres://"],
	["postgres+asyncpg://u:hunter22@h/db", "begins with postgres+asyncpg:", "postgres://"],
	["jdbc:postgresql://h/db?user=u&password=hunter22", "begins with jdbc:", "postgres://"],
	["prisma+postgres://accelerate?api_key=hunter22", "begins with prisma+postgres:", "postgres://"],
	["mysql://u:hunter22@h/db", "begins with mysql:", "postgres://"],
	["psql 'postgresql://u:hunter22@h/db'", "is a command or a quoted text", "the address alone"],
	['"postgresql://u:hunter22@h/db"', "is a command or a quoted text", "without quotes"],
	["host=h user=u password=hunter22", "is written in keywords", "postgres://"],
	["hunter22", "is not an address", "postgres://"],
	["u:hunter22@h/db", "is not an address", "postgres://"],
	["postgres://u:hunter22%@h%41/db%4", "not percent-encoded", "%25"],
	["postgres://u:hunter22%zz%41@h/db", "password is not percent-encoded", "%25"],
	["postgres://u:%E9hunter22@h/db", "password is not percent-encoded", "%25"],
	["postgres://u:hunter22/b@h?sslmode=require@k", "unencoded characters", "%2F"],
	["postgres://u:p@h:port/db", "unencoded characters", "Percent-encode"],
	["postgres://u:p@h:99999/db", "a port that is not", "5432"],
	["postgres://u:p@h/db?port=hunter22", "a port that is not", "5432"],
	["postgres://u:p@h/db?passwort=hunter22", "parameter passwort", "leave it out"],
	["postgres://u:5?hunter22=x@h/db", "parameters that cannot be read", "%3F"],
	["postgres://u:p@h/db?service=hunter22", "parameter service", "Write out"],
	["postgres://u:p@h/db?passfile=/hunter22", "parameter passfile", "PGPASSWORD"],
	["postgres://u:p@h/db?sslmode=hunter22", "sslmode that does not exist", "verify-full"],
	["postgres://u:p@h/db?sslmode=require&sslrootcert=system", "sslrootcert=system", "verify-full"],
	["postgres://u:p@h/db?sslnegotiation=direct", "sslnegotiation=direct", "sslmode=require"],
	["postgres://u:p@h/db?target_session_attrs=standby", "takes no writes", "read-write"],
	["postgres://u:p@h/db?options=-c%20work_mem%3Dhunter22", "setting in options", "alter role"],
	["postgres://u:p@h/db?options=hunter22", "options that nlpq does not know", "search_path"],
	["postgres://u:p@h/db?schema=pg_hunter22", "schema that belongs to Postgres", "?schema=nlpq"],
	["postgres://u:p@h/db?schema=information_schema", "schema that belongs to Postgres", "?schema=nlpq"],
	["postgres://u:p@h/db?search_path=%22$user%22%2Cpublic", "schema that belongs to Postgres", "leave it out"],
	["postgres://u:p@h/db?connect_timeout=hunter22", "connect_timeout", "whole number"],
	["postgres://u:top@secret#x@h#h", "unencoded characters", "%23"],
])("%s is refused with the remedy, and without any of its values", (text, what, remedy) => {
	let thrown: unknown;
	try {
		readAddress(text, {});
	} catch (error) {
		thrown = error;
	}
	if (!(thrown instanceof UserError)) throw new Error(`${text} is not refused`);
	expect(thrown.message).toContain(what);
	expect(thrown.message).toMatch(/^DATABASE_URL [^.]*\.$/);
	expect(thrown.remedy).toContain(remedy);
	for (const secret of ["hunter22", "secret", "top"])
		expect(`${thrown.message} ${thrown.remedy}`).not.toContain(secret);
});

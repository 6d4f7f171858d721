import { readFileSync } from "node:fs";
import postgres from "postgres";
import { inject, onTestFinished } from "vitest";

/** The SQL blocks of docs/databases.md under a heading. */
function documentedSql(heading: string): string[] {
	const document = readFileSync("docs/databases.md", "utf8");
	const section = document.split(/^##+ /m).find((part) => part.startsWith(`${heading}\n`)) ?? "";
	return [...section.matchAll(/```sql\n([\s\S]*?)```/g)].map(([, text = ""]) => text);
}

/** Runs statements as a role in a database. @param url parameters that only nlpq understands are dropped */
export async function runAs(url: string, text: string): Promise<void> {
	const address = new URL(url);
	address.search = "";
	const client = postgres(address.toString(), { max: 1, onnotice: () => undefined });
	try {
		await client.unsafe(text).simple();
	} finally {
		await client.end();
	}
}

/** A database's address for another role. */
export function addressAs(url: string, role: string): string {
	const address = new URL(url);
	address.username = role;
	address.password = "";
	return address.toString();
}

/** A database with the two roles of the documentation. */
export interface DocumentedDatabase {
	/** The address of the role that owns the schema. */
	readonly owner: string;
	/** The address of the role that serves members. */
	readonly bot: string;
	/** The address of a superuser. */
	readonly superuser: string;
}

/** Within a test: a new database made as docs/databases.md says, with unique names. */
export async function documentedDatabase(): Promise<DocumentedDatabase> {
	const suffix = crypto.randomUUID().slice(0, 8);
	const [database, owner, bot] = [`documented_${suffix}`, `owner_${suffix}`, `bot_${suffix}`];
	const renamed = (text: string) =>
		text
			.replaceAll("nlpq_owner", owner)
			.replaceAll("nlpq_bot", bot)
			.replaceAll("create database nlpq ", `create database ${database} `);
	const [inAny = "", inThat = ""] = documentedSql("Two roles").map(renamed);
	const maintenance = inject("postgresUrl");
	for (const statement of inAny.split(";\n").filter((text) => text.trim() !== "")) await runAs(maintenance, statement);
	onTestFinished(async () => {
		await runAs(maintenance, `drop database if exists ${database} with (force)`);
		await runAs(maintenance, `drop role if exists ${owner}, ${bot}`);
	});
	const url = new URL(maintenance);
	url.pathname = `/${database}`;
	await runAs(addressAs(url.toString(), owner), inThat);
	const inSchema = (role: string) => `${addressAs(url.toString(), role)}?schema=nlpq`;
	return { owner: inSchema(owner), bot: inSchema(bot), superuser: url.toString() };
}

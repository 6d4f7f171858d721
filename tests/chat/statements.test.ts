import { drizzle } from "drizzle-orm/pglite";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as schema from "../../drizzle/schema.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { openChat } from "../support/chat.ts";
import { openMemory } from "../support/embedded.ts";

const statements: string[] = [];
let chat: Awaited<ReturnType<typeof openChat>>;

beforeAll(async () => {
	const { client } = await openMemory();
	const logger = { logQuery: (text: string) => void statements.push(text) };
	chat = await openChat({ database: { db: drizzle(client, { schema, logger }), close: () => client.close() } });
	const say = (line: string) => chat.dispatcher.run(chat.caller("ada", true), readCommand(line, COMMANDS));
	await say("schedule add 09:00 UTC");
	for (const day of ["08", "09", "10"]) {
		chat.clock.moveTo(new Date(`2027-03-${day}T09:00:00Z`));
		await chat.daily.run();
		await say("answer today Attention weighs every value by how well its key fits the query.");
	}
});
afterAll(() => chat.close());

/** What a command sends to the database when it is given a second time. */
async function statementsOf(line: string): Promise<string[]> {
	await chat.dispatcher.run(chat.caller("ada"), readCommand(line, COMMANDS));
	statements.length = 0;
	const outcome = await chat.dispatcher.run(chat.caller("ada"), readCommand(line, COMMANDS));
	expect(outcome).toMatchObject({ type: "reply" });
	return [...statements];
}

test("one statement finds who gives a command", async () => {
	const sent = await statementsOf("streak");
	expect(sent.filter((text) => /"(workspaces|members|workspace_admins)"/.test(text))).toHaveLength(1);
});

test("a streak takes at most nine statements, and asks for nothing twice", async () => {
	const sent = await statementsOf("streak");
	expect(sent.length).toBeGreaterThan(1);
	expect(sent.length).toBeLessThanOrEqual(9);
	expect(new Set(sent).size).toBe(sent.length);
});

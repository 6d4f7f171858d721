import { expect, test } from "vitest";
import { openEmbedded } from "../../src/adapters/postgres/embedded/embedded.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { openChat } from "../support/chat.ts";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { MIGRATIONS } from "../support/made-once.ts";
import { CLOCK, converse, OWNER } from "../support/program.ts";

test("the next start says once how the last command ended: saved or not", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const { db, close } = await openEmbedded(folder, MIGRATIONS);
	const chat = await openChat({ database: { db, close } });
	const caller = chat.caller(OWNER, true, "terminal");
	const interaction = { ...caller.interaction, owed: { ticket: null } };
	// The process ends after the commit, before it prints anything.
	await chat.dispatcher.run({ ...caller, interaction }, readCommand("settings leaderboard no", COMMANDS));
	// Another ends before its commit.
	const workspace = await chat.store.people.findWorkspace("terminal", "terminal");
	const facts = { key: "terminal:early", workspaceId: workspace?.id ?? 0, command: "schedule add" };
	const owner = { platform: "terminal", memberExternalId: OWNER, ticket: null };
	await chat.store.interactions.owe({ ...facts, ...owner, at: new Date(chat.clock.now().getTime() + 1) }, 60);
	await chat.close();

	const ends = async () => {
		const replies = await converse(["/nlpq settings"], { folder, clock: CLOCK });
		const titles = replies.map(({ card }) => card.title).filter((title) => title.startsWith("Your last"));
		return { titles, text: JSON.stringify(replies) };
	};
	const { titles, text } = await ends();
	expect(titles).toEqual([
		"Your last command was saved: settings leaderboard",
		"Your last command was not saved: schedule add",
	]);
	expect(text).toContain("hidden from others");
	expect((await ends()).titles).toEqual([]);
});

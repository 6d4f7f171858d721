import { expect, test } from "vitest";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { openOverWire } from "../../support/postgres.ts";
import { openBot, textOf, type } from "./support.ts";

test("members are told in time that the database has gone silent, and answered when it is back", async () => {
	const { db, wire, close } = await openOverWire();
	const bot = await openBot({}, { store: createStore(db) });
	const say = async (command: string) => textOf(await type(bot, bot.ada, bot.channel, command).reply());
	expect(await say("streak")).toContain("streak");
	wire.fallSilent(true);
	// It stays silent until all are answered. TCP alone would take a quarter of an hour: longer than a test may.
	// `npm run bench -- discord` checks that it is 3 s on a quiet machine.
	const replies = await Promise.all([say("streak"), say("random"), say("help")]);
	for (const reply of replies) expect(reply).toContain("The database isn't answering right now.");
	wire.recover();
	await expect.poll(() => say("streak")).toContain("Your streak");
	await bot.close();
	expect(bot.discord.violations).toEqual([]);
	await close();
});

import { expect, test } from "vitest";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { openOverWire } from "../../support/postgres.ts";
import { openBot, textOf, type } from "./support.ts";

/**
 * How long a member waits for an answer on a busy machine, in milliseconds; TCP by itself would take a quarter of an
 * hour. `npm run bench -- discord` and `-- slack` check that it is 3 s on a quiet machine.
 */
const ANSWERED_WITHIN = 20_000;

test("members are told in time that the database has gone silent, and answered when it is back", async () => {
	const { db, wire, close } = await openOverWire();
	const bot = await openBot({}, { store: createStore(db) });
	const say = async (command: string) => textOf(await type(bot, bot.ada, bot.channel, command).reply());
	expect(await say("streak")).toContain("streak");
	wire.fallSilent(true);
	const begun = performance.now();
	const replies = await Promise.all([say("streak"), say("random"), say("help")]);
	expect(performance.now() - begun).toBeLessThan(ANSWERED_WITHIN);
	for (const reply of replies) expect(reply).toContain("The database isn't answering right now.");
	wire.recover();
	await expect.poll(() => say("streak")).toContain("Your streak");
	await bot.close();
	expect(bot.discord.violations).toEqual([]);
	await close();
});

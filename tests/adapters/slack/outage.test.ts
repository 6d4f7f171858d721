import { expect, test } from "vitest";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { openOverWire } from "../../support/postgres.ts";
import { faultsOf, httpSettings, setStage, socketSettings, startBot, title } from "./support.ts";

/**
 * How long a member waits for an answer on a busy machine, in milliseconds; TCP by itself would take a quarter of an
 * hour. `npm run bench -- discord` and `-- slack` check that it is 3 s on a quiet machine.
 */
const ANSWERED_WITHIN = 20_000;

test.each(["socket", "http"] as const)(
	"over %s, members are told in time that the database has gone silent",
	async (way) => {
		const { db, wire, close } = await openOverWire();
		const stage = await setStage();
		const settings = way === "socket" ? socketSettings(stage) : httpSettings(stage);
		const bot = await startBot(settings, { db, store: createStore(db) }, stage.clock);
		if (way === "http") {
			const origin = `http://127.0.0.1:${bot.adapter.port()}`;
			stage.slack.requestUrl = `${origin}/slack/events`;
			await stage.slack.walkInstall({
				installUrl: `${origin}/slack/install`,
				user: stage.admin,
				team: stage.team.id,
				origin,
			});
		}
		const say = (text: string) =>
			stage.slack.command({ team: stage.team.id, user: stage.ana, channel: stage.channel, text }).reply();
		expect(title(await say("streak"))).toContain("streak");
		wire.fallSilent(true);
		const begun = performance.now();
		const replies = await Promise.all([say("streak"), say("random"), say("leaderboard")]);
		expect(performance.now() - begun).toBeLessThan(ANSWERED_WITHIN);
		for (const reply of replies) expect(title(reply)).toContain("The database isn't answering right now.");
		wire.recover();
		await expect.poll(async () => title(await say("streak"))).toContain("Your streak");
		await bot.stop();
		expect(faultsOf(stage.slack)).toEqual([]);
		await stage.slack.stop();
		await close();
	},
);

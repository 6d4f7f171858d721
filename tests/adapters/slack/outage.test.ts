import { expect, test } from "vitest";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { openOverWire } from "../../support/postgres.ts";
import { faultsOf, httpSettings, setStage, socketSettings, startBot, title } from "./support.ts";

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
		// It stays silent until all are answered. TCP alone would take a quarter of an hour: longer than a test may.
		// `npm run bench -- slack` checks that it is 3 s on a quiet machine.
		const replies = await Promise.all([say("streak"), say("random"), say("leaderboard")]);
		for (const reply of replies) expect(title(reply)).toContain("The database isn't answering right now.");
		wire.recover();
		await expect.poll(async () => title(await say("streak"))).toContain("Your streak");
		await bot.stop();
		expect(faultsOf(stage.slack)).toEqual([]);
		await stage.slack.stop();
		await close();
	},
);

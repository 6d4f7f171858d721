import { expect, test } from "vitest";
import { openForEachTest, stage } from "./opening.ts";

openForEachTest();

const say = (user: string, text: string) => stage.slack.command({ user, channel: stage.channel, text });
const board = async () => JSON.stringify((await say(stage.admin, "leaderboard").reply()).blocks);

test("a deactivated member drops off the board, keeps the streak, and is back with the next command", async () => {
	await say(stage.admin, "schedule add 09:00 UTC").reply();
	await say(stage.admin, "schedule post").reply();
	await say(stage.ana, "check today A").reply();
	await say(stage.ben, "check today A").reply();
	const [ana, ben] = [stage.ana, stage.ben].map((id) => stage.slack.world.member(id));
	if (!ana || !ben) throw new Error("nobody there");
	ana.deleted = true;
	const first = await board();
	expect(first).toContain(`"channel_id":"${stage.channel}"`);
	expect(first).toContain(ben.displayName || ben.realName);
	expect(first).not.toContain(ana.displayName || ana.realName);
	ana.deleted = false;
	expect(JSON.stringify((await say(stage.ana, "streak").reply()).blocks)).toContain("Your streak: 1");
	expect(await board()).toContain(ana.displayName || ana.realName);
});

test("a member about whom Slack does not answer stays on the board", async () => {
	await say(stage.admin, "schedule add 09:00 UTC").reply();
	await say(stage.admin, "schedule post").reply();
	await say(stage.ana, "check today A").reply();
	const ana = stage.slack.world.member(stage.ana);
	ana.deleted = true;
	stage.slack.faults.add({ method: "users.info", kind: "ratelimited", retryAfter: 30 });
	expect(await board()).toContain(ana.displayName || ana.realName);
});

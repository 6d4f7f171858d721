import { WebAPIRateLimitedError } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startSlack } from "./slack.ts";
import { SCOPES, type Stage, setStage } from "./test-stage.ts";

let clock: Stage["clock"];
let slack: Stage["slack"];
let team: Stage["team"];
let channel: Stage["channel"];
let client: Stage["client"];
let clientFor: Stage["clientFor"];
let post: Stage["post"];

beforeEach(async () => {
	({ clock, slack, team, channel, client, clientFor, post } = await setStage());
});

afterEach(async () => {
	expect(slack.failures).toEqual([]);
	await slack.stop();
});

describe("limits and faults", () => {
	test("limits each method in each workspace, and says when to try again", async () => {
		slack.rateLimits.perMinute.set("conversations.history", 1);
		const history = () => client.conversations.history({ channel: channel.id });
		await history();
		clock.advance(20_000);
		const refused: unknown = await history().catch((error: unknown) => error);
		expect(refused).toBeInstanceOf(WebAPIRateLimitedError);
		expect(refused).toMatchObject({ retryAfter: 40 });
		const other = slack.settings.addTeam();
		const there = slack.settings.addChannel({ team: other.id });
		const elsewhere = clientFor(slack.settings.install(other.id, { scopes: SCOPES }).token);
		expect((await elsewhere.conversations.history({ channel: there.id })).ok).toBe(true);
		clock.advance(40_000);
		expect((await history()).ok).toBe(true);
	});

	test("accepts one message a second in a channel if a test limits it", async () => {
		slack.rateLimits.perChannel = true;
		const other = slack.settings.addChannel({ team: team.id });
		await post();
		await post({ channel: other.id });
		await expect(post()).rejects.toMatchObject({ retryAfter: 1 });
		clock.advance(1000);
		await post();
		expect(slack.messages(team.id, channel.id)).toHaveLength(2);
	});

	test("can lose the response after the message was posted; a search by metadata then finds it", async () => {
		slack.faults.add({ method: "chat.postMessage", kind: "commit-then-drop", times: 1 });
		const metadata = { event_type: "nlpq_delivery", event_payload: { delivery: "d7" } };
		await expect(post({ metadata })).rejects.toThrow();
		const look = async (include_all_metadata: boolean) => {
			const { messages = [] } = await client.conversations.history({ channel: channel.id, include_all_metadata });
			return messages.filter((one) => JSON.stringify(one.metadata ?? null).includes("d7")).length;
		};
		expect(await look(true)).toBe(1);
		expect(await look(false)).toBe(0);
		expect(slack.requests.at(0)).toMatchObject({ method: "chat.postMessage", team: team.id });
	});

	test("can fail before the message is posted: 500, reset, an error code, 429 and silence", async () => {
		const fail = (kind: Parameters<typeof slack.faults.add>[0]["kind"]) => {
			slack.faults.add({ method: "chat.postMessage", kind, times: 1, retryAfter: 7 });
			return post().catch((error: unknown) => error);
		};
		expect(await fail("500")).toMatchObject({ statusCode: 500 });
		expect(await fail("reset")).toMatchObject({ code: "slack_webapi_request_error" });
		expect(await fail({ error: "fatal_error" })).toMatchObject({ data: { error: "fatal_error" } });
		expect(await fail("ratelimited")).toMatchObject({ retryAfter: 7 });
		expect(await fail("hang")).toMatchObject({ code: "slack_webapi_request_error" });
		expect(slack.messages(team.id, channel.id)).toEqual([]);
		expect(slack.faults.struck).toHaveLength(5);
	});

	test("can be slow on the server's clock, and selects calls by their arguments", async () => {
		slack.faults.add({ method: "*", kind: "slow", delayMs: 60_000, when: (args) => args.text === "slow" });
		await post({ text: "quick" });
		const slow = post({ text: "slow" });
		await slack.until("the call", () => slack.faults.struck[0]);
		expect(slack.messages(team.id, channel.id)).toHaveLength(1);
		clock.advance(60_000);
		await slow;
		expect(slack.messages(team.id, channel.id)).toHaveLength(2);
	});

	test("fails at random, the same way for the same seed", async () => {
		const struck = async (seed: number) => {
			const one = await startSlack({ seed });
			one.faults.add({ method: "auth.test", kind: { error: "fatal_error" }, probability: 0.5 });
			const outcomes = Array.from({ length: 20 }, () => one.faults.strike("auth.test", {}) !== undefined);
			await one.stop();
			return outcomes;
		};
		const [first, again, other] = [await struck(7), await struck(7), await struck(8)];
		expect(again).toEqual(first);
		expect(other).not.toEqual(first);
		expect(new Set(first).size).toBe(2);
	});
});

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sign } from "../../../packages/local-slack/signed-http.ts";
import {
	type Bot,
	faultsOf,
	httpSettings,
	openStore,
	type Stage,
	setStage,
	socketSettings,
	startBot,
	title,
} from "./support.ts";

const FORM = "application/x-www-form-urlencoded";
const NO_PAYLOADS = [
	"null",
	"[]",
	"[null]",
	'"text"',
	"1",
	"true",
	"{}",
	'{"event":null}',
	'{"event":"x"}',
	'{"type":1}',
];

let database: Awaited<ReturnType<typeof openStore>>;
let stage: Stage;
let bot: Bot;
let address = "";

beforeAll(async () => {
	database = await openStore();
	stage = await setStage();
	bot = await startBot(httpSettings(stage), database, stage.clock);
	address = `http://127.0.0.1:${bot.adapter.port()}/slack/events`;
});
afterAll(async () => {
	await bot.stop();
	expect(faultsOf(stage.slack)).toEqual([]);
	await stage.slack.stop();
	await database.close();
});

let turn = 0;
/** Sends a body with Slack's signature. */
async function send(body: string, contentType: string): Promise<number> {
	// Each is signed for a different second, so that none counts as a repeat.
	turn += 1;
	const timestamp = Math.floor(Date.now() / 1000) - (turn % 200);
	const headers = {
		"content-type": contentType,
		"x-slack-request-timestamp": String(timestamp),
		"x-slack-signature": sign(stage.slack.app.signingSecret, timestamp, body),
	};
	return (await fetch(address, { method: "POST", headers, body })).status;
}

test("a signed body of JSON that is not a payload gets a 400, as JSON and as a form's payload", async () => {
	for (const text of NO_PAYLOADS) {
		expect([text, await send(text, "application/json")]).toEqual([text, 400]);
		const form = new URLSearchParams({ payload: text }).toString();
		expect([text, await send(form, FORM)]).toEqual([text, 400]);
	}
	expect(await send("", "application/json")).toBe(400);
	expect(await send("ssl_check=1", FORM)).toBe(200);
});

const some = fc.oneof(fc.jsonValue({ maxDepth: 3 }), fc.constantFrom("C1", "U1", "block_actions", "view_submission"));
const payload = fc.record(
	Object.fromEntries(
		[
			"type",
			"command",
			"event",
			"actions",
			"view",
			"user",
			"team",
			"channel",
			"authorizations",
			"container",
			"name",
		].map((key) => [key, key === "type" || key === "command" ? fc.oneof(fc.string(), some) : some]),
	),
	{ requiredKeys: [] },
);

test("any signed body is answered, and the process survives it", { timeout: 120_000 }, async () => {
	await fc.assert(
		fc.asyncProperty(payload, async (body) => {
			const text = JSON.stringify({ ...body, type: body.type === "url_verification" ? "x" : body.type });
			// What the library reads but nobody handles is answered only after a time-out, which the test does not wait
			// for.
			const answered = send(text, "application/json");
			const late = new Promise<number>((resolve) => setTimeout(resolve, 200, 200));
			expect(await Promise.race([answered, late])).toBeLessThan(600);
		}),
		{ numRuns: 150 },
	);
});

test("a socket's frames may contain any JSON: the next command is still answered", async () => {
	const other = await setStage();
	const listening = await startBot(socketSettings(other), database, other.clock);
	await other.slack.sockets.waitFor(2);
	const rateLimit = { type: "app_rate_limited", minute_rate_limited: 1_518_467_820 };
	const notice = JSON.stringify({ type: "events_api", envelope_id: "1", payload: rateLimit });
	for (const text of [
		...NO_PAYLOADS,
		"no JSON",
		'{"type":"events_api","payload":null}',
		'{"type":"interactive"}',
		notice,
	])
		other.slack.sockets.sendText(text);
	const given = other.slack.command({ user: other.ana, channel: other.channel, text: "help" });
	expect(title(await given.reply())).toBe("What I can do, here and now");
	await listening.stop();
	await other.slack.stop();
});

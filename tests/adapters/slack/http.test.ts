import { type AddressInfo, connect } from "node:net";
import { beforeEach, describe, expect, test } from "vitest";
import { seeded } from "../../../packages/local-slack/faults.ts";
import { sign } from "../../../packages/local-slack/signed-http.ts";
import { createPlainReceiver } from "../../../src/adapters/slack/install/oauth.ts";
import { SignedHttpServer } from "../../../src/adapters/slack/transport/server.ts";
import { byEffort } from "../../support/effort.ts";
import { openRunLog } from "../../support/run-log.ts";
import { bot, command, install, openOverHttpForEachTest, origin, stage } from "./opening.ts";
import { ephemeral, formOf } from "./support.ts";

/** How many forgeries to try: every kind some hundred times. */
const FORGERIES = byEffort({ test: 500, ci: 10_000, full: 10_000 });

openOverHttpForEachTest();

describe("requests", () => {
	beforeEach(async () => {
		await install();
	});

	test("answer commands, buttons and forms as over sockets", async () => {
		const shown = await command("random").reply();
		const answerButton = shown.blocks
			.flatMap((block) => (block.type === "actions" ? block.elements : []))
			.find((one) => one.type === "button" && one.text.text === "Answer");
		const pressed = { user: stage.ana, message: shown, actionId: answerButton?.action_id ?? "" };
		const form = await formOf(stage.slack, stage.slack.action(pressed));
		await stage.slack.viewSubmission({ view: form, values: { value: "My words, as I would say them." } }).acked();
		expect((await ephemeral(stage.slack, stage.ana, "✅ Compare · ")).ephemeralTo).toBe(stage.ana);
	});

	test("are refused if repeated, from the future, too old, too long, or to another address", async () => {
		const given = command("help");
		await given.reply();
		expect((await stage.slack.replay(given)).status).toBe(401);
		for (const ageSeconds of [-60, -3600, 301, 86_400])
			expect(
				(
					await stage.slack
						.command({ user: stage.ana, channel: stage.channel, text: "help", forge: { ageSeconds } })
						.acked()
				).status,
			).toBe(401);
		const long = await stage.slack
			.command({ user: stage.ana, channel: stage.channel, text: "x".repeat(300_000) })
			.acked();
		expect(long.status).toBe(413);
		expect((await fetch(`${origin}/slack/else`, { method: "POST", body: "" })).status).toBe(404);
		expect((await fetch(`${origin}/slack/events`)).status).toBe(404);
		const unsigned = await fetch(`${origin}/slack/events`, {
			method: "POST",
			headers: { "content-type": "application/x-www-form-urlencoded" },
			body: "ssl_check=1",
		});
		expect(unsigned.status).toBe(401);
		await bot.adapter.idle();
		expect(given.replies).toHaveLength(1);
	});

	test("without Slack's signature are counted in one log line a minute, and so are failed installations", async () => {
		bot.lines.length = 0;
		for (let count = 0; count < 50; count += 1) {
			expect((await fetch(`${origin}/slack/events`, { method: "POST", body: "x" })).status).toBe(401);
			expect((await fetch(`${origin}/slack/oauth_redirect?code=x&state=${count}`)).status).toBe(400);
		}
		const lines = bot.lines.map((line) => JSON.parse(line)).filter(({ level }) => level >= 40);
		expect(lines.filter(({ msg }) => msg === "refused requests without Slack's signature")).toMatchObject([
			{ times: 1 },
		]);
		expect(lines.filter(({ msg }) => msg === "an installation was not finished")).toHaveLength(1);
		expect(lines.length).toBeLessThan(6);
	});

	test(`take none of ${FORGERIES} forgeries`, async () => {
		const random = seeded(7);
		const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
		const { signingSecret } = stage.slack.app;
		/** Changes one printable character somewhere. */
		const flip = (text: string) => {
			const at = Math.floor(random() * text.length);
			const other = 0x21 + ((text.charCodeAt(at) - 0x21 + 1 + Math.floor(random() * 93)) % 94);
			return `${text.slice(0, at)}${String.fromCharCode(other)}${text.slice(at + 1)}`;
		};
		const genuine = command("settings leaderboard no");
		await genuine.reply();
		await bot.adapter.idle();
		const before = stage.slack.requests.length;
		const now = () => Math.floor(Date.now() / 1000);
		const bodyOf = (n: number) =>
			new URLSearchParams({
				command: "/nlpq",
				text: "settings forget confirm:yes",
				team_id: stage.team.id,
				channel_id: stage.channel,
				user_id: stage.ana,
				response_url: `${stage.slack.apiUrl}x`,
				trigger_id: `t${n}`,
			}).toString();
		const forge = (n: number): { headers: Record<string, string>; body: string } => {
			const body = bodyOf(n);
			const timestamp = now();
			const right = sign(signingSecret, timestamp, body);
			const made = (signature: string, at: string, what = body) => ({
				headers: { "x-slack-signature": signature, "x-slack-request-timestamp": at },
				body: what,
			});
			switch (n % 10) {
				case 0:
					return made(flip(right), String(timestamp));
				case 1:
					return made(right, flip(String(timestamp)));
				case 2:
					return made(right, String(timestamp), flip(body));
				case 3:
					return made(sign(flip(signingSecret), timestamp, body), String(timestamp));
				case 4:
					return made(sign(signingSecret, timestamp + 31 + (n % 9000), body), String(timestamp + 31 + (n % 9000)));
				case 5:
					return made(sign(signingSecret, timestamp - 302 - (n % 9000), body), String(timestamp - 302 - (n % 9000)));
				case 6:
					return made(
						pick([
							"",
							"v0=",
							right.slice(0, -1),
							`${right}0`,
							right.toUpperCase(),
							right.replace("v0", "v1"),
							` ${right}=`,
							`v0=${"0".repeat(64)}`,
						]),
						String(timestamp),
					);
				case 7:
					return made(
						right,
						pick([
							"",
							"0",
							"NaN",
							`0${timestamp}`,
							`${timestamp}.0`,
							`+${timestamp}`,
							"1e9",
							`${timestamp} `.replace(" ", "0"),
							"-1",
						]),
					);
				case 8:
					return made(
						right,
						String(timestamp),
						pick([`${body}&ssl_check=1`, `ssl_check=1&${body}`, "", `${body} `, body.replace("nlpq", "NLPQ")]),
					);
				default:
					return { headers: n % 20 === 9 ? {} : { "x-slack-signature": right }, body };
			}
		};
		const statuses = new Map<number, number>();
		for (let from = 0; from < FORGERIES; from += 50)
			await Promise.all(
				Array.from({ length: 50 }, async (_, index) => {
					const { headers, body } = forge(from + index);
					const answer = await fetch(`${origin}/slack/events`, {
						method: "POST",
						headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
						body,
					});
					await answer.arrayBuffer();
					statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
				}),
			);
		await bot.adapter.idle();
		expect(Object.fromEntries(statuses)).toEqual({ 401: FORGERIES });
		expect(stage.slack.requests.length).toBe(before);
	});
});

test("are cut off early when half of the request never comes", async () => {
	const times = { headersTimeout: 200, requestTimeout: 300, connectionsCheckingInterval: 50 };
	const { app } = stage.slack;
	const log = openRunLog();
	const receiver = createPlainReceiver(app.signingSecret, log);
	const door = new SignedHttpServer({ receiver, secret: app.signingSecret, installs: false, log, times });
	await new Promise<void>((resolve) => door.server.listen(0, "127.0.0.1", resolve));
	const { port } = door.server.address() as AddressInfo;
	const beginnings = [
		"",
		"POST /slack/events HTTP/1.1\r\nHo",
		"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf",
	];
	const ended = beginnings.map(
		(beginning) =>
			new Promise<void>((resolve) => {
				const socket = connect(port, "127.0.0.1", () => socket.write(beginning));
				socket
					.resume()
					.on("error", () => undefined)
					.on("close", () => resolve());
			}),
	);
	await Promise.all(ended);
	await door.close();
	expect(door.server.listening).toBe(false);
});

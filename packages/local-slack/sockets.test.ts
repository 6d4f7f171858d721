import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RunningApp, startHttpApp, startSocketApp } from "./bolt-app.ts";
import { type MovableClock, movableClock } from "./clock.ts";
import { type LocalSlack, startSlack } from "./slack.ts";
import type { Channel, Member, Team } from "./world.ts";

let clock: MovableClock;
let slack: LocalSlack;
let team: Team;
let channel: Channel;
let ana: Member;
let token: string;
let appToken: string;
let running: RunningApp[];

beforeEach(async () => {
	clock = movableClock();
	slack = await startSlack({ clock });
	team = slack.settings.addTeam();
	ana = slack.settings.addMember({ team: team.id });
	channel = slack.settings.addChannel({ team: team.id, members: [ana.id] });
	token = slack.settings.install(team.id).token;
	appToken = slack.credentials.newAppToken();
	running = [];
});

afterEach(async () => {
	for (const one of running) await one.stop();
	expect(slack.failures).toEqual([]);
	await slack.stop();
});

/** Milliseconds after which an app gives up a silent socket, and opens another, in tests of reconnecting. */
const SOON = 300;

async function socketApp(pingTimeout?: number): Promise<RunningApp> {
	const one = await startSocketApp(slack, token, appToken, pingTimeout);
	running.push(one);
	return one;
}

const opened = () => slack.homeOpened({ team: team.id, user: ana.id });

describe("redelivery", () => {
	test("sends an unacknowledged event again to another socket: at once, after 1 minute and after 5", async () => {
		const seen: unknown[] = [];
		for (const one of [await socketApp(), await socketApp()]) {
			// Dropped before Bolt can acknowledge it.
			one.app.processEvent = async (event) => void seen.push([event.retryNum, event.retryReason]);
		}
		const delivery = opened();
		await slack.until("the first", () => seen[0]);
		clock.advance(3000);
		await slack.until("the second", () => seen[1]);
		clock.advance(3000 + 60_000);
		await slack.until("the third", () => seen[2]);
		clock.advance(3000 + 300_000);
		await slack.until("the fourth", () => seen[3]);
		clock.advance(3_600_000);
		expect(seen).toEqual([
			[0, ""],
			[1, "timeout"],
			[2, "timeout"],
			[3, "timeout"],
		]);
		const sockets = delivery.attempts.map((attempt) => attempt.to);
		expect(new Set(sockets)).toEqual(new Set([1, 2]));
		expect(sockets[0]).not.toBe(sockets[1]);
	});

	test("marks a redelivery over HTTP by headers, and stops once it is acknowledged", async () => {
		const seen: unknown[] = [];
		const one = await startHttpApp(slack, { token });
		running.push(one);
		const process = one.app.processEvent.bind(one.app);
		one.app.processEvent = async (event) => {
			seen.push([event.retryNum, event.retryReason]);
			if (event.retryNum !== undefined) await process(event);
		};
		const delivery = opened();
		await slack.until("the first", () => seen[0]);
		clock.advance(3000);
		expect(await delivery.acked()).toMatchObject({ late: false, status: 200, attempt: { retry: 1 } });
		clock.advance(3_600_000);
		expect(seen).toEqual([
			[undefined, undefined],
			[1, "http_timeout"],
		]);
	});

	test("does not repeat an interaction by itself, and ignores a late ack", async () => {
		const one = await socketApp();
		let release = () => {};
		const held = new Promise<void>((resolve) => {
			release = resolve;
		});
		one.app.command("/nlpq", async ({ ack }) => {
			await held;
			await ack("too late");
		});
		const delivery = slack.command({ user: ana.id, channel: channel.id });
		clock.advance(3001);
		release();
		expect(await delivery.acked()).toMatchObject({ late: true });
		expect(delivery.replies).toEqual([]);
		expect(delivery.attempts).toHaveLength(1);
	});

	test("can deliver the same interaction to the app twice", async () => {
		const seen: string[] = [];
		const one = await socketApp();
		one.app.command("/nlpq", async ({ ack, command }) => {
			await ack();
			seen.push(command.trigger_id);
		});
		const delivery = slack.command({ user: ana.id, channel: channel.id });
		await delivery.acked();
		slack.redeliver(delivery);
		await slack.until("the second", () => seen[1]);
		expect(seen[1]).toBe(seen[0]);
	});
});

describe("sockets", () => {
	test("deliver to all of them in turn", async () => {
		await socketApp();
		await socketApp();
		const tries = [opened(), opened(), opened(), opened()];
		for (const delivery of tries) await delivery.acked();
		expect(tries.map((delivery) => delivery.attempts[0]?.to).sort()).toEqual([1, 1, 2, 2]);
	});

	test.each([
		["told to refresh", () => slack.sockets.disconnect("refresh_requested")],
		["cut off without a close frame", () => slack.sockets.drop()],
		["dead without a word", () => slack.sockets.freeze()],
	])("an app whose socket is %s comes back", async (_name, break_) => {
		await socketApp(SOON);
		const before = slack.sockets.opened;
		break_();
		await slack.until("another socket", () => (slack.sockets.opened > before ? true : undefined));
		// The dead socket may still be counted: Slack also sends to it, and what it gets is lost.
		const isAnswered = () =>
			Promise.any([opened(), opened()].map((delivery) => delivery.acked(5_000))).then(() => true);
		await expect.poll(isAnswered).toBe(true);
	});

	test("are kept by an app whose machine is busy with something else", async () => {
		await socketApp();
		for (let round = 0; round < 4; round += 1) {
			const until = performance.now() + 400;
			while (performance.now() < until);
			await opened().acked();
		}
		expect(slack.sockets.opened).toBe(1);
	});

	test("are closed with the app when Slack stops, even while the app closes its own", async () => {
		const one = await socketApp();
		await one.stop();
		await slack.stop();
		expect(slack.sockets.open).toEqual([]);
		expect(one.log.filter((line) => /error/i.test(line))).toEqual([]);
	});

	test("can be refused for a while", async () => {
		slack.sockets.refusing = true;
		const starting = socketApp(SOON);
		await slack.until("two tries", () =>
			slack.requests.filter((one) => one.method === "apps.connections.open").length > 1 ? true : undefined,
		);
		expect(slack.sockets.open).toEqual([]);
		slack.sockets.refusing = false;
		await slack.sockets.waitFor(1);
		await starting;
	});

	test("are refused for an app token that is unknown, revoked or a bot's", async () => {
		const open = (value: string) => new WebClient(value, { slackApiUrl: slack.apiUrl }).apps.connections.open();
		await expect(open("xapp-unknown")).rejects.toThrow("invalid_auth");
		await expect(open(token)).rejects.toThrow("not_allowed_token_type");
		slack.credentials.revokeAppToken(appToken);
		await expect(open(appToken)).rejects.toThrow("token_revoked");
		await expect(startSocketApp(slack, token, "xapp-unknown")).rejects.toThrow("invalid_auth");
	});
});

import { expect, test } from "vitest";
import { readConfig } from "../../src/config.ts";
import { wantsPlatforms } from "../../src/run/adapters.ts";
import { slackSettings } from "../../src/run/slack-settings.ts";

const bot = { SLACK_BOT_TOKEN: "xoxb-1" };
const app = { SLACK_APP_TOKEN: "xapp-1" };
const signing = { SLACK_SIGNING_SECRET: "0123456789abcdef" };
const client = { SLACK_CLIENT_ID: "1.2", SLACK_CLIENT_SECRET: "secret" };
const key = { NLPQ_ENCRYPTION_KEY: "k1:x" };
const port = { PORT: "3000" };

test.each([
	["sockets", { ...bot, ...app }, { way: "socket" }],
	["sockets, also with the rest of the app's credentials", { ...bot, ...app, ...signing, ...port }, { way: "socket" }],
	["HTTP for one workspace", { ...bot, ...signing, ...port }, { way: "http-single", port: 3000, host: "127.0.0.1" }],
	["HTTP for many", { ...signing, ...client, ...key, ...port }, { way: "http", port: 3000, host: "127.0.0.1" }],
	[
		"HTTP on another address",
		{ ...bot, ...signing, ...port, NLPQ_HTTP_HOST: "0.0.0.0" },
		{ way: "http-single", host: "0.0.0.0" },
	],
] as const)("Slack is connected by %s", (_way, settings, expected) => {
	expect(slackSettings(readConfig(settings))).toMatchObject(expected);
});

test.each([
	[bot, "SLACK_APP_TOKEN is missing"],
	[app, "SLACK_BOT_TOKEN is missing"],
	[signing, "SLACK_BOT_TOKEN, PORT are missing"],
	// No port is opened without PORT.
	[{ ...bot, ...signing }, "PORT is missing"],
	[{ ...signing, ...client, ...key }, "PORT is missing"],
	[{ ...signing, ...client, ...port }, "NLPQ_ENCRYPTION_KEY is missing"],
	[{ ...bot, ...app, SLACK_CLIENT_ID: "1.2" }, "SLACK_SIGNING_SECRET, SLACK_CLIENT_SECRET, NLPQ_ENCRYPTION_KEY, PORT"],
])("with only %j, what is missing is named", (settings, expected) => {
	const config = readConfig(settings);
	expect(wantsPlatforms(config)).toBe(true);
	expect(() => slackSettings(config)).toThrow(expected);
});

test("without any of Slack's credentials, Slack is off", () => {
	expect(wantsPlatforms(readConfig({ ...port, ...key }))).toBe(false);
});

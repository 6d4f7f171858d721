import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { slackInbox } from "../../../drizzle/slack.ts";
import type { SlackSettings } from "../../../src/adapters/slack/settings.ts";
import type { Throttle } from "../../../src/chat/dispatch.ts";
import {
	type Bot,
	endWithoutFault,
	faultsOf,
	httpSettings,
	openStore,
	type Stage,
	setStage,
	socketSettings,
	startBot,
} from "./support.ts";

/** The database of the running file. */
export let database: Awaited<ReturnType<typeof openStore>>;
/** The local Slack of the running test. */
export let stage: Stage;
/** The bot of the running test, as last started. */
export let bot: Bot;
/** Address of that bot's HTTP server, without a path; empty over sockets. */
export let origin = "";

export interface Opening {
	/** The scopes that the bot is installed with; by default all that the manifest requires. */
	readonly scopes?: readonly string[];
	/** The events that Slack sends to the app; by default all. */
	readonly events?: readonly string[];
	/** How the bot reaches Slack; by default over sockets. */
	readonly settings?: (stage: Stage) => SlackSettings;
	readonly throttle?: Throttle;
}

/** Starts a bot on the test's Slack. Stop the earlier one before. */
export async function startAgain(settings: SlackSettings, throttle?: Throttle): Promise<void> {
	bot = await startBot(settings, database, stage.clock, throttle);
	origin = settings.way === "http" ? `http://127.0.0.1:${bot.adapter.port()}` : "";
	if (origin !== "") stage.slack.requestUrl = `${origin}/slack/events`;
}

/** Sets up a local Slack and starts a bot on it. */
export async function open({ scopes, events, settings = socketSettings, throttle }: Opening = {}): Promise<void> {
	// Every local Slack numbers its events from the start.
	await database.db.delete(slackInbox);
	stage = await setStage(scopes);
	if (events) stage.slack.app.events = events;
	await startAgain(settings(stage), throttle);
}

/** Stops both. The bot may have met faults that the test provoked; Slack may not. */
export async function closeLegally(): Promise<void> {
	await bot.stop();
	expect(faultsOf(stage.slack)).toEqual([]);
	await stage.slack.stop();
}

/** Opens one database for all tests of a file. */
export function openDatabaseForFile(): void {
	beforeAll(async () => {
		database = await openStore();
	});
	afterAll(() => database.close());
}

/** Opens a database for the file, and a local Slack with a bot for each test. @param close ends a test */
export function openForEachTest(opening: Opening = {}, close = () => endWithoutFault(stage, bot)): void {
	openDatabaseForFile();
	beforeEach(() => open(opening));
	afterEach(close);
}

/** The same over HTTP. Also checks that no log line has a secret. */
export function openOverHttpForEachTest(): void {
	// Hooks after a test run last registered first, so this one sees the whole log.
	afterEach(() => {
		const { clientSecret, signingSecret } = stage.slack.app;
		for (const secret of ["xoxb-", "xoxe", clientSecret, signingSecret, "/response/"])
			expect(bot.lines.join("")).not.toContain(secret);
	});
	openForEachTest({ settings: httpSettings });
}

/** An admin installs the app in a browser. */
export const install = (changes: Partial<Parameters<Stage["slack"]["walkInstall"]>[0]> = {}) =>
	stage.slack.walkInstall({
		installUrl: `${origin}/slack/install`,
		user: stage.admin,
		team: stage.team.id,
		origin,
		...changes,
	});

/** Types `/nlpq text` in the channel. */
export const command = (text: string, user = stage.ana) => stage.slack.command({ user, channel: stage.channel, text });

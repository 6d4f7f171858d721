import { expect } from "vitest";
import type { Delivery as SlackDelivery } from "../../../packages/local-slack/delivery.ts";
import { mentionsIn } from "../../../packages/local-slack/mentions.ts";
import { controlsOf } from "../../../packages/local-slack/schema/blocks.ts";
import type { Control } from "../../../packages/local-slack/schema/elements.ts";
import { type LocalSlack, startSlack } from "../../../packages/local-slack/slack.ts";
import type { Message, OpenView, Team } from "../../../packages/local-slack/world.ts";
import { ManualClock } from "../../../src/adapters/clock.ts";
import { drawPicture } from "../../../src/adapters/pictures/draw.ts";
import type { Db } from "../../../src/adapters/postgres/db.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import type { HttpSettings, SlackSettings } from "../../../src/adapters/slack/settings.ts";
import { createSlack, type SlackAdapter } from "../../../src/adapters/slack/slack.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { DailyEngine } from "../../../src/chat/daily.ts";
import { Dispatcher, type Throttle } from "../../../src/chat/dispatch.ts";
import type { Delivery } from "../../../src/core/model.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { RootStore } from "../../../src/core/ports/store.ts";
import { createServices, type Services } from "../../../src/core/service/services.ts";
import { realBank } from "../../support/bank.ts";
import { testRandom } from "../../support/dice.ts";
import { openWithBank } from "../../support/postgres.ts";
import { RecordingConnection } from "../../support/recording-connection.ts";
import { openRunLog } from "../../support/run-log.ts";
import { SIGNING_KEY } from "./places.ts";

/** All scopes of the manifest. */
export const ALL_SCOPES = ["channels:read", "chat:write", "commands", "files:write", "groups:read", "users:read"];

/** A new database with every table and the bank. */
export async function openStore(): Promise<{ db: Db; store: RootStore; close(): Promise<void> }> {
	const { db, close } = await openWithBank();
	return { db, store: createStore(db), close };
}

export interface Fault {
	readonly what: string;
	readonly error: unknown;
}

/** One running process of the study bot, without its entry point. */
export interface Bot {
	readonly adapter: SlackAdapter;
	readonly connection: RecordingConnection;
	readonly dispatcher: Dispatcher;
	readonly daily: DailyEngine;
	readonly services: Services;
	readonly faults: Fault[];
	/** The lines of the log, as JSON. */
	readonly lines: string[];
	/** What became of each delivery: its kind and outcome. */
	readonly outcomes: string[];
	stop(): Promise<void>;
}

export async function startBot(
	settings: SlackSettings,
	database: { db: Db; store: RootStore },
	clock: Clock,
	throttle: Throttle = () => 0,
): Promise<Bot> {
	const bank = await realBank();
	const { db, store } = database;
	const services = createServices(store, bank, testRandom());
	await store.bank.synchronise(bank.all(), clock.now());
	const faults: Fault[] = [];
	const lines: string[] = [];
	const log = openRunLog(lines);
	const connection = new RecordingConnection();
	const adapter = createSlack(settings, { services, db, urgent: db, clock, log, connection, drawPicture });
	const outcomes: string[] = [];
	const observer = {
		delivered: ({ kind }: Delivery, outcome: string) => void outcomes.push(`${kind} ${outcome}`),
		fault: (what: string, error: unknown) => void faults.push({ what, error }),
	};
	const daily = new DailyEngine({
		services,
		platforms: [adapter.platform],
		clock,
		worker: crypto.randomUUID(),
		observer,
	});
	const calls = {
		ran: () => undefined,
		fault: (_reference: string, command: string, error: unknown) => void faults.push({ what: command, error }),
	};
	const dispatcher = new Dispatcher({
		services,
		clock,
		commands: COMMANDS,
		platform: adapter.platform,
		daily,
		observer: calls,
		throttle,
	});
	await adapter.start(dispatcher);
	const stop = async () => {
		await daily.stop();
		await adapter.stop();
	};
	return { adapter, connection, dispatcher, daily, services, faults, lines, outcomes, stop };
}

/** Ends a test's bot and its Slack. Neither may have met a fault. */
export async function endWithoutFault({ slack }: Stage, bot: Bot): Promise<void> {
	await bot.stop();
	expect(faultsOf(slack)).toEqual([]);
	expect(bot.faults).toEqual([]);
	await slack.stop();
}

/** A local Slack with a team, an admin, two members and a channel, and the bot in it. */
export interface Stage {
	readonly slack: LocalSlack;
	readonly team: Team;
	readonly admin: string;
	readonly ana: string;
	readonly ben: string;
	readonly channel: string;
	readonly clock: ManualClock;
	readonly token: string;
}

/** On a busy machine the bot may take longer than Slack's three seconds. Tests of that let views.open refuse. */
const TRIGGER_LIFE = 10 * 60_000;

/** For the same reason, what the bot asks Slack has ten times as long as usual. */
const PATIENCE = 10;

/** An id that no other stage has, so that stages can share a database. */
const freshId = (prefix: string) => `${prefix}${crypto.randomUUID().replaceAll("-", "").slice(0, 10).toUpperCase()}`;

/** @param suffix of the members' ids: with the same suffix, two stages have the same ids */
export async function setStage(scopes: readonly string[] = ALL_SCOPES, suffix = freshId("")): Promise<Stage> {
	const slack = await startSlack({ triggerLife: TRIGGER_LIFE });
	const team = slack.settings.addTeam({ id: freshId("T") });
	const person = (name: string, isAdmin = false) =>
		slack.settings.addMember({ team: team.id, id: `U${name.toUpperCase()}${suffix}`, name, displayName: name, isAdmin })
			.id;
	const [admin, ana, ben] = [person("root", true), person("ana"), person("ben")];
	const channel = slack.settings.addChannel({
		team: team.id,
		id: freshId("C"),
		name: "nlp",
		members: [admin, ana, ben],
	}).id;
	const { token } = slack.settings.install(team.id, { scopes: [...scopes] });
	return { slack, team, admin, ana, ben, channel, token, clock: new ManualClock(new Date()) };
}

/**
 * @param pingTimeout milliseconds after which a silent socket is given up: on a busy machine one may be silent for long
 */
export function socketSettings(stage: Stage, pingTimeout = 60_000): SlackSettings {
	return {
		way: "socket",
		botToken: stage.token,
		appToken: stage.slack.credentials.newAppToken(),
		apiUrl: stage.slack.apiUrl,
		pingTimeout,
		patience: PATIENCE,
	};
}

export const httpSettings = (stage: Stage): HttpSettings => httpSettingsOf(stage.slack);

export function httpSettingsOf({ app, apiUrl }: LocalSlack): HttpSettings {
	return {
		way: "http",
		signingSecret: app.signingSecret,
		clientId: app.clientId,
		clientSecret: app.clientSecret,
		encryptionKey: SIGNING_KEY,
		port: 0,
		host: "127.0.0.1",
		apiUrl,
		patience: PATIENCE,
	};
}

/** The controls that a member sees there. */
export function controls(place: Message | OpenView): Control[] {
	const blocks = "view" in place ? place.view.blocks : place.blocks;
	return blocks.flatMap(controlsOf);
}

/** The button that shows a label. @throws Error when there is none */
export function button(place: Message | OpenView, label: string): { actionId: string; blockId: string } {
	const blocks = "view" in place ? place.view.blocks : place.blocks;
	for (const block of blocks)
		for (const control of controlsOf(block))
			if (control.type === "button" && control.text.text === label)
				return { actionId: control.action_id ?? "", blockId: block.block_id ?? "" };
	const seen = controls(place).map((control) => (control.type === "button" ? control.text.text : control.type));
	throw new Error(`there is no button ${label}: ${seen.join(", ")}`);
}

/** Waits for the form that an interaction opens. If it is not ready within a second, "One moment" comes first. */
export async function formOf(slack: LocalSlack, given: SlackDelivery): Promise<OpenView> {
	const view = await given.view();
	return slack.until("the form", () => (JSON.stringify(view.view).includes("One moment") ? undefined : view));
}

/** Waits for a member's ephemeral whose title begins so. */
export function ephemeral(slack: LocalSlack, user: string, beginning: string): Promise<Message> {
	return slack.until(`"${beginning}…" for ${user}`, () =>
		slack.ephemerals(user).find((one) => title(one).startsWith(beginning)),
	);
}

/** The title of a message or view. */
export function title(place: Message | OpenView): string {
	const blocks = "view" in place ? place.view.blocks : place.blocks;
	const [first] = blocks;
	return first?.type === "header" ? first.text.text : JSON.stringify(first);
}

/** Illegal blocks, unintended mentions, and errors in the local Slack. Naming an existing channel pings nobody. */
export function faultsOf(slack: LocalSlack): unknown[] {
	const mentions = slack.requests.flatMap((request) => mentionsIn(request.args));
	const unintended = mentions.filter(
		({ kind, markup }) => kind !== "channel" || !slack.world.channels.has(markup.slice(2, -1)),
	);
	return [...slack.violations, ...slack.failures, ...unintended];
}

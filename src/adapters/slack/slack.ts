import { randomUUID } from "node:crypto";
import type { Dispatcher } from "../../chat/dispatch.ts";
import type { Platform } from "../../chat/platform.ts";
import { confirmInstallation, endInstallation } from "../../core/service/installations.ts";
import { kindOf } from "../log.ts";
import { Directory } from "./incoming/directory.ts";
import { Handler } from "./incoming/handler.ts";
import { Inbox } from "./incoming/inbox.ts";
import { Intake } from "./incoming/intake.ts";
import type { Interaction } from "./incoming/interaction.ts";
import { DeferredTokenStore, type Removal, type TokenStore } from "./install/token-store.ts";
import { refusalOf } from "./outgoing/faults.ts";
import { Home } from "./outgoing/home.ts";
import { Modals } from "./outgoing/modals.ts";
import { Pictures } from "./outgoing/pictures.ts";
import { SlackPlatform } from "./outgoing/platform.ts";
import { Replies } from "./outgoing/replies.ts";
import { ResponseUrls } from "./outgoing/response-urls.ts";
import type { SlackSettings, SlackTools } from "./settings.ts";
import { boltLogger } from "./transport/bolt-logger.ts";
import { httpTransport, singleHttpTransport } from "./transport/http-transport.ts";
import { socketTransport, type Transport } from "./transport/transport.ts";
import { clientOptions, SlackWeb } from "./transport/web.ts";

export interface SlackAdapter {
	readonly platform: Platform;
	/** Asks who the token belongs to, so that calls can be made. @throws UserError when Slack refuses it */
	prepare(): Promise<void>;
	/** Connects. @throws UserError when trying again cannot help */
	start(dispatcher: Dispatcher): Promise<void>;
	/** Accepts nothing new and finishes what is in flight. */
	stop(): Promise<void>;
	healthy(): boolean;
	/** Settles when everything received so far is answered. */
	idle(): Promise<void>;
	/** The port it listens on; null over sockets. */
	port(): number | null;
}

/** @param at by Slack's clock */
function removalOf({ workspaceId, enterpriseId, act }: Interaction, at: Date): Removal {
	const named = act.type === "removed" ? act.workspaceIds : undefined;
	return { workspaceIds: named ?? [workspaceId], enterpriseId, at };
}

/** Creates what answers interactions, for one dispatcher. */
function createHandler(
	dispatcher: Dispatcher,
	web: SlackWeb,
	pictures: Pictures,
	tokens: TokenStore,
	settings: SlackSettings,
	tools: SlackTools,
): Handler {
	const { services, clock, log } = tools;
	const now = () => clock.now().getTime();
	const lost = (workspace: string, error: unknown) =>
		log.warn({ workspace, kind: kindOf(error), code: refusalOf(error) }, "could not deliver the reply");
	return new Handler({
		dispatcher,
		directory: new Directory(web, settings.patience),
		replies: new Replies({ web, pictures, urls: new ResponseUrls(settings.apiUrl), now, lost }),
		modals: new Modals(web, settings.patience),
		home: new Home(dispatcher, web, pictures, services.store),
		services,
		workspaceName: async ({ workspaceId, enterpriseId }) =>
			(await tokens.of(workspaceId, enterpriseId))?.workspaceName ?? "",
		botUserId: async ({ workspaceId, enterpriseId }) => (await tokens.of(workspaceId, enterpriseId))?.botUserId ?? null,
		removed: (interaction, at) => tokens.removed(removalOf(interaction, at)),
		now,
	});
}

/** Creates nlpq on Slack: for one workspace over sockets or HTTP, for many over HTTP. */
export function createSlack(settings: SlackSettings, tools: SlackTools): SlackAdapter {
	const { services, log, connection } = tools;
	const worker = randomUUID();
	const tokens = new DeferredTokenStore();
	const web = new SlackWeb(tokens, clientOptions(settings.apiUrl, boltLogger(log)));
	const pictures = new Pictures(web, (picture) => tools.drawPicture(picture));
	const lost = (workspace: string, error: unknown) =>
		log.warn({ workspace, code: refusalOf(error) }, "part of a message could not be sent");
	const ended = async (workspace: string) => {
		const now = tools.clock.now();
		await endInstallation(services, "slack", workspace, now, now);
	};
	let transport: Transport | null = null;
	let intake: Intake | null = null;
	const openTransport = (): Promise<Transport> => {
		switch (settings.way) {
			case "socket":
				return socketTransport(settings, tools);
			case "http-single":
				return singleHttpTransport(settings, tools);
			case "http":
				return httpTransport(settings, tools, worker);
		}
	};
	const prepared = async (): Promise<Transport> => {
		transport ??= await openTransport();
		tokens.set(transport.tokens);
		return transport;
	};
	return {
		platform: new SlackPlatform({ web, store: services.store, pictures, lost, ended }),
		prepare: async () => void (await prepared()),
		start: async (dispatcher) => {
			const opened = await prepared();
			const handler = createHandler(dispatcher, web, pictures, tokens, settings, tools);
			intake = new Intake(handler, new Inbox(tools, worker), log, connection);
			await opened.open(intake).catch((error: unknown) => {
				// A Bolt app can use a receiver only once, so the next start makes a new transport.
				transport = null;
				throw error;
			});
			intake.start();
			if (opened.workspaceId !== null) await confirmInstallation(services, "slack", opened.workspaceId);
		},
		stop: async () => {
			await intake?.acknowledged();
			await transport?.close();
			await intake?.stop();
		},
		healthy: () => (transport?.healthy() ?? false) && !web.tokenIsRefused,
		idle: async () => intake?.idle(),
		port: () => transport?.port() ?? null,
	};
}

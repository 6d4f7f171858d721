import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type PeerClock, wallClock } from "./clock.ts";
import { Credentials, type Installation } from "./credentials.ts";
import type { Delivery } from "./delivery.ts";
import type { Violation } from "./errors.ts";
import { Faults } from "./faults.ts";
import { Happenings } from "./happenings.ts";
import { readBody } from "./http-body.ts";
import { type WalkInit, type WalkResult, walkInstall } from "./install-walk.ts";
import { Interactions, type Travel } from "./interactions.ts";
import type { AppRecord, LoggedRequest, Peer } from "./peer.ts";
import { RateLimits } from "./rate-limits.ts";
import { answerResponseUrl } from "./response-urls.ts";
import { Settings } from "./settings.ts";
import { Signal } from "./signal.ts";
import type { SignedAnswer } from "./signed-http.ts";
import { Sockets } from "./socket-mode.ts";
import { Transport } from "./transport.ts";
import { Handles } from "./triggers.ts";
import { answerApi, send, withFault } from "./web-api.ts";
import { type Message, type OpenView, World } from "./world.ts";

export interface SlackOptions {
	/** The wall clock by default. */
	clock?: PeerClock;
	/** Seeds faults with a probability; 1 by default. */
	seed?: number;
	app?: Partial<AppRecord>;
	/** Milliseconds for which a trigger_id can be used: 3,000 by default, as on Slack. */
	triggerLife?: number;
	/**
	 * The time in signatures, in milliseconds since the epoch: that of the app which checks them. Wall clock by
	 * default.
	 */
	signingTime?: () => number;
}

const DEFAULT_APP: AppRecord = {
	id: "A0LOCALAPP",
	clientId: "1111.2222",
	clientSecret: "local-client-secret",
	signingSecret: "local-signing-secret-0123456789",
};

/** A local Slack: Web API, response_urls, Socket Mode, signed HTTP and OAuth, for one app. */
export class LocalSlack {
	/** The value for `clientOptions.slackApiUrl`. */
	readonly apiUrl: string;
	readonly app: AppRecord;
	readonly settings: Settings;
	readonly sockets: Sockets;
	readonly faults: Faults;
	readonly rateLimits: RateLimits;
	readonly credentials: Credentials;
	readonly world: World;
	/** What members and Slack do. */
	readonly interactions: Interactions;
	/** What happens in channels, as far as the app is told. */
	readonly happenings: Happenings;
	/** What Slack would refuse of what the app sent. */
	readonly violations: Violation[];
	/** What Slack accepts of what the app sent, but ignores or advises against. */
	readonly advice: Violation[];
	/** Every call of the app, in order. */
	readonly requests: LoggedRequest[];
	/** Everything sent to the app, in order. */
	readonly deliveries: Delivery[];
	/** Errors inside this server. A test should find none. */
	readonly failures: unknown[];
	private readonly peer: Peer;
	private readonly transport: Transport;
	private readonly server: Server;

	constructor(parts: { peer: Peer; server: Server; sockets: Sockets; transport: Transport; failures: unknown[] }) {
		const { peer } = parts;
		this.peer = peer;
		this.server = parts.server;
		this.sockets = parts.sockets;
		this.transport = parts.transport;
		this.failures = parts.failures;
		this.apiUrl = `${peer.origin}/api/`;
		this.app = peer.app;
		this.faults = peer.faults;
		this.rateLimits = peer.rateLimits;
		this.credentials = peer.credentials;
		this.world = peer.world;
		this.violations = peer.violations;
		this.advice = peer.advice;
		this.requests = peer.requests;
		this.deliveries = peer.deliveries;
		this.settings = new Settings(peer);
		this.interactions = new Interactions(peer, parts.transport);
		this.happenings = new Happenings(peer, this.settings, this.interactions);
	}

	/** Where signed requests go: the app's `/slack/events`. Once it is set, HTTP is the default. */
	set requestUrl(url: string) {
		this.transport.requestUrl = url;
	}

	command(init: Parameters<Interactions["command"]>[0]): Delivery {
		return this.interactions.command(init);
	}

	action(init: Parameters<Interactions["action"]>[0]): Delivery {
		return this.interactions.action(init);
	}

	viewSubmission(init: Parameters<Interactions["viewSubmission"]>[0]): Delivery {
		return this.interactions.viewSubmission(init);
	}

	viewClosed(init: Parameters<Interactions["viewClosed"]>[0]): Delivery {
		return this.interactions.viewClosed(init);
	}

	messageShortcut(init: Parameters<Interactions["messageShortcut"]>[0]): Delivery {
		return this.interactions.messageShortcut(init);
	}

	blockSuggestion(init: Parameters<Interactions["blockSuggestion"]>[0]): Delivery {
		return this.interactions.blockSuggestion(init);
	}

	event(init: Parameters<Interactions["event"]>[0]): Delivery {
		return this.interactions.event(init);
	}

	homeOpened(init: Parameters<Interactions["homeOpened"]>[0]): Delivery {
		return this.interactions.homeOpened(init);
	}

	/** Sends a delivery again with the next retry number; over sockets, to the next socket in turn. */
	redeliver(delivery: Delivery, reason?: string): void {
		this.transport.redeliver(delivery, reason);
	}

	/** Sends exactly the same signed request again. */
	replay(delivery: Delivery): Promise<SignedAnswer> {
		return this.transport.replay(delivery);
	}

	/** Slack's check of a request address: the app must answer with the challenge. */
	urlVerification(travel: Travel = {}): Delivery {
		return this.interactions.raw({ type: "url_verification", challenge: crypto.randomUUID(), token: "" }, travel);
	}

	/** Walks a browser through an installation. */
	walkInstall(init: WalkInit): Promise<WalkResult> {
		return walkInstall(this.peer, init);
	}

	/** An admin removes the app: its tokens die, and the two events come in the given order. */
	uninstall(
		team: string,
		order: ("app_uninstalled" | "tokens_revoked")[] = ["app_uninstalled", "tokens_revoked"],
		travel: Travel = {},
	): Delivery[] {
		const { enterprise, botUserId } = this.world.team(team);
		const installation = this.peer.installations.get(team) ?? this.peer.installations.get(enterprise?.id ?? "");
		if (installation !== undefined) installation.dead = true;
		const events = {
			app_uninstalled: { type: "app_uninstalled" },
			tokens_revoked: { type: "tokens_revoked", tokens: { oauth: [], bot: [botUserId] } },
		};
		return order.map((type) => this.event({ team, event: events[type], ...travel }));
	}

	/** The messages of a channel, oldest first, with thread replies, without ephemeral and deleted ones. */
	messages(team: string, channel: string): Message[] {
		const here = (one: Message) => one.channel === channel && (one.team === team || this.sharedWith(channel, team));
		return this.world.messages.filter((one) => here(one) && !one.deleted && one.ephemeralTo === undefined);
	}

	/** The ephemeral messages that a member still sees, oldest first. */
	ephemerals(user: string): Message[] {
		return this.world.messages.filter((one) => one.ephemeralTo === user && !one.deleted);
	}

	/** The modals on the member's screen, the top one last. */
	views(user: string): OpenView[] {
		const open = [...this.world.views.values()];
		return open.filter((one) => one.user === user && !one.closed && one.view.type === "modal");
	}

	home(team: string, user: string): OpenView | undefined {
		return this.world.home(team, user);
	}

	/** Waits for something that the app will do; looks after every change. */
	until<Found>(what: string, probe: () => Found | undefined, milliseconds?: number): Promise<Found> {
		return this.peer.signal.until(what, probe, milliseconds);
	}

	async stop(): Promise<void> {
		await this.sockets.stop();
		this.server.closeAllConnections();
		await new Promise<void>((resolve) => void this.server.close(() => resolve()));
	}

	private sharedWith(channel: string, team: string): boolean {
		return this.world.channels.get(channel)?.sharedWith.includes(team) === true;
	}
}

async function answerUpload(peer: Peer, request: IncomingMessage, response: ServerResponse, path: string) {
	const file = peer.world.files.get(path.split("/").at(-1) ?? "");
	const { bytes, files } = await readBody(request);
	const content = files[0] ?? bytes;
	const args = { file: file?.id, length: content.length };
	const entry = { method: "upload", team: file?.team, at: peer.clock.now(), args, outcome: "ok" };
	peer.requests.push(entry);
	await withFault(peer, response, peer.faults.strike("upload", args), () => {
		if (file === undefined) return { status: 404, body: "not found", headers: {} };
		if (content.length !== file.declaredLength) {
			const faults = [`${content.length} bytes came, ${file.declaredLength} were announced`];
			peer.violations.push({ where: "upload", error: "length", faults, payload: args });
			entry.outcome = "length";
			return { status: 400, body: "length mismatch", headers: {} };
		}
		file.bytes = content;
		return { status: 200, body: `OK - ${content.length}`, headers: {} };
	});
}

/** Serves a file to a token of its workspace with `files:read`. Without one, serves the sign-in page. */
function answerFile(peer: Peer, request: IncomingMessage, response: ServerResponse, path: string): void {
	const file = peer.world.files.get(path.split("/").at(-1) ?? "");
	const token = request.headers.authorization?.match(/^Bearer (.+)$/)?.[1];
	const { team, scopes } = token === undefined ? {} : peer.credentials.installationOf(token);
	if (!file?.bytes || team !== file.team || !scopes?.has("files:read"))
		return void response.writeHead(302, { location: "https://slack.com/signin" }).end();
	response.writeHead(200, { "content-type": "text/plain" }).end(file.bytes);
}

async function route(peer: Peer, request: IncomingMessage, response: ServerResponse): Promise<void> {
	const { pathname } = new URL(request.url ?? "/", "http://local");
	if (pathname.startsWith("/api/")) return answerApi(peer, request, response, pathname.slice("/api/".length));
	if (pathname.startsWith("/response/")) return answerResponseUrl(peer, request, response, pathname);
	if (pathname.startsWith("/files-pri/")) return answerFile(peer, request, response, pathname);
	if (pathname.startsWith("/upload/")) return answerUpload(peer, request, response, pathname);
	send(response, { status: 404, body: "not found", headers: {} });
}

/** Starts a local Slack on a free port of 127.0.0.1. */
export async function startSlack(options: SlackOptions = {}): Promise<LocalSlack> {
	const clock = options.clock ?? wallClock;
	const failures: unknown[] = [];
	const server = createServer((request, response) => {
		route(peer, request, response).catch((error: unknown) => {
			failures.push(error);
			send(response, { status: 500, body: String(error), headers: {} });
		});
	});
	await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
	const origin = originOf(server);
	const signal = new Signal();
	const app = { ...DEFAULT_APP, ...options.app };
	const sockets = new Sockets(signal, app.id);
	sockets.attach(server);
	const uninstalled = (installation: Installation) => {
		const inEnterprise = [...peer.world.teams.values()].find((team) => team.enterprise?.id === installation.enterprise);
		const team = installation.team ?? inEnterprise?.id;
		if (team !== undefined) slack.uninstall(team);
	};
	const peer: Peer = {
		app,
		clock,
		origin,
		signal,
		world: new World(),
		credentials: new Credentials(clock),
		faults: new Faults(options.seed ?? 1),
		rateLimits: new RateLimits(clock),
		handles: new Handles(clock, options.triggerLife),
		violations: [],
		advice: [],
		requests: [],
		deliveries: [],
		installations: new Map(),
		newSocketUrl: () => `${origin.replace("http:", "ws:")}${sockets.newPath()}`,
		announceUninstall: uninstalled,
		announceMessage: (message) => void slack.happenings.tell(message),
	};
	const transport = new Transport(peer, sockets, options.signingTime ?? (() => Date.now()));
	const slack = new LocalSlack({ peer, server, sockets, transport, failures });
	return slack;
}

function originOf(server: Server): string {
	const address: AddressInfo | string | null = server.address();
	if (address === null || typeof address === "string") throw new Error("the server does not listen");
	return `http://127.0.0.1:${address.port}`;
}

import type { IncomingMessage, ServerResponse } from "node:http";
import { ApiError } from "./errors.ts";
import type { FaultRule } from "./faults.ts";
import { readBody } from "./http-body.ts";
import { appMethods } from "./methods/app.ts";
import { chatMethods } from "./methods/chat.ts";
import { conversationMethods } from "./methods/conversations.ts";
import { directoryMethods } from "./methods/directory.ts";
import { fileMethods } from "./methods/files.ts";
import type { Answer, Call, Method } from "./methods/method.ts";
import { viewMethods } from "./methods/views.ts";
import type { Peer } from "./peer.ts";
import type { Team } from "./world.ts";

const METHODS = new Map<string, Method>(
	[...appMethods, ...chatMethods, ...conversationMethods, ...directoryMethods, ...fileMethods, ...viewMethods].map(
		(method) => [method.name, method],
	),
);

/** Arguments that may be sent as JSON text. */
const STRUCTURED = new Set(["blocks", "view", "metadata", "files", "attachments", "file_ids"]);
const SECRETS = new Set(["token", "client_secret", "refresh_token", "code"]);

/** The response to a call. */
export interface Reply {
	status: number;
	body: Answer | string;
	headers: Record<string, string>;
}

function decode(raw: Record<string, unknown>): Record<string, unknown> {
	const entries = Object.entries(raw).map(([key, value]): [string, unknown] => {
		if (typeof value !== "string" || !STRUCTURED.has(key)) return [key, value];
		try {
			return [key, JSON.parse(value)];
		} catch {
			throw new ApiError(key === "blocks" ? "invalid_blocks_format" : "invalid_arguments");
		}
	});
	return Object.fromEntries(entries);
}

/** The arguments without tokens and secrets. */
function withoutSecrets(args: Record<string, unknown>): Record<string, unknown> {
	return Object.fromEntries(Object.entries(args).filter(([key]) => !SECRETS.has(key)));
}

function tokenOf(request: IncomingMessage, args: Record<string, unknown>): string | undefined {
	const header = request.headers.authorization?.match(/^Bearer (.+)$/)?.[1];
	return header ?? (typeof args.token === "string" ? args.token : undefined);
}

/** A call's workspace: the token's; if that is organisation-wide, the one named, or the channel's. */
function teamOf(peer: Peer, token: string, args: Record<string, unknown>): { call: Omit<Call, "method">; team: Team } {
	const installation = peer.credentials.installationOf(token);
	const channel = typeof args.channel === "string" ? peer.world.channels.get(args.channel)?.team : undefined;
	const named = typeof args.team_id === "string" ? args.team_id : undefined;
	const teams = [...peer.world.teams.values()].filter((one) =>
		installation.team === undefined ? one.enterprise?.id === installation.enterprise : one.id === installation.team,
	);
	const team = teams.find((one) => one.id === (installation.team ?? named ?? channel)) ?? teams[0];
	if (team === undefined) throw new ApiError("team_not_found");
	return { call: { peer, token, installation, team }, team };
}

function execute(peer: Peer, name: string, request: IncomingMessage, args: Record<string, unknown>): Answer {
	const method = METHODS.get(name);
	if (method === undefined) throw new ApiError("unknown_method", { req_method: name });
	const token = tokenOf(request, args);
	const { token: _token, ...raw } = args;
	if (method.auth === "client") {
		peer.rateLimits.count(name, "app", undefined);
		return method.run(raw, { peer, call: undefined });
	}
	if (method.auth === "app") {
		peer.credentials.appToken(token);
		peer.rateLimits.count(name, "app", undefined);
		return method.run(raw, { peer, call: undefined });
	}
	if (token === undefined) throw new ApiError("not_authed");
	const { call, team } = teamOf(peer, token, raw);
	// chat.postMessage is counted later, when its channel is known.
	if (name !== "chat.postMessage") peer.rateLimits.count(name, team.id, undefined);
	return method.run(raw, { peer, call: { ...call, method: name } });
}

function failed(error: unknown): Reply {
	if (!(error instanceof ApiError)) throw error;
	const limited = error.retryAfter !== undefined;
	return {
		status: limited ? 429 : 200,
		body: { ok: false, error: error.code, ...error.extra },
		headers: limited ? { "retry-after": String(error.retryAfter) } : {},
	};
}

/** The arguments, decoded if possible. */
function readable(args: Record<string, unknown>): Record<string, unknown> {
	try {
		return decode(args);
	} catch {
		return args;
	}
}

function log(peer: Peer, method: string, token: string | undefined, args: Record<string, unknown>) {
	let team: string | undefined;
	try {
		team = token === undefined ? undefined : teamOf(peer, token, args).team.id;
	} catch {
		// A call with a dead token is logged without a workspace.
	}
	const entry = { method, team, at: peer.clock.now(), args: withoutSecrets(readable(args)), outcome: "pending" };
	peer.requests.push(entry);
	return entry;
}

/** Slack lists the token's scopes with each response. */
function scopesOf(peer: Peer, token: string | undefined): Record<string, string> {
	if (!token?.startsWith("xoxb")) return {};
	try {
		return { "x-oauth-scopes": [...peer.credentials.installationOf(token).scopes].join(",") };
	} catch {
		// The call itself has revoked the token.
		return {};
	}
}

/** Answers one call of the Web API, including faults. */
export async function answerApi(peer: Peer, request: IncomingMessage, response: ServerResponse, name: string) {
	const { fields } = await readBody(request);
	const entry = log(peer, name, tokenOf(request, fields), fields);
	const fault = peer.faults.strike(name, entry.args);
	await withFault(peer, response, fault, () => {
		try {
			const answer = execute(peer, name, request, decode(fields));
			entry.outcome = "ok";
			return { status: 200, body: { ok: true, ...answer }, headers: scopesOf(peer, tokenOf(request, fields)) };
		} catch (error) {
			entry.outcome = error instanceof ApiError ? error.code : "error";
			return failed(error);
		}
	});
	if (fault !== undefined) entry.outcome = `${entry.outcome} (${JSON.stringify(fault.kind)})`;
	peer.signal.changed();
}

/** Runs a call as its fault demands: before, after, late, or not at all. */
export async function withFault(
	peer: Peer,
	response: ServerResponse,
	fault: FaultRule | undefined,
	run: () => Reply,
): Promise<void> {
	const kind = fault?.kind;
	if (kind === "commit-then-drop") run();
	if (kind === "commit-then-drop" || kind === "reset") destroySocket(response);
	else if (kind === "500") send(response, { status: 500, body: "internal server error", headers: {} });
	else if (kind === "ratelimited") send(response, failed(new ApiError("ratelimited", {}, fault?.retryAfter ?? 30)));
	else if (typeof kind === "object") send(response, failed(new ApiError(kind.error)));
	else if (kind !== "hang") {
		if (kind === "slow") await new Promise<void>((done) => void peer.clock.after(fault?.delayMs ?? 1000, done));
		send(response, run());
	}
}

function destroySocket(response: ServerResponse): void {
	response.socket?.resetAndDestroy();
}

/** Writes the response, unless the app is gone. */
export function send(response: ServerResponse, reply: Reply): void {
	if (response.destroyed || response.writableEnded) return;
	const text = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body);
	const type = typeof reply.body === "string" ? "text/plain" : "application/json; charset=utf-8";
	response.writeHead(reply.status, { "content-type": type, ...reply.headers });
	response.end(text);
}

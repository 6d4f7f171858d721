import type { IncomingMessage, ServerResponse } from "node:http";
import type { Delivery } from "./delivery.ts";
import { ApiError } from "./errors.ts";
import { readBody } from "./http-body.ts";
import { edit } from "./methods/chat.ts";
import { accept, refusal } from "./methods/method.ts";
import { keepMessage, type Peer } from "./peer.ts";
import { checkRespond, type MessageContent, type RespondBody, withIdentifiers } from "./schema/message.ts";
import { send, withFault } from "./web-api.ts";
import type { Message } from "./world.ts";

/** Where the answer to an interaction goes. */
interface Target {
	team: string;
	channel: string;
	user: string;
	original: Message | undefined;
	delivery: Delivery;
}

function post(peer: Peer, target: Target, body: RespondBody, what: MessageContent, source: Message["source"]): void {
	const { world, clock } = peer;
	const team = world.team(target.team);
	const message: Message = {
		team: team.id,
		channel: target.channel,
		ts: world.newTs(clock.now()),
		threadTs: body.thread_ts,
		text: what.text,
		blocks: withIdentifiers(what.blocks, () => world.newId("b")),
		metadata: what.metadata,
		files: [],
		user: team.botUserId,
		botId: team.botId,
		ephemeralTo: body.response_type === "in_channel" ? undefined : target.user,
		source,
		edits: [],
		editedTs: undefined,
		deleted: false,
	};
	keepMessage(peer, message, target.delivery);
}

/**
 * Carries out the app's answer by response_url or by a slash command's ack.
 * @throws ApiError for what Slack would refuse, after recording a violation.
 */
export function respond(peer: Peer, where: "response_url" | "ack", target: Target, raw: unknown): void {
	const checked = checkRespond(raw);
	if (!checked.ok) throw refusal(peer, where, checked.error, checked.faults, raw);
	const { body, result } = checked;
	const { original } = target;
	if (body.delete_original === true || body.replace_original === true) {
		if (original === undefined) throw refusal(peer, where, "invalid_arguments", ["there is no original message"], raw);
		if (original.deleted) throw new ApiError("message_not_found");
	}
	if (body.delete_original === true && original !== undefined) original.deleted = true;
	if (result !== undefined) {
		const accepted = accept(peer, where, result, raw);
		if (body.replace_original === true && original !== undefined) {
			edit({ peer }, original, accepted, false);
			target.delivery.replies.push(original);
		} else post(peer, target, body, accepted, where);
	}
	peer.signal.changed();
}

/** Answers a POST to a response_url: 404 if it is used up or too old, 400 for what Slack would refuse. */
export async function answerResponseUrl(peer: Peer, request: IncomingMessage, response: ServerResponse, path: string) {
	const { bytes } = await readBody(request);
	const raw: unknown = bytes.length === 0 ? {} : JSON.parse(bytes.toString());
	const args = { body: raw };
	const entry = { method: "response_url", team: path.split("/")[2], at: peer.clock.now(), args, outcome: "pending" };
	peer.requests.push(entry);
	const fault = peer.faults.strike("response_url", args);
	if (typeof fault?.kind === "object") {
		entry.outcome = fault.kind.error;
		send(response, { status: 400, body: { ok: false, error: fault.kind.error }, headers: {} });
		return peer.signal.changed();
	}
	await withFault(peer, response, fault, () => {
		try {
			respond(peer, "response_url", peer.handles.useResponseUrl(path), raw);
			entry.outcome = "ok";
			return { status: 200, body: { ok: true }, headers: {} };
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			entry.outcome = error.code;
			const isGone = error.code === "used_url" || error.code === "expired_url";
			return { status: isGone ? 404 : 400, body: { ok: false, error: error.code, ...error.extra }, headers: {} };
		}
	});
	peer.signal.changed();
}

import { type AckMeaning, applyAck } from "./answers.ts";
import { ACK_DEADLINE_MS, type Attempt, type Delivery } from "./delivery.ts";
import type { Peer } from "./peer.ts";
import {
	type Forgery,
	parsedBody,
	type SignedAnswer,
	type SignedRequest,
	sendSigned,
	signedRequest,
} from "./signed-http.ts";
import type { Sockets } from "./socket-mode.ts";

/** When an unacknowledged event is sent again: at once, after a minute, after five minutes. */
const RETRY_DELAYS_MS = [0, 60_000, 300_000];

export type Via = "socket" | "http";

/** How one delivery is sent. */
export interface Route {
	via: Via;
	forge: Forgery;
	meaning: AckMeaning;
}

interface Pending {
	delivery: Delivery;
	attempt: Attempt;
	route: Route;
	/** When it was sent, in real time and by the server's clock. */
	sentAt: number;
	clockAt: number;
	cancelDeadline: () => void;
}

/** Sends deliveries to the app over sockets or signed HTTP, handles the acks, and sends events again. */
export class Transport {
	/** Where signed requests go: the app's `/slack/events`. */
	requestUrl: string | undefined;
	private readonly peer: Peer;
	private readonly sockets: Sockets;
	private readonly signingTime: () => number;
	private readonly pending = new Map<string, Pending>();
	private readonly sent = new Map<Delivery, { request: SignedRequest | undefined; route: Route }>();

	constructor(peer: Peer, sockets: Sockets, signingTime: () => number) {
		this.peer = peer;
		this.sockets = sockets;
		this.signingTime = signingTime;
		sockets.onAck = (id, payload) => this.settle(id, payload, undefined);
	}

	/** HTTP once an address is known, sockets until then. */
	get usual(): Via {
		return this.requestUrl === undefined ? "socket" : "http";
	}

	/** Sends a delivery for the first time. */
	start(delivery: Delivery, route: Route): void {
		this.peer.deliveries.push(delivery);
		this.send(delivery, route, 0, undefined);
	}

	/** Sends the same payload again at once, as Slack may for its own reasons. */
	redeliver(delivery: Delivery, reason = "timeout"): void {
		const known = this.sent.get(delivery);
		if (known === undefined) throw new Error("this delivery was never sent");
		const last = Math.max(...delivery.attempts.map((attempt) => attempt.retry));
		this.send(delivery, known.route, last + 1, reason);
	}

	/** Sends the exact bytes and headers of an earlier request again, as somebody who recorded it could. */
	replay(delivery: Delivery): Promise<SignedAnswer> {
		const request = this.sent.get(delivery)?.request;
		if (request === undefined) throw new Error("this delivery did not travel by HTTP");
		return sendSigned(request);
	}

	private send(delivery: Delivery, route: Route, retry: number, reason: string | undefined): void {
		const attempt: Attempt = {
			retry,
			to: undefined,
			latencyMs: undefined,
			late: false,
			status: undefined,
			body: undefined,
			reason,
		};
		delivery.attempts.push(attempt);
		const key = route.via === "http" ? `${delivery.id} ${retry}` : delivery.id;
		this.pending.get(key)?.cancelDeadline();
		const cancelDeadline = this.peer.clock.after(ACK_DEADLINE_MS, () => this.overdue(key));
		const clockAt = this.peer.clock.now();
		this.pending.set(key, { delivery, attempt, route, sentAt: performance.now(), clockAt, cancelDeadline });
		if (route.via === "http") void this.sendHttp(delivery, route, attempt, key);
		else this.sendSocket(delivery, route, attempt);
		this.peer.signal.changed();
	}

	private sendSocket(delivery: Delivery, route: Route, attempt: Attempt): void {
		this.sent.set(delivery, { request: undefined, route });
		const events = delivery.type === "events_api";
		attempt.to = this.sockets.send({
			envelope_id: delivery.id,
			type: delivery.type,
			payload: delivery.payload,
			accepts_response_payload: !events,
			...(events ? { retry_attempt: attempt.retry, retry_reason: attempt.reason ?? "" } : {}),
		});
	}

	private async sendHttp(delivery: Delivery, route: Route, attempt: Attempt, key: string): Promise<void> {
		if (this.requestUrl === undefined) throw new Error("set requestUrl before sending by HTTP");
		attempt.to = "http";
		const again = {
			"x-slack-retry-num": String(attempt.retry),
			"x-slack-retry-reason": attempt.reason ?? "http_timeout",
		};
		const request = signedRequest({
			url: this.requestUrl,
			secret: this.peer.app.signingSecret,
			now: this.signingTime(),
			type: delivery.type,
			payload: delivery.payload,
			headers: attempt.retry === 0 ? {} : again,
			forge: route.forge,
		});
		this.sent.set(delivery, { request, route });
		try {
			const answer = await sendSigned(request);
			this.settle(key, parsedBody(answer.text), answer);
		} catch {
			this.failed(key, "connection_failed");
		}
	}

	private settle(key: string, body: unknown, answer: SignedAnswer | undefined): void {
		const entry = this.pending.get(key);
		if (entry === undefined) return;
		this.pending.delete(key);
		entry.cancelDeadline();
		const { attempt, delivery, route } = entry;
		attempt.latencyMs = performance.now() - entry.sentAt;
		attempt.late = this.peer.clock.now() - entry.clockAt > ACK_DEADLINE_MS;
		attempt.status = answer?.status;
		attempt.body = body;
		const good = answer === undefined || (answer.status >= 200 && answer.status < 300);
		if (good && !attempt.late) applyAck(this.peer, route.meaning, body, (view) => delivery.views.push(view));
		if (!good && answer.noRetry !== true) this.again(delivery, route, attempt, "http_error");
		this.peer.signal.changed();
	}

	private overdue(key: string): void {
		const entry = this.pending.get(key);
		if (entry !== undefined) this.again(entry.delivery, entry.route, entry.attempt, "timeout");
	}

	private failed(key: string, reason: string): void {
		const entry = this.pending.get(key);
		if (entry === undefined) return;
		this.pending.delete(key);
		entry.cancelDeadline();
		this.again(entry.delivery, entry.route, entry.attempt, reason);
		this.peer.signal.changed();
	}

	/** Only events are sent again; a member who pressed a button is told that it did not work. */
	private again(delivery: Delivery, route: Route, attempt: Attempt, reason: string): void {
		const delay = RETRY_DELAYS_MS[attempt.retry];
		if (delivery.type !== "events_api" || delay === undefined) return;
		const retryReason = reason === "timeout" && route.via === "http" ? "http_timeout" : reason;
		this.peer.clock.after(delay, () => this.send(delivery, route, attempt.retry + 1, retryReason));
	}
}

import type { Signal } from "./signal.ts";
import type { Message, OpenView } from "./world.ts";

export const ACK_DEADLINE_MS = 3000;

export type EnvelopeType = "slash_commands" | "interactive" | "events_api";

/** One try to deliver a payload to the app. */
export interface Attempt {
	/** 0 for the first try, otherwise the retry_attempt or X-Slack-Retry-Num. */
	retry: number;
	/** The socket's number, or `http`; undefined if no socket was open. */
	to: number | "http" | undefined;
	/** Real milliseconds until the ack; undefined if none has come. */
	latencyMs: number | undefined;
	/** Whether the ack came after the deadline, when the member had already been told that the app did not answer. */
	late: boolean;
	/** The HTTP status of the app's response. */
	status: number | undefined;
	/** The ack's payload, parsed; undefined for an empty one. */
	body: unknown;
	/** Why it was sent again. */
	reason: string | undefined;
}

export interface Ack {
	latencyMs: number;
	late: boolean;
	status: number | undefined;
	body: unknown;
	attempt: Attempt;
}

/** An interaction or event on its way to the app, and everything that the app does in response. */
export class Delivery {
	readonly id: string;
	readonly type: EnvelopeType;
	/** The payload as the app gets it. */
	readonly payload: Record<string, unknown>;
	readonly attempts: Attempt[] = [];
	/** Messages by response_url or ack, and ephemerals that this member has got since, in order. */
	readonly replies: Message[] = [];
	/** Modals opened or pushed with this interaction's trigger_id, or by its ack. */
	readonly views: OpenView[] = [];
	readonly user: string | undefined;
	private readonly signal: Signal;

	constructor(
		signal: Signal,
		init: { id: string; type: EnvelopeType; payload: Record<string, unknown>; user: string | undefined },
	) {
		this.signal = signal;
		this.id = init.id;
		this.type = init.type;
		this.payload = init.payload;
		this.user = init.user;
	}

	get acknowledged(): boolean {
		return this.attempts.some((attempt) => attempt.latencyMs !== undefined);
	}

	/**
	 * Waits for the first ack.
	 * @throws Error when none came within `milliseconds` of real time.
	 */
	acked(milliseconds?: number): Promise<Ack> {
		const find = () => {
			const attempt = this.attempts.find((one) => one.latencyMs !== undefined);
			if (attempt?.latencyMs === undefined) return undefined;
			const { latencyMs, late, status, body } = attempt;
			return { latencyMs, late, status, body, attempt };
		};
		return this.signal.until(`the ack of ${this.type} ${this.id}`, find, milliseconds);
	}

	/** Waits for reply number `index` (from 0). */
	reply(index = 0, milliseconds?: number): Promise<Message> {
		return this.signal.until(`reply ${index} to ${this.type} ${this.id}`, () => this.replies[index], milliseconds);
	}

	/** Waits for view number `index` (from 0) that the app opened in response. */
	view(index = 0, milliseconds?: number): Promise<OpenView> {
		return this.signal.until(`view ${index} from ${this.type} ${this.id}`, () => this.views[index], milliseconds);
	}

	/** Waits until the payload was tried `count` times. */
	tried(count: number, milliseconds?: number): Promise<Attempt> {
		return this.signal.until(`try ${count} of ${this.id}`, () => this.attempts[count - 1], milliseconds);
	}
}

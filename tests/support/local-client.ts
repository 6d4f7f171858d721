import { Agent, request } from "node:http";
import { z } from "zod";
import type { Card } from "../../src/chat/card.ts";
import { DeliveryFault, type Destination, type Finding, type Platform, type Posted } from "../../src/chat/platform.ts";
import { SENT_AT } from "./local-platform.ts";

const postedSchema = z.object({ id: z.number() });

interface Answer {
	readonly status: number;
	readonly retryAfter: number | null;
	readonly body: string;
}

function channelOf(to: Destination): string {
	if (to.type === "channel") return to.channelId;
	if (to.type === "thread") return `${to.channelId}/${to.messageId}`;
	return to.type === "member" ? `${to.workspaceId}/${to.memberId}` : `${to.workspaceId}/admins`;
}

/** What an unsuccessful answer means for a send. */
function faultOf({ status, retryAfter }: Answer): DeliveryFault {
	if (status === 429) return new DeliveryFault("not-sent", "too many requests", "It is retried.", retryAfter);
	if (status >= 500) return new DeliveryFault("uncertain", `the platform answered ${status}`, "It is looked up.");
	return new DeliveryFault("permanent", `the platform answered ${status}`, "Look at the local platform.");
}

/** The local platform as one of the program's chat platforms. */
export class LocalClient implements Platform {
	readonly name = "local";
	readonly #address: string;
	readonly #turn: (signal: AbortSignal) => Promise<void>;
	readonly #agent = new Agent({ keepAlive: true, maxSockets: 128 });

	/** @param turn settles when a request may leave, where requests are counted */
	constructor(address: string, turn: (signal: AbortSignal) => Promise<void> = async () => undefined) {
		this.#address = address;
		this.#turn = turn;
	}

	async post(to: Destination, card: Card, key: string, signal: AbortSignal): Promise<Posted> {
		await this.#turn(signal);
		const body = JSON.stringify({ channel: channelOf(to), key, text: card.title });
		const answer = await this.#call("POST", "/messages", signal, body);
		if (answer.status !== 200) throw faultOf(answer);
		return { messageId: String(postedSchema.parse(JSON.parse(answer.body)).id), threadId: null };
	}

	async lookUp(
		_to: Destination,
		key: string,
		_since: Date,
		signal: AbortSignal,
	): Promise<Posted | "absent" | "cannot-tell"> {
		const answer = await this.#call("GET", `/messages?key=${encodeURIComponent(key)}`, signal);
		if (answer.status === 403) return "cannot-tell";
		if (answer.status === 404) return "absent";
		if (answer.status !== 200) throw faultOf(answer);
		return { messageId: String(postedSchema.parse(JSON.parse(answer.body)).id), threadId: null };
	}

	async edit(_to: Destination, messageId: string, card: Card, signal: AbortSignal): Promise<void> {
		await this.#turn(signal);
		const answer = await this.#call("PATCH", `/messages/${messageId}`, signal, JSON.stringify({ text: card.title }));
		if (answer.status !== 200) throw faultOf(answer);
	}

	async check(): Promise<readonly Finding[]> {
		return [{ name: "channel", ok: true, remedy: "" }];
	}

	close(): void {
		this.#agent.destroy();
	}

	#call(method: string, path: string, signal: AbortSignal, body?: string): Promise<Answer> {
		return new Promise((resolve, reject) => {
			const lost = () => reject(new DeliveryFault("uncertain", "the platform gave no answer", "It is looked up."));
			const headers = { [SENT_AT]: String(Date.now()) };
			const call = request(`${this.#address}${path}`, { method, headers, agent: this.#agent }, (response) => {
				let text = "";
				response.setEncoding("utf8");
				response.on("data", (chunk: string) => {
					text += chunk;
				});
				response.on("error", lost);
				response.on("end", () => {
					const header = response.headers["retry-after"];
					const retryAfter = header === undefined ? null : Number(header) * 1000;
					resolve({ status: response.statusCode ?? 0, retryAfter, body: text });
				});
			});
			call.on("error", lost);
			// The request's own option costs as much as the request.
			const giveUp = () => void call.destroy(new Error("given up"));
			signal.addEventListener("abort", giveUp, { once: true });
			call.on("close", () => signal.removeEventListener("abort", giveUp));
			if (signal.aborted) giveUp();
			call.end(body);
		});
	}
}

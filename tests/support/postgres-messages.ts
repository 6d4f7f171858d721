/** Postgres's wire protocol, as far as the tests' proxies need it. */

export const int32 = (value: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32BE(value);
	return bytes;
};
export const text = (value: string): Buffer => Buffer.from(`${value}\0`);

export function message(type: string, ...parts: Buffer[]): Buffer {
	const body = Buffer.concat(parts);
	return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

/** Splits a stream into the protocol's messages. */
export class Messages {
	#rest: Buffer = Buffer.alloc(0);

	/** @param typed whether messages begin with their type, as all do except a client's first one */
	*read(bytes: Buffer, typed: () => boolean): Generator<{ type: string; body: Buffer; whole: Buffer }> {
		this.#rest = Buffer.concat([this.#rest, bytes]);
		for (;;) {
			const start = typed() ? 1 : 0;
			if (this.#rest.length < start + 4) return;
			const end = start + this.#rest.readInt32BE(start);
			if (this.#rest.length < end) return;
			const message = this.#rest.subarray(0, end);
			this.#rest = this.#rest.subarray(end);
			yield {
				type: start === 1 ? message.toString("latin1", 0, 1) : "",
				body: message.subarray(start + 4),
				whole: message,
			};
		}
	}
}

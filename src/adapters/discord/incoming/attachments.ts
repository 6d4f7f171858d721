import { LRUCache } from "lru-cache";
import { UserError } from "../../../core/errors.ts";
import { MOST_BYTES, requireSize } from "../../../core/import/file-text.ts";

/** Where Discord keeps what members attach. */
const CDN_HOSTS: ReadonlySet<string> = new Set(["cdn.discordapp.com", "media.discordapp.net"]);
/** Milliseconds that a download may take in all. */
const DOWNLOAD_DEADLINE = 20_000;
/** Attachments remembered until their command reads them. */
const MOST_REMEMBERED = 500;

/** A file of a command, as Discord describes it. */
export interface Attachment {
	readonly id: string;
	readonly url: string;
	/** In bytes. */
	readonly size: number;
}

const unreadable = () =>
	new UserError(
		"Discord did not hand over that file in time. Nothing was changed.",
		"Send the command again, with the file attached again.",
	);

/** Reads the files of commands: from the addresses that Discord gave with them, and from nowhere else. */
export class Attachments {
	readonly #known = new LRUCache<string, Attachment>({ max: MOST_REMEMBERED });
	/** The origin of a local Discord, which serves its files itself. */
	readonly #localOrigin: string | null;

	/** @param apiUrl null for Discord's own */
	constructor(apiUrl: string | null) {
		const api = apiUrl === null ? null : new URL(apiUrl);
		this.#localOrigin = api?.hostname === "127.0.0.1" || api?.hostname === "localhost" ? api.origin : null;
	}

	/** Remembers the files that came with a command. */
	remember(attachments: readonly Attachment[]): void {
		for (const attachment of attachments) this.#known.set(attachment.id, attachment);
	}

	#isDiscords(url: URL): boolean {
		if (this.#localOrigin !== null) return url.origin === this.#localOrigin;
		return url.protocol === "https:" && url.port === "" && CDN_HOSTS.has(url.hostname);
	}

	/**
	 * @param id of a file that came with a command
	 * @throws UserError when no file came under it, when it is too large, and when it cannot be fetched
	 */
	async read(id: string): Promise<Uint8Array> {
		const attachment = this.#known.get(id);
		const url = attachment && URL.canParse(attachment.url) ? new URL(attachment.url) : null;
		if (!attachment || !url || !this.#isDiscords(url))
			throw new UserError(
				"I read only a file that is attached to the command. Nothing was changed.",
				"Type `/nlpq questions import` and attach the file to its option `file`.",
			);
		// Before it is fetched: Discord says its size.
		requireSize(attachment.size);
		try {
			const response = await fetch(url, { redirect: "error", signal: AbortSignal.timeout(DOWNLOAD_DEADLINE) });
			if (!response.ok || !response.body) throw unreadable();
			return await bounded(response.body);
		} catch (error) {
			if (error instanceof UserError) throw error;
			throw unreadable();
		}
	}
}

/** All bytes, as long as they are as few as were announced. @throws UserError when there are more than what is read */
async function bounded(body: ReadableStream<Uint8Array>): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	let bytes = 0;
	for await (const part of body) {
		bytes += part.length;
		if (bytes > MOST_BYTES) requireSize(bytes);
		parts.push(part);
	}
	return Buffer.concat(parts);
}

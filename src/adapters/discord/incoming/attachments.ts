import { LRUCache } from "lru-cache";
import { UserError } from "../../../core/errors.ts";
import { requireSize } from "../../../core/import/file-text.ts";
import { download, fileAddresses } from "../../download.ts";

/** Where Discord keeps what members attach. */
const CDN_HOSTS = ["cdn.discordapp.com", "media.discordapp.net"];
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
	readonly #isDiscords: (url: URL) => boolean;

	/** @param apiUrl null for Discord's own */
	constructor(apiUrl: string | null) {
		this.#isDiscords = fileAddresses(apiUrl, CDN_HOSTS);
	}

	/** Remembers the files that came with a command. */
	remember(attachments: readonly Attachment[]): void {
		for (const attachment of attachments) this.#known.set(attachment.id, attachment);
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
			return await download(url);
		} catch (error) {
			if (error instanceof UserError) throw error;
			throw unreadable();
		}
	}
}

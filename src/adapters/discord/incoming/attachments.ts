import { LRUCache } from "lru-cache";
import { UserError } from "../../../core/errors.ts";
import { requireSize } from "../../../core/import/file-text.ts";
import { download, fileAddresses } from "../../download.ts";

/** Where Discord stores members' attachments. */
const CDN_HOSTS = ["cdn.discordapp.com", "media.discordapp.net"];
/** How many attachments are remembered until their command reads them. */
const MAX_REMEMBERED = 500;

/** A file attached to a command, as Discord describes it. */
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

/** Reads files attached to commands, only from the addresses that Discord gave with them. */
export class Attachments {
	readonly #known = new LRUCache<string, Attachment>({ max: MAX_REMEMBERED });
	readonly #isDiscords: (url: URL) => boolean;

	/** @param apiUrl the base address; null for Discord's own */
	constructor(apiUrl: string | null) {
		this.#isDiscords = fileAddresses(apiUrl, CDN_HOSTS);
	}

	/** Remembers the files attached to a command. */
	remember(attachments: readonly Attachment[]): void {
		for (const attachment of attachments) this.#known.set(attachment.id, attachment);
	}

	/**
	 * @param id of a file attached to a command
	 * @throws UserError when the file is unknown, too large, or cannot be fetched
	 */
	async read(id: string): Promise<Uint8Array> {
		const attachment = this.#known.get(id);
		const url = attachment && URL.canParse(attachment.url) ? new URL(attachment.url) : null;
		if (!attachment || !url || !this.#isDiscords(url))
			throw new UserError(
				"I read only a file that is attached to the command. Nothing was changed.",
				"Type `/nlpq questions import` and attach the file to its option `file`.",
			);
		// Discord states the size, so a file that is too large is not fetched.
		requireSize(attachment.size);
		try {
			return await download(url);
		} catch (error) {
			if (error instanceof UserError) throw error;
			throw unreadable();
		}
	}
}

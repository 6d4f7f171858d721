import { createHash } from "node:crypto";
import { LRUCache } from "lru-cache";
import * as z from "zod";
import type { Card, Picture } from "../../../chat/card.ts";
import { Refusals } from "../../../chat/platform-refusals.ts";
import { cut } from "../../../core/text/cut.ts";
import type { SlackWeb } from "../transport/web.ts";
import { refusalOf } from "./faults.ts";
import { UPLOAD_ALT } from "./limits.ts";

const DEADLINE = 6_000;
const MAX_REMEMBERED = 5_000;

const uploadSchema = z.object({ upload_url: z.string(), file_id: z.string() });

export interface File {
	readonly name: string;
	readonly bytes: Buffer;
	readonly alternative: string;
}

/** Uploads pictures for use in blocks, each picture once. */
export class Pictures {
	readonly #web: SlackWeb;
	readonly #draw: (picture: Picture) => Promise<Buffer>;
	readonly #kept = new LRUCache<string, string>({ max: MAX_REMEMBERED });
	/** Workspaces that have not granted the scope. The app may be installed again with it. */
	readonly #refusals = new Refusals();

	constructor(web: SlackWeb, draw: (picture: Picture) => Promise<Buffer>) {
		this.#web = web;
		this.#draw = draw;
	}

	/** The file ids of the cards' pictures. A picture that could not be uploaded is missing, and is shown in words. */
	async of(workspaceId: string, cards: readonly Card[]): Promise<ReadonlyMap<Picture, string>> {
		const blocks = cards.flatMap((card) => card.blocks).flatMap((block) => (block.type === "picture" ? [block] : []));
		const files = new Map<Picture, string>();
		if (this.#refusals.reason(workspaceId) !== null) return files;
		for (const { picture, alternative } of blocks) {
			const file = await this.#one(workspaceId, picture, alternative).catch(() => null);
			if (file !== null) files.set(picture, file);
		}
		return files;
	}

	async #one(workspaceId: string, picture: Picture, alternative: string): Promise<string> {
		const key = createHash("sha256")
			.update(`${workspaceId} ${JSON.stringify(picture)}`)
			.digest("hex");
		const known = this.#kept.get(key);
		if (known !== undefined) return known;
		const bytes = await this.#draw(picture);
		const file = await this.upload(workspaceId, { name: `${picture.type}.png`, bytes, alternative }, null);
		this.#kept.set(key, file);
		return file;
	}

	/**
	 * Uploads a file with Slack's current upload methods.
	 * @param whereTo settles with the channel to show it in; null to show it nowhere yet. Asked once Slack has the file
	 */
	async upload(workspaceId: string, file: File, whereTo: (() => Promise<string>) | null): Promise<string> {
		const signal = AbortSignal.timeout(DEADLINE);
		// `alt_txt` is Slack's name for it.
		const alternative = file.alternative === "" ? {} : { alt_txt: cut(file.alternative, UPLOAD_ALT) };
		const args = { filename: file.name, length: file.bytes.length, ...alternative };
		const place = await this.#web
			.call(workspaceId, "files.getUploadURLExternal", args, signal)
			.catch((error: unknown) => {
				if (refusalOf(error) === "missing_scope") this.#refusals.remember(workspaceId, "missing_scope");
				throw error;
			});
		const { upload_url, file_id } = uploadSchema.parse(place);
		await this.#web.upload(upload_url, file.bytes, signal);
		const shown = whereTo === null ? {} : { channel_id: await whereTo() };
		await this.#web.call(
			workspaceId,
			"files.completeUploadExternal",
			{ files: [{ id: file_id, title: file.name }], ...shown },
			signal,
		);
		return file_id;
	}
}

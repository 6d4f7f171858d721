/** Fills embeds and messages with text, within Discord's limits. */
import type { APIEmbedField } from "discord.js";
import type { Picture } from "../../../chat/card.ts";
import { split } from "./cut.ts";
import * as limit from "./limits.ts";

/** A picture sent with a message, under the file name that its embed refers to. */
export interface PictureFile {
	readonly name: string;
	readonly picture: Picture;
	/** At most 1,024 characters. */
	readonly alternative: string;
}

/** An embed that is being filled. */
export interface Draft {
	title: string;
	description: string;
	fields: APIEmbedField[];
	footer: string;
	picture: PictureFile | null;
}

const emptyDraft = (): Draft => ({ title: "", description: "", fields: [], footer: "", picture: null });

function draftLength(draft: Draft): number {
	const fields = draft.fields.reduce((sum, field) => sum + field.name.length + field.value.length, 0);
	return draft.title.length + draft.description.length + draft.footer.length + fields;
}

/** Fills embeds and messages in order; what does not fit goes into the next one. */
export class Pages {
	readonly pages: Draft[][] = [[emptyDraft()]];

	get #page(): Draft[] {
		return this.pages.at(-1) ?? [];
	}

	get #draft(): Draft {
		const last = this.#page.at(-1);
		if (last) return last;
		const draft = emptyDraft();
		this.#page.push(draft);
		return draft;
	}

	#room(): number {
		return limit.EMBED_TOTAL - this.#page.reduce((sum, draft) => sum + draftLength(draft), 0);
	}

	title(text: string): void {
		this.#draft.title = text;
	}

	/** Adds a text, which may continue in further embeds. @param tight whether no blank line separates it from the one above */
	text(text: string, { tight = false } = {}): void {
		this.#leavePicture(text.length);
		const gap = this.#draft.description === "" ? "" : tight ? "\n" : "\n\n";
		const room = Math.min(this.#room(), limit.EMBED_DESCRIPTION - this.#draft.description.length) - gap.length;
		if (text.length <= room) {
			this.#draft.description += gap + text;
			return;
		}
		// Do not split a text that fits an embed of its own just to use the little room left in this one.
		const first = text.length <= limit.EMBED_DESCRIPTION && room < limit.EMBED_DESCRIPTION / 2 ? 0 : room;
		const [head, ...tail] =
			first < 200
				? ["", ...split(text, limit.EMBED_DESCRIPTION, limit.EMBED_DESCRIPTION)]
				: split(text, first, limit.EMBED_DESCRIPTION);
		if (head) this.#draft.description += gap + head;
		for (const part of tail) {
			this.#next(part.length);
			this.#draft.description = part;
		}
	}

	/** Adds a text that must stay in one piece; it is at most as long as a description. */
	whole(text: string, { tight = false } = {}): void {
		this.#leavePicture(text.length);
		const gap = this.#draft.description === "" ? 0 : tight ? 1 : 2;
		const room = Math.min(this.#room(), limit.EMBED_DESCRIPTION - this.#draft.description.length);
		if (gap + text.length > room) this.#next(text.length);
		this.text(text, { tight });
	}

	/** A client shows an embed's picture below all of its texts, so what follows a picture goes into the next embed. */
	#leavePicture(needed: number): void {
		if (this.#draft.picture) this.#next(Math.min(needed, limit.EMBED_DESCRIPTION));
	}

	/** Starts the next embed, in the same message if that has enough room left. */
	#next(needed: number): void {
		if (this.#room() >= needed && this.#page.length < limit.EMBEDS) this.#page.push(emptyDraft());
		else this.pages.push([emptyDraft()]);
	}

	/** Adds fields beside each other. @returns false if they do not all fit */
	fields(fields: readonly APIEmbedField[]): boolean {
		const size = fields.reduce((sum, field) => sum + field.name.length + field.value.length, 0);
		this.#leavePicture(size);
		if (this.#draft.fields.length + fields.length > limit.EMBED_FIELDS || size > this.#room()) return false;
		this.#draft.fields.push(...fields);
		return true;
	}

	footer(text: string): boolean {
		if (this.#draft.footer !== "" || text.length > Math.min(limit.EMBED_FOOTER, this.#room())) return false;
		this.#draft.footer = text;
		return true;
	}

	picture(file: PictureFile): void {
		if (this.#draft.picture) this.#next(0);
		this.#draft.picture = file;
	}
}

/** What a drawing needs besides the payload. */

export type Theme = "light" | "dark";

export interface ViewOptions {
	readonly theme: Theme;
	/** The width of the client's message column, in CSS pixels; a phone has 360. */
	readonly width: number;
	/** The message's author. */
	readonly author?: string;
	/** When the message was sent; also "now" for relative dates. */
	readonly at?: Date;
	/** The reader's IANA zone; UTC by default. */
	readonly zone?: string;
	/** Whether only one member sees it. */
	readonly ephemeral?: boolean;
	/** The command that the message replies to, and the member who used it. */
	readonly answers?: { readonly member: string; readonly command: string } | undefined;
	/** Names what payloads mention by id; null shows the id. */
	readonly nameOf?: (kind: "channel" | "member" | "role", id: string) => string | null;
	/** The address of an attachment, by its file name (Discord) or file id (Slack); null shows its description. */
	readonly imageOf?: (name: string) => string | null;
}

/** Columns narrower than this, in CSS pixels, are drawn as on a phone. */
export const PHONE = 480;

/** The options with all defaults filled in. */
export interface View {
	readonly zone: string;
	readonly at: Date;
	readonly author: string;
	name(kind: "channel" | "member" | "role", id: string): string;
	image(name: string): string | null;
}

const EPOCH = new Date(0);

export function viewOf(options: ViewOptions): View {
	return {
		zone: options.zone ?? "UTC",
		at: options.at ?? EPOCH,
		author: options.author ?? "nlpq",
		name: (kind, id) => options.nameOf?.(kind, id) ?? id,
		image: (name) => options.imageOf?.(name) ?? null,
	};
}

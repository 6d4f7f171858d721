/** What a drawing needs beside the payload. */

export type Theme = "light" | "dark";

export interface ViewOptions {
	readonly theme: Theme;
	/** Of the client's column of messages, in CSS pixels: 360 is a phone. */
	readonly width: number;
	/** Whose message it is. */
	readonly author?: string;
	/** When it was sent, and "now" for relative dates. */
	readonly at?: Date;
	/** The reader's IANA zone; UTC unless told. */
	readonly zone?: string;
	/** Shown to one member alone. */
	readonly ephemeral?: boolean;
	/** The member whose command is answered, with the command. */
	readonly answers?: { readonly member: string; readonly command: string } | undefined;
	/** Names of what payloads mention by id; the id where it gives null. */
	readonly nameOf?: (kind: "channel" | "member" | "role", id: string) => string | null;
	/** The address of an attachment, by its file name (Discord) or file id (Slack); null shows its description. */
	readonly imageOf?: (name: string) => string | null;
}

/** Narrower columns are drawn as on a phone. */
export const PHONE = 480;

/** What drawings read of the options, with all defaults filled in. */
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

import { wellFormed } from "../../../core/text/well-formed.ts";
import { withoutNul } from "../../../core/text/without-nul.ts";

/** A slash command's text in plain form: ids instead of mentions, and no entities. */
export interface PlainCommand {
	readonly text: string;
	/** Names of the members and channels that the text mentions, by id. */
	readonly mentioned: ReadonlyMap<string, string>;
}

/** Removes what no database stores: NUL characters and lone surrogates. */
export const storable = (text: string): string => wellFormed(withoutNul(text), "");

function decodeEntities(text: string): string {
	return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Removes Slack's markup from a member's text: mentions become ids, links their address, broadcasts their name. */
export function plainCommand(raw: string): PlainCommand {
	const mentioned = new Map<string, string>();
	const text = storable(raw).replace(/<([^<>]*)>/g, (_markup, inner: string) => {
		const [target = "", label] = inner.split("|", 2);
		const id = /^[@#]([A-Z0-9]+)$/.exec(target)?.[1];
		if (id !== undefined) {
			if (label) mentioned.set(id, decodeEntities(label));
			return id;
		}
		if (target.startsWith("!subteam")) return label ?? "@group";
		if (target.startsWith("!date")) return label ?? "";
		if (target.startsWith("!")) return `@${target.slice(1)}`;
		return /^(mailto|tel):/.test(target) ? (label ?? target.replace(/^\w+:/, "")) : target;
	});
	return { text: decodeEntities(text), mentioned };
}

import { isRecord } from "./exactly.ts";

/** A text that people read, and whether Slack parses it as mrkdwn. */
export interface ShownText {
	text: string;
	parsed: boolean;
}

/** Keys whose plain strings members see, besides text objects. */
const PLAIN_KEYS = new Set(["alt_text", "markdown_text", "initial_comment"]);

/**
 * Every text in a payload (message arguments, blocks, a view, an ack body): the message's own `text`, text objects,
 * rich text, alt texts. `value`, `private_metadata`, `metadata` and identifiers are not texts.
 */
export function textsIn(payload: unknown): ShownText[] {
	if (Array.isArray(payload)) return payload.flatMap(textsIn);
	if (!isRecord(payload)) return [];
	return Object.entries(payload).flatMap(([key, value]): ShownText[] => {
		if (key === "metadata" || key === "errors") return key === "errors" ? stringsIn(value) : [];
		if (typeof value !== "string") return textsIn(value);
		if (key === "text") return [{ text: value, parsed: payload.type === undefined || payload.type === "mrkdwn" }];
		return PLAIN_KEYS.has(key) ? [{ text: value, parsed: key !== "alt_text" }] : [];
	});
}

function stringsIn(value: unknown): ShownText[] {
	if (!isRecord(value)) return [];
	return Object.values(value).flatMap((text) => (typeof text === "string" ? [{ text, parsed: false }] : []));
}

/** The total UTF-16 units of the blocks' texts, which Slack limits per message. */
export function totalLength(payload: unknown): number {
	return textsIn(payload).reduce((sum, { text }) => sum + text.length, 0);
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Whether there is a lone surrogate anywhere: strict decoders refuse the whole value for one. */
export function hasHalfCharacter(value: unknown): boolean {
	if (typeof value === "string") return LONE_SURROGATE.test(value);
	return typeof value === "object" && value !== null && Object.values(value).some(hasHalfCharacter);
}

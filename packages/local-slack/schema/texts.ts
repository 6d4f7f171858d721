import { isRecord } from "./exactly.ts";

/** One text that people read, and whether Slack parses it as mrkdwn. */
export interface ShownText {
	text: string;
	parsed: boolean;
}

/** What a member sees as text under these keys, besides text objects. */
const PLAIN_KEYS = new Set(["alt_text", "markdown_text", "initial_comment"]);

/**
 * Every text in a payload (message arguments, blocks, a view, an ack body): the message's own `text`, the text objects,
 * rich text, alt texts. `value`, `private_metadata`, `metadata` and identifiers are no texts.
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

/** UTF-16 units of all the texts of the blocks together, the measure of the whole-message ceiling. */
export function totalLength(payload: unknown): number {
	return textsIn(payload).reduce((sum, { text }) => sum + text.length, 0);
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Whether half a character stands anywhere: strict decoders refuse it with all that is beside it. */
export function hasHalfCharacter(value: unknown): boolean {
	if (typeof value === "string") return LONE_SURROGATE.test(value);
	return typeof value === "object" && value !== null && Object.values(value).some(hasHalfCharacter);
}

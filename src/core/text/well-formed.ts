const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Replaces halves of characters, which strict decoders refuse along with the whole message. */
export function wellFormed(text: string, replacement = "\u{fffd}"): string {
	return text.replace(LONE_SURROGATE, replacement);
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Replaces lone surrogates: a strict decoder rejects the whole message because of one. */
export function wellFormed(text: string, replacement = "\u{fffd}"): string {
	return text.replace(LONE_SURROGATE, replacement);
}

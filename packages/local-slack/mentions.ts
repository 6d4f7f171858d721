import { isRecord } from "./schema/exactly.ts";
import { textsIn } from "./schema/texts.ts";

/** Something in a text that Slack would turn into a mention or a disguised link. */
export interface Mention {
	kind: "broadcast" | "user" | "channel" | "usergroup" | "link" | "parsing";
	/** The markup itself. */
	markup: string;
	/** The whole text that holds it. */
	text: string;
}

const PATTERNS: { kind: Mention["kind"]; pattern: RegExp }[] = [
	{ kind: "broadcast", pattern: /<!(?:channel|here|everyone)(?:\|[^>]*)?>/gi },
	{ kind: "user", pattern: /<@[UW][A-Z0-9]+(?:\|[^>]*)?>/g },
	{ kind: "channel", pattern: /<#[CGD][A-Z0-9]+(?:\|[^>]*)?>/g },
	{ kind: "usergroup", pattern: /<!subteam\^[A-Z0-9]+(?:\|[^>]*)?>/g },
	{ kind: "link", pattern: /<(?:https?:|mailto:|tel:)[^|>]*\|[^>]*>/gi },
];

function richMentions(payload: unknown): Mention[] {
	if (Array.isArray(payload)) return payload.flatMap(richMentions);
	if (!isRecord(payload)) return [];
	const kind = payload.type;
	if (kind === "broadcast" || kind === "usergroup" || (kind === "user" && typeof payload.user_id === "string")) {
		return [{ kind, markup: JSON.stringify(payload), text: "" }];
	}
	return Object.values(payload).flatMap(richMentions);
}

/** Arguments that make Slack turn plain `@names` and `#names` into mentions. */
function parsing(payload: unknown): Mention[] {
	if (!isRecord(payload)) return [];
	const { parse, link_names: names } = payload;
	const on = parse === "full" || names === true || names === "true" || names === 1 || names === "1";
	return on ? [{ kind: "parsing", markup: parse === "full" ? "parse" : "link_names", text: "" }] : [];
}

/**
 * Every mention and labelled link in what an app sent: message arguments, blocks, a view or an ack body. Texts of type
 * plain_text are skipped, as Slack does not parse them; rich text elements that mention are found.
 */
export function mentionsIn(payload: unknown): Mention[] {
	const inTexts = textsIn(payload)
		.filter((shown) => shown.parsed)
		.flatMap(({ text }) =>
			PATTERNS.flatMap(({ kind, pattern }) =>
				[...text.matchAll(pattern)].map(([markup]): Mention => ({ kind, markup, text })),
			),
		);
	return [...inTexts, ...richMentions(payload), ...parsing(payload)];
}

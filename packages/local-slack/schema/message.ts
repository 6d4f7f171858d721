import type { MessageMetadata, MessageMetadataEventPayloadObject } from "@slack/types";
import { z } from "zod";
import { blocks, type PostedBlock } from "./blocks.ts";
import { exactly, isRecord, issuesOf, text } from "./exactly.ts";
import { hasHalfCharacter, totalLength } from "./texts.ts";

const TEXT_LIMIT = 40_000;
/** Slack advises against longer texts, and splits them. */
const TEXT_ADVICE = 4000;
/** Observed, not documented: above about this many characters in total, Slack answers msg_blocks_too_long. */
const WHOLE_LIMIT = 13_200;
const MESSAGE_BLOCKS = 50;

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const nested: z.ZodType<MessageMetadataEventPayloadObject> = z.record(z.string(), scalar);

const metadata = exactly<MessageMetadata>()({
	event_type: text(255).regex(/^[A-Za-z0-9_]+$/, "event_type must be alphanumeric"),
	event_payload: z.record(z.string(), z.union([scalar, nested, z.array(nested)])),
}) satisfies z.ZodType<MessageMetadata>;

const messageBlocks = blocks(MESSAGE_BLOCKS);

/** An accepted message's content. */
export interface MessageContent {
	text: string;
	blocks: PostedBlock[];
	metadata: MessageMetadata | undefined;
}

/** Either the content, or Slack's error code and what is wrong, one line per fault. */
export type ContentResult =
	| { ok: true; content: MessageContent; advice: string[] }
	| { ok: false; error: string; faults: string[] };

const refuse = (error: string, ...faults: string[]): ContentResult => ({ ok: false, error, faults });

/** Checks text, blocks and metadata together, for every way to send a message. */
export function checkContent(raw: { text?: unknown; blocks?: unknown; metadata?: unknown }): ContentResult {
	if (hasHalfCharacter(raw)) return refuse("invalid_arguments", "half a character");
	const parsedBlocks = messageBlocks.safeParse(raw.blocks ?? []);
	if (!parsedBlocks.success) return refuse("invalid_blocks", ...issuesOf(parsedBlocks.error, "/blocks"));
	const words = raw.text ?? "";
	if (typeof words !== "string") return refuse("invalid_arguments", "text must be a string [json-pointer:/text]");
	if (words === "" && parsedBlocks.data.length === 0) return refuse("no_text", "neither text nor blocks");
	if (words.trim() === "") return refuse("invalid_arguments", "text is required beside blocks: notifications show it");
	if (words.length > TEXT_LIMIT) return refuse("msg_too_long", `text of ${words.length}, above ${TEXT_LIMIT}`);
	const total = totalLength(parsedBlocks.data);
	if (total > WHOLE_LIMIT) return refuse("msg_blocks_too_long", `texts of ${total} in all, above ${WHOLE_LIMIT}`);
	const parsedMetadata = metadata.optional().safeParse(raw.metadata);
	if (!parsedMetadata.success) {
		return refuse("invalid_metadata_format", ...issuesOf(parsedMetadata.error, "/metadata"));
	}
	const advice = words.length > TEXT_ADVICE ? [`text of ${words.length}, above the advised ${TEXT_ADVICE}`] : [];
	return {
		ok: true,
		content: { text: words, blocks: parsedBlocks.data, metadata: parsedMetadata.data },
		advice,
	};
}

/** What an app may send to a response_url, or as the ack of a slash command. */
const respondBody = z.strictObject({
	text: z.string().optional(),
	blocks: z.unknown().optional(),
	response_type: z.enum(["ephemeral", "in_channel"]).optional(),
	replace_original: z.boolean().optional(),
	delete_original: z.boolean().optional(),
	thread_ts: z.string().optional(),
	metadata: z.unknown().optional(),
	unfurl_links: z.boolean().optional(),
	unfurl_media: z.boolean().optional(),
	mrkdwn: z.boolean().optional(),
});
export type RespondBody = z.infer<typeof respondBody>;

/** Reads a response body. An undefined `content` means that it only deletes the original. */
export function checkRespond(
	raw: unknown,
): { ok: false; error: string; faults: string[] } | { ok: true; body: RespondBody; result: ContentResult | undefined } {
	const parsed = respondBody.safeParse(raw);
	if (!parsed.success) return { ok: false, error: "invalid_arguments", faults: issuesOf(parsed.error) };
	const body = parsed.data;
	if (body.delete_original === true && body.text === undefined && body.blocks === undefined) {
		return { ok: true, body, result: undefined };
	}
	const result = checkContent(body);
	return result.ok ? { ok: true, body, result } : result;
}

/** Gives an id to every block that lacks one, and an action_id to every control, as Slack does. */
export function withIdentifiers(list: PostedBlock[], newId: () => string): PostedBlock[] {
	return list.map((block) => {
		const named = { ...block, block_id: block.block_id ?? newId() };
		if (named.type === "actions") {
			return { ...named, elements: named.elements.map((one) => ({ ...one, action_id: one.action_id ?? newId() })) };
		}
		if (named.type === "input") {
			return { ...named, element: { ...named.element, action_id: named.element.action_id ?? newId() } };
		}
		if (named.type !== "section" || named.accessory === undefined || named.accessory.type === "image") return named;
		return { ...named, accessory: { ...named.accessory, action_id: named.accessory.action_id ?? newId() } };
	});
}

/** The slack_file ids that a payload's pictures refer to. */
export function slackFilesIn(payload: unknown): string[] {
	if (Array.isArray(payload)) return payload.flatMap(slackFilesIn);
	if (!isRecord(payload)) return [];
	return Object.entries(payload).flatMap(([key, value]) =>
		key === "slack_file" && isRecord(value) ? [String(value.id ?? value.url)] : slackFilesIn(value),
	);
}

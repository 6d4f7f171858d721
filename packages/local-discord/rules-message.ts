import { ComponentType, MessageFlags } from "discord-api-types/v10";
import type { Embed, MessageBody } from "./bodies.ts";
import type { StoredMessage } from "./entities.ts";
import type { Problem } from "./failures.ts";
import type { UploadedFile } from "./http.ts";
import { flattenComponents, type Placed, sharedComponentProblems } from "./rules-components.ts";

const MAX_CONTENT = 2000;
const MAX_EMBED_CHARACTERS = 6000;
const MAX_ROWS = 5;
const MAX_COMPONENTS = 40;
const MAX_DISPLAYED_CHARACTERS = 4000;
const MAX_FILES = 10;
const EMPTY_MESSAGE = 50006;

/** What else is needed to check a message's body. */
export interface MessageContext {
	readonly files: readonly UploadedFile[];
	/** The message being edited; missing when one is created. */
	readonly edited?: StoredMessage | undefined;
}

/** Checks the documented rules about messages that the generated schemas lack, and that only one role may be pinged. */
export function messageProblems(body: MessageBody, context: MessageContext): Problem[] {
	const placed = flattenComponents(body.components ?? []);
	const newLayout = (((body.flags ?? 0) | (context.edited?.flags ?? 0)) & MessageFlags.IsComponentsV2) !== 0;
	return [
		...contentProblems(body),
		...mentionProblems(body),
		...(body.embeds ?? []).flatMap(embedProblems),
		...(body.embeds ?? []).flatMap(renumberProblems),
		...halfCharacterProblems(body),
		...embedTotalProblems(body.embeds ?? []),
		...sharedComponentProblems(placed),
		...(newLayout ? newLayoutProblems(body, placed) : oldLayoutProblems(body)),
		...emptyProblems(body, context),
		...fileProblems(body, context),
	];
}

function contentProblems(body: MessageBody): Problem[] {
	const tooLong = (body.content?.length ?? 0) > MAX_CONTENT;
	return tooLong ? [{ path: ["content"], message: `Must be ${MAX_CONTENT} or fewer in length.` }] : [];
}

function mentionProblems(body: MessageBody): Problem[] {
	const writes = body.content !== undefined || body.embeds !== undefined || body.components !== undefined;
	if (!writes && !body.attachments) return [];
	const mentions = body.allowed_mentions;
	const silent = mentions?.parse?.length === 0 && (mentions.users ?? []).length === 0 && !mentions.replied_user;
	if (!silent) return [{ path: ["allowed_mentions"], message: "every message carries allowed_mentions {parse: []}" }];
	const roles = mentions.roles ?? [];
	const isNamed = roles.every((id) => body.content?.includes(`<@&${id}>`));
	if (roles.length <= 1 && isNamed) return [];
	return [{ path: ["allowed_mentions", "roles"], message: "at most one role is pinged, and the content names it" }];
}

function embedLength(embed: Embed): number {
	const fields = (embed.fields ?? []).flatMap((field) => [field.name, field.value]);
	const texts = [embed.title, embed.description, embed.footer?.text, embed.author?.name, ...fields];
	return texts.reduce<number>((sum, text) => sum + (text?.length ?? 0), 0);
}

/** Clients renumber the lines of a numbered list from its first number on, which would change shared ranks. */
function renumberProblems(embed: Embed, index: number): Problem[] {
	const texts = [embed.description ?? "", ...(embed.fields ?? []).map(({ value }) => value)];
	const isRenumbered = texts.some((text) => {
		let expected: number | null = null;
		// Code is shown unchanged.
		return text
			.replace(/```[\s\S]*?```/g, "")
			.split("\n")
			.some((line) => {
				const number = /^\s{0,3}(\d{1,9})\.\s/.exec(line)?.[1];
				const isWrong = number !== undefined && expected !== null && Number(number) !== expected;
				expected = number === undefined ? null : (expected ?? Number(number)) + 1;
				return isWrong;
			});
	});
	return isRenumbered ? [{ path: ["embeds", index], message: "clients would renumber these lines" }] : [];
}

const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Strict decoders refuse a whole message for one lone surrogate. */
function halfCharacterProblems(body: MessageBody): Problem[] {
	const half = (value: unknown): boolean =>
		typeof value === "string"
			? LONE_SURROGATE.test(value)
			: typeof value === "object" && value !== null && Object.values(value).some(half);
	return half(body) ? [{ path: [], message: "half a character" }] : [];
}

function embedTotalProblems(embeds: readonly Embed[]): Problem[] {
	const total = embeds.reduce((sum, embed) => sum + embedLength(embed), 0);
	if (total <= MAX_EMBED_CHARACTERS) return [];
	return [{ path: ["embeds"], message: `Embed size exceeds maximum size of ${MAX_EMBED_CHARACTERS} (${total})` }];
}

function embedProblems(embed: Embed, index: number): Problem[] {
	const path = ["embeds", index];
	const blank = (embed.fields ?? []).some((field) => field.name.trim() === "" || field.value.trim() === "");
	const problems = blank ? [{ path: [...path, "fields"], message: "a field needs a name and a value" }] : [];
	const shows = embedLength(embed) > 0 || embed.image || embed.thumbnail;
	return shows ? problems : [...problems, { path, message: "an embed with nothing in it" }];
}

function oldLayoutProblems(body: MessageBody): Problem[] {
	const components = body.components ?? [];
	const problems: Problem[] = [];
	if (components.length > MAX_ROWS) problems.push({ path: ["components"], message: `more than ${MAX_ROWS} rows` });
	if (components.some((component) => component.type !== ComponentType.ActionRow)) {
		problems.push({ path: ["components"], message: "without the Components V2 flag only rows are allowed" });
	}
	return problems;
}

function newLayoutProblems(body: MessageBody, placed: readonly Placed[]): Problem[] {
	const problems: Problem[] = [];
	const message = "is not allowed together with the Components V2 flag";
	if (body.content) problems.push({ path: ["content"], message });
	if (body.embeds && body.embeds.length > 0) problems.push({ path: ["embeds"], message });
	if (body.poll) problems.push({ path: ["poll"], message });
	if (placed.length > MAX_COMPONENTS) {
		problems.push({ path: ["components"], message: `more than ${MAX_COMPONENTS} components` });
	}
	const shown = placed.filter(({ component }) => component.type === ComponentType.TextDisplay);
	const characters = shown.reduce((sum, { component }) => sum + (component.content?.length ?? 0), 0);
	if (characters > MAX_DISPLAYED_CHARACTERS) {
		problems.push({ path: ["components"], message: `more than ${MAX_DISPLAYED_CHARACTERS} displayed characters` });
	}
	return problems;
}

/** Checks that the message is not empty once the body is applied; an edit keeps what it does not mention. */
function emptyProblems(body: MessageBody, { files, edited }: MessageContext): Problem[] {
	const content = body.content === undefined ? (edited?.content ?? "") : (body.content ?? "");
	const embeds = body.embeds === undefined ? (edited?.embeds ?? []) : (body.embeds ?? []);
	const components = body.components === undefined ? (edited?.components ?? []) : (body.components ?? []);
	const keptFiles = body.attachments ? body.attachments.length : (edited?.files.length ?? 0);
	const hasMore = files.length > 0 || keptFiles > 0 || (body.sticker_ids ?? []).length > 0 || body.poll;
	if (content.trim() !== "" || embeds.length > 0 || components.length > 0 || hasMore) return [];
	return [{ path: [], message: "Cannot send an empty message", code: EMPTY_MESSAGE }];
}

function fileProblems(body: MessageBody, { files, edited }: MessageContext): Problem[] {
	const problems: Problem[] = [];
	if (files.length > MAX_FILES) problems.push({ path: ["files"], message: `more than ${MAX_FILES} files` });
	const uploaded = new Set(files.map((file) => file.key));
	const known = new Set([...uploaded, ...(edited?.files.map((file) => file.id) ?? [])]);
	for (const [index, attachment] of (body.attachments ?? []).entries()) {
		if (known.has(attachment.id)) continue;
		problems.push({ path: ["attachments", index, "id"], message: `no file files[${attachment.id}] was sent` });
	}
	const names = new Set([...files, ...(edited?.files ?? [])].map((file) => file.name));
	for (const url of referencedFiles(body)) {
		if (!names.has(url))
			problems.push({ path: ["embeds"], message: `attachment://${url} names no file that was sent` });
	}
	return problems;
}

function referencedFiles(body: MessageBody): string[] {
	const urls = (body.embeds ?? []).flatMap((embed) => [embed.image?.url, embed.thumbnail?.url]);
	return urls.flatMap((url) => (url?.startsWith("attachment://") ? [url.slice("attachment://".length)] : []));
}

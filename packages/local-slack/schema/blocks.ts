import type {
	ActionsBlock,
	Block,
	ContextBlock,
	DividerBlock,
	HeaderBlock,
	ImageBlock,
	InputBlock,
	SectionBlock,
} from "@slack/types";
import { z } from "zod";
import { anyText, plainText } from "./composition.ts";
import {
	accessories,
	type Control,
	checkImageSource,
	clickable,
	type ImageSource,
	imageElement,
	imageSource,
	inputs,
} from "./elements.ts";
import { byType, checkedBy, exactly, text } from "./exactly.ts";
import { richText } from "./rich-text.ts";

const blockId = { block_id: text(255).exactOptional() };

const section = exactly<SectionBlock>()({
	...blockId,
	type: z.literal("section"),
	text: anyText(3000).exactOptional(),
	fields: z.array(anyText(2000)).min(1).max(10).exactOptional(),
	accessory: byType("accessory", { ...accessories, image: imageElement }).exactOptional(),
	expand: z.boolean().exactOptional(),
}).superRefine((block, context) => {
	if (block.text === undefined && block.fields === undefined) {
		context.addIssue({ code: "custom", message: "a section needs text or fields" });
	}
});

const imageShape = exactly<Pick<ImageBlock, "type" | "alt_text" | "title"> & Block & ImageSource>()({
	...blockId,
	...imageSource,
	type: z.literal("image"),
	alt_text: text(2000),
	title: plainText(2000).exactOptional(),
}).superRefine(checkImageSource);

const kinds = {
	section,
	image: checkedBy<ImageBlock>(() => imageShape),
	rich_text: richText,
	header: exactly<HeaderBlock>()({
		...blockId,
		type: z.literal("header"),
		text: plainText(150),
	}) satisfies z.ZodType<HeaderBlock>,
	divider: exactly<DividerBlock>()({ ...blockId, type: z.literal("divider") }) satisfies z.ZodType<DividerBlock>,
	context: exactly<ContextBlock>()({
		...blockId,
		type: z.literal("context"),
		elements: z
			.array(byType("context element", { plain_text: anyText(2000), mrkdwn: anyText(2000), image: imageElement }))
			.min(1)
			.max(10),
	}),
	actions: exactly<ActionsBlock>()({
		...blockId,
		type: z.literal("actions"),
		elements: z.array(byType("action", clickable)).min(1).max(25),
	}) satisfies z.ZodType<ActionsBlock>,
	input: exactly<InputBlock>()({
		...blockId,
		type: z.literal("input"),
		label: plainText(2000),
		hint: plainText(2000).exactOptional(),
		optional: z.boolean().exactOptional(),
		dispatch_action: z.boolean().exactOptional(),
		element: byType("input", inputs),
	}) satisfies z.ZodType<InputBlock>,
};

/** A block of a kind that this server models; other kinds are refused. */
export type PostedBlock = z.infer<(typeof kinds)[keyof typeof kinds]>;
const anyBlock = byType("block", kinds);

/** The controls of one block, in order. */
export function controlsOf(block: PostedBlock): Control[] {
	if (block.type === "actions") return block.elements;
	if (block.type === "input") return [block.element];
	if (block.type !== "section" || block.accessory === undefined || block.accessory.type === "image") return [];
	return [block.accessory];
}

function checkIdentifiers(blocks: PostedBlock[], context: z.RefinementCtx): void {
	const seenBlocks = new Set<string>();
	for (const [index, block] of blocks.entries()) {
		if (block.block_id !== undefined && seenBlocks.has(block.block_id)) {
			context.addIssue({ code: "custom", message: "block_id is used twice", path: [index, "block_id"] });
		}
		seenBlocks.add(block.block_id ?? "");
		const seenActions = new Set<string>();
		for (const control of controlsOf(block)) {
			if (control.action_id !== undefined && seenActions.has(control.action_id)) {
				context.addIssue({ code: "custom", message: `action_id ${control.action_id} is used twice`, path: [index] });
			}
			seenActions.add(control.action_id ?? "");
		}
	}
}

/** The blocks of a message (at most 50) or of a view (at most 100), with unique block_ids and action_ids. */
export function blocks(max: number) {
	const list = z.array(anyBlock).max(max);
	return list.superRefine((value, context) => {
		// Only well-formed blocks are walked; malformed ones have issues already.
		if (list.safeParse(value).success) checkIdentifiers(value, context);
	});
}

import type {
	RichTextBlock,
	RichTextBroadcastMention,
	RichTextChannelMention,
	RichTextDate,
	RichTextEmoji,
	RichTextLink,
	RichTextList,
	RichTextPreformatted,
	RichTextQuote,
	RichTextSection,
	RichTextText,
	RichTextUsergroupMention,
	RichTextUserMention,
} from "@slack/types";
import { z } from "zod";
import { byType, exactly, text } from "./exactly.ts";

const flag = z.boolean().exactOptional();
const styled = {
	style: z.strictObject({ bold: flag, code: flag, italic: flag, strike: flag, underline: flag }).exactOptional(),
};
const bordered = { border: z.union([z.literal(0), z.literal(1)]).exactOptional() };

const words = exactly<RichTextText>()({ ...styled, type: z.literal("text"), text: text(3000) });
const link = exactly<RichTextLink>()({
	...styled,
	type: z.literal("link"),
	url: text(3000),
	text: text(3000).exactOptional(),
	unsafe: flag,
});

const inline = byType("rich text element", {
	text: words,
	link,
	date: exactly<RichTextDate>()({
		...styled,
		type: z.literal("date"),
		timestamp: z.int(),
		format: text(255),
		url: z.string().exactOptional(),
		fallback: z.string().exactOptional(),
	}),
	emoji: exactly<RichTextEmoji>()({
		...styled,
		type: z.literal("emoji"),
		name: text(255),
		unicode: z.string().exactOptional(),
		url: z.string().exactOptional(),
	}),
	user: exactly<RichTextUserMention>()({ ...styled, type: z.literal("user"), user_id: text(30) }),
	channel: exactly<RichTextChannelMention>()({ ...styled, type: z.literal("channel"), channel_id: text(30) }),
	usergroup: exactly<RichTextUsergroupMention>()({ ...styled, type: z.literal("usergroup"), usergroup_id: text(30) }),
	broadcast: exactly<RichTextBroadcastMention>()({
		...styled,
		type: z.literal("broadcast"),
		range: z.enum(["here", "channel", "everyone"]),
	}),
});

const section = exactly<RichTextSection>()({ type: z.literal("rich_text_section"), elements: z.array(inline) });

/** A rich_text block: sections, lists, quotes and preformatted text of words, links, emoji and mentions. */
export const richText = exactly<RichTextBlock>()({
	type: z.literal("rich_text"),
	block_id: text(255).exactOptional(),
	elements: z
		.array(
			byType("rich text part", {
				rich_text_section: section,
				rich_text_list: exactly<RichTextList>()({
					...bordered,
					type: z.literal("rich_text_list"),
					style: z.enum(["bullet", "ordered"]),
					indent: z.int().min(0).max(8).exactOptional(),
					elements: z.array(section).min(1),
				}),
				rich_text_quote: exactly<RichTextQuote>()({
					...bordered,
					type: z.literal("rich_text_quote"),
					elements: z.array(inline),
				}),
				rich_text_preformatted: exactly<RichTextPreformatted>()({
					...bordered,
					type: z.literal("rich_text_preformatted"),
					elements: z.array(byType("preformatted element", { text: words, link })),
				}),
			}),
		)
		.min(1),
}) satisfies z.ZodType<RichTextBlock>;

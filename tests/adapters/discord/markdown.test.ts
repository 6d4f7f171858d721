import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cut, split } from "../../../src/adapters/discord/outgoing/cut.ts";
import { escapeMarkdown, markdownOf, proseMarkdown } from "../../../src/adapters/discord/outgoing/markdown.ts";
import { instant, plain } from "../../../src/chat/card.ts";
import { beginning } from "../../../src/core/text/cut.ts";

describe("markdown", () => {
	test("nothing in a member's words is markup, a mention or a link", () => {
		expect(escapeMarkdown("**a** _b_ ~~c~~ `d` ||e|| <@1> @here https://x.y [z](u)")).toBe(
			"\\*\\*a\\*\\* \\_b\\_ \\~\\~c\\~\\~ \\`d\\` \\|\\|e\\|\\| \\<@1\\> \\@here https\\://x.y \\[z\\](u)",
		);
		expect(escapeMarkdown("# a\n> b\n- c\n1. d\n-# e #f")).toBe("\\# a\n\\> b\n\\- c\n1\\. d\n\\-# e #f");
	});

	test("the bank's prose keeps its code and its links", () => {
		expect(proseMarkdown("`d_k * 2` and d_model, see https://arxiv.org/abs/1_2 *now*")).toBe(
			"`d_k * 2` and d\\_model, see https://arxiv.org/abs/1_2 \\*now\\*",
		);
	});

	test("a right-to-left name does not reorder the words after it", () => {
		expect(markdownOf([plain("سلمى"), ": 1 in a row"])).toBe("\u2068سلمى\u2069: 1 in a row");
		expect(markdownOf([plain("Ana"), ": 1 in a row"])).toBe("Ana: 1 in a row");
	});

	test("a fence behind an address of the prose opens no code block", () => {
		expect(proseMarkdown("https://example.org/a)\\```\n1. x")).toBe("https://example.org/a)\\\\\\`\\`\\`\n1\\. x");
	});

	test("instants show in the reader's zone", () => {
		expect(markdownOf(["at ", instant(new Date("2027-03-08T08:00:00Z"), "Europe/Berlin")])).toBe("at <t:1804492800:f>");
	});
});

describe("cutting", () => {
	test("never breaks a character, and splitting loses nothing", () => {
		fc.assert(
			fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 20, max: 60 }), (text, most) => {
				expect(beginning(text, most).length).toBeLessThanOrEqual(most);
				expect(cut(text, most).length).toBeLessThanOrEqual(most);
				const parts = split(text, most, most);
				expect(parts.every((part) => part.length <= most)).toBe(true);
				expect(parts.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
				expect(parts.some((part) => /[\uD800-\uDBFF]$/.test(part))).toBe(false);
			}),
		);
	});
});

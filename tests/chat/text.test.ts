import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Block, button, type Card, instant, plain, strong } from "../../src/chat/card.ts";
import { cardText, PLAIN_STYLE, textOf, visible } from "../../src/chat/text.ts";

const card = (...blocks: Block[]): Card => ({ tone: "plain", title: "Title", blocks });

/** Whether a character could control a terminal. */
const steers = (sign: string) => /\p{Cc}/u.test(sign) && sign !== "\n" && sign !== "\t";

describe("control characters", () => {
	test("become visible signs; line breaks and tabs stay", () => {
		expect(visible("a\u0000b\u001b[2Jc\u007fd\u009be")).toBe("a\u{fffd}b\u{fffd}[2Jc\u{fffd}d\u{fffd}e");
		expect(visible("one\ntwo\tthree")).toBe("one\ntwo\tthree");
		expect(visible("back\rspace\b")).toBe("back\u{fffd}space\u{fffd}");
	});

	test("emoji, right-to-left text and every other character are unchanged", () => {
		for (const text of ["😀👩‍👩‍👧", "שלום عربى", "漢字", "'; drop table members; --", "<b>&amp;</b>", "*_~`"])
			expect(visible(text)).toBe(text);
	});

	test("none reaches a screen from a member's text, in any place of a card", () => {
		fc.assert(
			fc.property(fc.string({ unit: "binary", maxLength: 80 }), (text) => {
				const shown = cardText({
					tone: "plain",
					title: text,
					blocks: [
						{ type: "text", text: [plain(text), strong(text), { type: "code", text }] },
						{ type: "quote", text },
						{ type: "preformatted", text },
						{ type: "note", text: [plain(text)] },
						{ type: "list", marker: "bullet", items: [[plain(text)]] },
						{ type: "facts", facts: [{ name: "Name", value: [plain(text)] }] },
					],
				});
				expect([...shown].filter(steers)).toEqual([]);
			}),
		);
	});
});

describe("a member's text is never markup", () => {
	const style = {
		...PLAIN_STYLE,
		code: (text: string) => `<code>${text}</code>`,
		strong: (text: string) => `<strong>${text}</strong>`,
	};

	test("backticks mark code only in the program's own prose", () => {
		expect(textOf("Try `/nlpq today` now", style)).toBe("Try <code>/nlpq today</code> now");
		expect(textOf([plain("Try `/nlpq today` now")], style)).toBe("Try `/nlpq today` now");
		expect(cardText(card({ type: "quote", text: "a `b` c" }), style)).toBe("Title\n\n> a `b` c");
	});

	test("a single backtick, or two on different lines, mark nothing", () => {
		expect(textOf("5` and\n6`", style)).toBe("5` and\n6`");
	});
});

describe("a card as plain text", () => {
	test("shows its blocks in order, with a blank line between, but none below a heading", () => {
		const text = cardText(
			card(
				{
					type: "facts",
					facts: [
						{ name: "Category", value: "transformers" },
						{ name: "Time", value: "5 minutes" },
					],
				},
				{ type: "heading", text: "Options" },
				{ type: "list", marker: "letter", items: ["one", "two", "three", "four"] },
				{ type: "list", marker: "number", items: ["one", "two"] },
				{ type: "list", marker: "bullet", items: ["one"] },
				{ type: "quote", text: "line one\nline two" },
				{ type: "preformatted", text: "if x:\n  `y`\n\nend" },
				{ type: "note", text: "small" },
				{
					type: "picture",
					picture: { type: "profile", title: "Profile", rows: [] },
					alternative: "The picture in words",
				},
				{
					type: "checklist",
					label: "Which?",
					items: ["first", "second"],
					call: { command: "rate", options: {} },
					option: "points",
				},
			),
		);
		expect(text).toBe(
			[
				"Title",
				"Category: transformers\nTime: 5 minutes",
				"Options\nA) one\nB) two\nC) three\nD) four",
				"1. one\n2. two",
				"- one",
				"> line one\n> line two",
				"    if x:\n      `y`\n\n    end",
				"small",
				"The picture in words",
				"Which?\n1. first\n2. second",
			].join("\n\n"),
		);
	});

	test("leaves its actions to the platform", () => {
		expect(
			cardText(card({ type: "actions", buttons: [button("Answer", "answer")] }, { type: "text", text: "end" })),
		).toBe("Title\n\nend");
	});

	test("shows a time in the zone that it carries", () => {
		expect(textOf(["Next: ", instant(new Date("2027-03-28T07:00:00Z"), "Europe/Berlin")])).toBe(
			"Next: Sun 28 Mar 2027, 09:00 (Europe/Berlin)",
		);
	});
});

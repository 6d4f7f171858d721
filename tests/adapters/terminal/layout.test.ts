import stringWidth from "string-width";
import { expect, test } from "vitest";
import { actionsOf } from "../../../src/adapters/terminal/actions.ts";
import { pictureText } from "../../../src/adapters/terminal/layout/pictures.ts";
import { renderActions, renderCard } from "../../../src/adapters/terminal/layout/render.ts";
import { Screen } from "../../../src/adapters/terminal/screen.ts";
import { button, type Card, plain } from "../../../src/chat/card.ts";
import { revealedCard } from "../../../src/chat/cards/answer.ts";
import { checkCard, dailyCard } from "../../../src/chat/cards/question.ts";
import { loadBank } from "../../../src/run/open.ts";
import { byEffort } from "../../support/effort.ts";

const WIDTHS = byEffort({ test: [20, 50, 80, 200], ci: [20, 33, 50, 80, 200], full: [20, 33, 50, 66, 80, 120, 200] });
/** The columns that quotes, list items and actions take up beside their words. */
const MAX_INDENT = 8;
const QUESTIONS = byEffort({ test: 6, ci: 20, full: 1000 });

const day = (index: number) => ({
	date: new Date(Date.UTC(2027, 0, 4 + index)).toISOString().slice(0, 10),
	mark: (["attempted", "missed", "frozen", "excused", "open", "none"] as const)[index % 6] ?? "none",
});
const cardWithEveryBlock: Card = {
	tone: "warning",
	title: "A title of some length, which no narrow window holds in one line",
	blocks: [
		{
			type: "picture",
			alternative: "days",
			picture: {
				type: "heat-map",
				title: "Twelve weeks",
				days: Array.from({ length: 84 }, (_, index) => day(index)),
			},
		},
		{
			type: "picture",
			alternative: "bars",
			picture: {
				type: "profile",
				title: "By category",
				rows: [
					{ name: "fundamentals", answered: 12, share: 0.75 },
					{ name: "東京の質問とその答え、とても長い名前", answered: 3, share: 1 },
					{ name: "rapid-fire", answered: 2, share: null },
				],
			},
		},
		{
			type: "picture",
			alternative: "squares",
			picture: {
				type: "recall-map",
				title: "Recall",
				figures: [],
				groups: [
					{ name: "fundamentals", marks: Array.from({ length: 90 }, () => "firm" as const) },
					{ name: "東京の質問とその答え、とても長い名前", marks: ["fading", "slipping", "unmet"] },
				],
			},
		},
		{
			type: "facts",
			facts: [
				{ name: "Category", value: "transformers" },
				{ name: "Difficulty", value: "advanced" },
			],
		},
		{
			type: "quote",
			text: "What I said, 東京 and 🧑🏽‍🚀 and more of it than one line holds.\n- a point\n- another one that is long enough to wrap",
		},
		{
			type: "text",
			text: [plain("plain words, "), { type: "code", text: "code()" }, " and `more code` in a sentence that wraps"],
		},
		{ type: "list", marker: "number", items: ["one item that is longer than a narrow window", "two"] },
		{ type: "note", text: "A note with `/nlpq help` in it, which goes on for a while." },
		{
			type: "checklist",
			label: "Which of these did you have?",
			items: ["The first key point, in words", "The second"],
			option: "points",
			call: { command: "rate", options: {} },
		},
		{ type: "actions", buttons: ["Answer", "Quick check", "Hint", "Reveal"].map((label) => button(label, "help")) },
	],
};

async function sampleCards(): Promise<Card[]> {
	const bank = (await loadBank()).all();
	const step = Math.max(1, Math.floor(bank.length / QUESTIONS));
	const questions = bank.filter((_, index) => index % step === 0);
	return [
		cardWithEveryBlock,
		...questions.flatMap((question) => [
			dailyCard(question, 1, 0),
			checkCard(question),
			revealedCard(question, { cost: false }),
		]),
	];
}

const words = (text: string) => text.split(/\s+/).filter((word) => word !== "" && word !== "·");

test("cards fit windows of 20 to 200 columns, and no word that fits the window is cut", async () => {
	for (const card of await sampleCards()) {
		const textOnly = {
			...card,
			blocks: card.blocks.filter(({ type }) => type !== "picture" && type !== "preformatted"),
		};
		const wholeWords = words(renderCard(textOnly, { columns: 10_000, hasColours: false }));
		for (const columns of WIDTHS) {
			const layout = { columns, hasColours: false };
			const lines = [...renderCard(card, layout).split("\n"), ...renderActions(actionsOf(card), layout).split("\n")];
			for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
			const wrapped = new Set(words(renderCard(textOnly, layout)));
			expect(wholeWords.filter((word) => stringWidth(word) <= columns - MAX_INDENT && !wrapped.has(word))).toEqual([]);
		}
	}
});

test("list items have a hanging indent, and actions get a line each if they do not fit on one", () => {
	const lines = renderCard(cardWithEveryBlock, { columns: 30, hasColours: false }).split("\n");
	const item = lines.findIndex((line) => line.startsWith("1. one item"));
	expect(lines[item + 1]).toMatch(/^ {3}\S/);
	const actions = actionsOf(cardWithEveryBlock);
	expect(renderActions(actions, { columns: 80, hasColours: false })).toBe(
		"[3] Tick what you had  [4] Answer  [5] Quick check  [6] Hint  [7] Reveal",
	);
	expect(renderActions(actions, { columns: 40, hasColours: false }).split("\n")).toHaveLength(5);
});

test("colours are legible on light and dark backgrounds, and without them no escape sequence is left", () => {
	const coloured = renderCard(cardWithEveryBlock, { columns: 80, hasColours: true });
	// biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for escape sequences
	const codes = new Set(Array.from(coloured.matchAll(/\u001b\[([\d;]*)m/g), ([, code]) => code));
	expect(
		[...codes].filter((code) => !["0", "1", "3", "22", "23", "31", "32", "35", "39"].includes(code ?? "")),
	).toEqual([]);
	expect(codes.size).toBeGreaterThan(3);
	expect(renderCard(cardWithEveryBlock, { columns: 80, hasColours: false })).not.toContain("\u001b");
});

test("many actions share lines, so that their card stays on a small screen; none is wider than the window", () => {
	const labels = ["Tick what you had", "Strong answer", "Traps", "Follow-ups", "References", "Report"];
	const grades = ["Again", "Hard", "✓ Good", "Easy"].map((grade) => `${grade}: 22 December`);
	const actions = [...labels, ...grades, "Next", "Stop"].map((label) => ({
		label,
		call: { command: "help", options: {} },
	}));
	const rows = (columns: number) => renderActions(actions, { columns, hasColours: false }).split("\n");
	for (const columns of [20, 40, 80, 200])
		for (const row of rows(columns)) expect(stringWidth(row)).toBeLessThanOrEqual(columns);
	expect(rows(80).length).toBeLessThanOrEqual(4);
	expect(rows(40).length).toBeLessThanOrEqual(8);
	// In the order of their numbers, downwards.
	expect(rows(80)[0]).toMatch(/^\[1\] Tick what you had +\[5\] References +\[9\]/);
});

test("what says how to read on fits a narrow window too, and names the next page where there is one", () => {
	let written = "";
	const sink = { write: (text: string) => (written += text) };
	const size = () => ({ columns: 20, rows: 24 });
	const screen = new Screen(sink, { type: "terminal", hasColours: false, size }, "me");
	screen.isPaged = true;
	const items = Array.from({ length: 40 }, (_, index) => `Item ${index}`);
	const more = { type: "actions" as const, buttons: [button("More", "search", { page: "2" })] };
	screen.show("me", { tone: "plain", title: "A list", blocks: [{ type: "list", marker: "number", items }, more] }, {});
	expect(written.replaceAll(/\s+/g, " ")).toMatch(/\(Enter shows the other \d+ lines, then the next page\.\)/);
	for (const line of written.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(20);
});

test("a text that stays unwrapped, to be copied, takes no more of the screen than other texts", () => {
	let written = "";
	const sink = { write: (text: string) => (written += text) };
	const screen = new Screen(
		sink,
		{ type: "terminal", hasColours: false, size: () => ({ columns: 80, rows: 24 }) },
		"me",
	);
	screen.isPaged = true;
	const text = Array.from({ length: 30 }, (_, index) => `${index} ${"word ".repeat(60)}end`).join("\n");
	const fields = [{ name: "text", label: "Your text", text }];
	screen.show("me", { tone: "error", title: "Too long.", blocks: [{ type: "typed", fields, reopen: null }] }, {});
	const rows = () => written.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 80)), 0);
	expect(rows()).toBeLessThanOrEqual(24);
	while (screen.showMore());
	for (let index = 0; index < 30; index += 1) expect(written).toContain(`${index} word `);
});

test("the months above a streak's weeks fit, also one that begins in the last week", () => {
	const days = Array.from({ length: 84 }, (_, index) => ({
		date: new Date(Date.UTC(2026, 8, 14 + index)).toISOString().slice(0, 10),
		mark: "none" as const,
	}));
	for (const columns of [20, 33, 40, 41, 80]) {
		const lines = pictureText({ type: "heat-map", title: "", days }, false, columns).split("\n");
		for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
	}
	expect(pictureText({ type: "heat-map", title: "", days }, false, 80).split("\n")[0]).toContain("Dec");
});

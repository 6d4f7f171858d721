import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModalBodySchema } from "../../../packages/local-discord/bodies.ts";
import { modalProblems } from "../../../packages/local-discord/rules-modal.ts";
import { readControlId } from "../../../src/adapters/discord/incoming/control-id.ts";
import { CUSTOM_ID } from "../../../src/adapters/discord/outgoing/limits.ts";
import { modalOf } from "../../../src/adapters/discord/outgoing/modal.ts";
import { render } from "../../../src/adapters/discord/outgoing/render.ts";
import { type Block, button, type Card, plain } from "../../../src/chat/card.ts";
import { alertCard } from "../../../src/chat/cards/alerts.ts";
import { checkedCard, partCard } from "../../../src/chat/cards/answer.ts";
import { milestoneCard, sharedCard } from "../../../src/chat/cards/notices.ts";
import * as cards from "../../../src/chat/cards/question.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { OPTION_LETTERS } from "../../../src/core/question/question.ts";
import { realQuestions } from "../../support/bank.ts";
import { byEffort } from "../../support/effort.ts";
import { makeQuestion } from "../../support/question.ts";
import { cardsOf, RECORDED } from "../../support/question-cards.ts";
import { callsOf, controlsOf, flat, problemsOf, shownText, textsOf } from "./legality.ts";
import { longestQuestion } from "./longest-cards.ts";

const questions = await realQuestions();

const GUILD = "12345678901234567890";
const MARK = "a".repeat(22);

function expectWhole(card: Card, where = {}): void {
	expect(problemsOf(card, where)).toEqual([]);
	const shown = shownText(render(card, where));
	for (const text of textsOf(card)) expect(shown, text).toContain(flat(text));
}

/** One question in this many is looked at. */
const ONE_QUESTION_OF = byEffort({ test: 4, ci: 1, full: 1 });
const sampled = [...questions.values()].filter((_, index) => index % ONE_QUESTION_OF === 0);

describe("every card of every question", () => {
	test.each(sampled.map((question) => [question.id, question] as const))("%s", (_id, question) => {
		for (const card of cardsOf(question)) {
			for (const where of [{}, { mark: MARK }, { workspaceId: GUILD, mark: MARK }]) expectWhole(card, where);
			const buttons = card.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));
			const calls = callsOf(card, { workspaceId: GUILD, mark: MARK });
			expect(calls.filter(({ ticks }) => ticks === null).map(({ call }) => call)).toEqual(
				buttons.map(({ call }) => call),
			);
			expect(calls.every(({ workspaceId }) => workspaceId === GUILD)).toBe(true);
		}
	});

	test("with the longest texts that the bank allows", () => {
		for (const card of cardsOf(longestQuestion())) expectWhole(card, { workspaceId: GUILD, mark: MARK });
	});

	test("a daily post is one message, and its mark can be found again", () => {
		for (const question of [...questions.values(), longestQuestion()]) {
			const messages = render(cards.dailyCard(question, 12, 3), { mark: MARK });
			expect(messages).toHaveLength(1);
			const ids = messages.flatMap(controlsOf).map(({ customId }) => customId);
			expect(ids.filter((id) => id.endsWith(` ~${MARK}`))).toHaveLength(1);
			expect(Math.max(...ids.map((id) => id.length))).toBeLessThanOrEqual(CUSTOM_ID);
		}
	});

	test("an exhibit is a code block under the prompt, and no fence in it closes the block", () => {
		const exhibit = "  def f(x):\n```\n@everyone **bold** <@1>\n````js\n  return `x`";
		const [message] = render(cards.dailyCard(makeQuestion({ prompt: "What does it print?", exhibit }), 12, 3));
		const description = message?.embeds[0]?.description ?? "";
		const [before, code, after] = description.split("```");
		expect(before?.split("\n\n").at(-1)).toBe("What does it print?\n");
		expect(code?.replaceAll("\u200b", "")).toBe(`\n${exhibit}\n`);
		expect(after).not.toContain("return");
		expect(description.split("```")).toHaveLength(3);
	});

	test("code longer than an embed continues in another code block", () => {
		const line = (index: number) => `  step ${index}  loss 2.31`;
		const text = Array.from({ length: 600 }, (_, index) => line(index)).join("\n");
		const card: Card = { tone: "plain", title: "A log", blocks: [{ type: "preformatted", text }] };
		expectWhole(card);
		const descriptions = render(card).flatMap(({ embeds }) => embeds.map((embed) => embed.description ?? ""));
		expect(descriptions.length).toBeGreaterThan(2);
		for (const description of descriptions) expect(description).toMatch(/^```\n {2}step [^`]* 2\.31\n```$/);
	});

	test("its form is legal", () => {
		for (const question of [...questions.values(), longestQuestion()]) {
			const modal = modalOf(cards.answerForm(question), GUILD);
			expect(modalProblems(ModalBodySchema.parse(JSON.parse(JSON.stringify(modal))))).toEqual([]);
			expect(modal.custom_id.length).toBeLessThanOrEqual(CUSTOM_ID);
			expect(readControlId(modal.custom_id, COMMANDS).call.options.question).toBe(question.id);
		}
	});
});

test("the card after a long answer lists its points once, in the menu, and stays within four rows of controls", () => {
	const points = ["It names the idea.", "It gives the cost."];
	const card: Card = {
		tone: "good",
		title: "Compare",
		blocks: [
			{
				type: "checklist",
				label: "Which?",
				items: points,
				ticked: [2],
				call: { command: "today", options: {} },
				option: "points",
			},
		],
	};
	const [message, ...more] = render(card);
	expect(more).toEqual([]);
	expect(JSON.stringify(message?.embeds)).not.toContain(points[0]);
	const [, long] = [...questions.values()].flatMap(cardsOf).filter(({ title }) => title.startsWith("Compare · "));
	if (!long) throw new Error("no card after an answer");
	const shown = render(long);
	expect(shown.flatMap(({ components }) => components).length).toBeLessThanOrEqual(4);
	const quoted = long.blocks.find((block) => block.type === "quote");
	expect(quoted?.text.split("\n").length).toBeLessThanOrEqual(4);
});

/** Characters of a line of an embed, and lines of a card, on a phone of 360 by 640 pixels. */
const PHONE_COLUMNS = 36;
const PHONE_LINES = 20;
const phoneLines = (text: string) =>
	text.split("\n").reduce((lines, line) => lines + Math.max(1, Math.ceil(line.length / PHONE_COLUMNS)), 0);

test("the card after a quick check fits on a phone; an explanation without room is behind Strong answer", () => {
	for (const question of questions.values())
		for (const option of OPTION_LETTERS) {
			const card = checkedCard(question, option, { ...RECORDED, counted: false, milestones: [] });
			const [message, ...more] = render(card);
			const text = shownText(render(card));
			expect(more).toEqual([]);
			expect(phoneLines(message?.embeds[0]?.description ?? ""), `${question.id} ${option}`).toBeLessThanOrEqual(
				PHONE_LINES,
			);
			const strong = partCard(question, "strong", { id: 7, text: null, kind: "check", option });
			const isBehind = textsOf(strong).includes(question.mcq.explanation);
			expect(text.includes(flat(question.mcq.explanation))).toBe(!isBehind);
		}
});

test("rows of buttons are even where that needs no further row, since a phone shows two beside each other", () => {
	const rowsOf = (count: number) => {
		const buttons = Array.from({ length: count }, (_, index) => button(`${index}`, "today"));
		const [message] = render({ tone: "plain", title: "Many", blocks: [{ type: "actions", buttons }] });
		return message?.components.map(({ components }) => components.length);
	};
	expect([4, 5, 6, 8, 9, 10, 11].map(rowsOf)).toEqual([[4], [5], [4, 2], [4, 4], [5, 4], [5, 5], [4, 4, 3]]);
});

test("no title joins a label to a question's title, which may have a colon, by another colon", () => {
	const titled = makeQuestion({ title: "BLEU: what it misses" });
	const titles = cardsOf(titled)
		.map(({ title }) => title)
		.filter((title) => title.includes(titled.title));
	expect(titles.length).toBeGreaterThan(8);
	for (const title of titles) expect(title).toMatch(/(^| · )BLEU: what it misses$/);
});

test("short facts are one line where they stand, above the prompt; long ones are fields", () => {
	const [message] = render(cards.questionCard(makeQuestion({ category: "transformers", minutes: 5, prompt: "Why?" })));
	expect(message?.embeds[0]?.fields).toBeUndefined();
	expect(message?.embeds[0]?.description).toMatch(
		/^\*\*Category:\*\* transformers · .*\*\*Time:\*\* 5 minutes\n\nWhy\?$/,
	);
	const facts = [1, 2, 3].map((number) => ({ name: `Fact ${number}`, value: "as long as this one is, and more" }));
	const [long] = render({ tone: "plain", title: "Facts", blocks: [{ type: "facts", facts }] });
	expect(long?.embeds[0]?.fields).toHaveLength(3);
});

describe("cards of any shape", () => {
	const word = fc.oneof(
		fc.string({ maxLength: 12 }),
		fc.constantFrom(
			"**bold**",
			"`code`",
			"```",
			"@everyone",
			"<@1>",
			"👩‍👩‍👧",
			"مرحبا",
			"\n\n",
			"- x",
			"https://example.org/a_b",
		),
	);
	const prose = (most: number) =>
		fc.tuple(word, fc.integer({ min: 1, max: most })).map(([text, times]) => `w ${text} `.repeat(times));
	const call = fc.constant({ command: "today", options: {} });
	const blocks: fc.Arbitrary<Block> = fc.oneof(
		prose(900).map((text): Block => ({ type: "text", text: [plain(text)] })),
		prose(900).map((text): Block => ({ type: "text", text })),
		prose(5).map((text): Block => ({ type: "heading", text })),
		prose(20).map((text): Block => ({ type: "note", text })),
		prose(900).map((text): Block => ({ type: "quote", text })),
		prose(900).map((text): Block => ({ type: "preformatted", text })),
		fc
			.array(prose(50), { minLength: 1, maxLength: 40 })
			.map((items): Block => ({ type: "list", marker: "letter", items })),
		fc
			.array(prose(80), { minLength: 1, maxLength: 30 })
			.map(
				(values): Block => ({ type: "facts", facts: values.map((value) => ({ name: "Name", value: [plain(value)] })) }),
			),
		fc
			.tuple(fc.array(prose(12), { minLength: 1, maxLength: 60 }), call)
			.map(([items, of]): Block => ({ type: "checklist", label: "Which?", items, call: of, option: "points" })),
		fc.array(call, { minLength: 1, maxLength: 40 }).map(
			(calls): Block => ({
				type: "actions",
				buttons: calls.map((of) => ({ label: "Go", call: of, style: "primary" })),
			}),
		),
	);
	const card = fc.record({
		tone: fc.constantFrom("plain" as const, "error" as const),
		title: fc.string({ minLength: 1, maxLength: 150 }),
		blocks: fc.array(blocks, { maxLength: 8 }),
	});

	test("become legal messages that leave nothing out", () => {
		fc.assert(
			fc.property(card, (drawn) => {
				expect(problemsOf(drawn)).toEqual([]);
				const shown = shownText(render(drawn));
				for (const block of drawn.blocks)
					for (const text of textsOf({ ...drawn, title: "", blocks: [block] })) expect(shown).toContain(flat(text));
				const controls = drawn.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));
				expect(
					render(drawn)
						.flatMap(controlsOf)
						.filter(({ label }) => label !== ""),
				).toHaveLength(controls.length);
			}),
			{ numRuns: 150 },
		);
	});

	test("five typed fields are given back however long they are, as a file if they do not fit", () => {
		const text = fc
			.tuple(fc.constantFrom("x", "`", "```", "ﷺ", "👩‍👧 ", "a line\n"), fc.integer({ min: 1, max: 6000 }))
			.map(([part, length]) => part.repeat(Math.ceil(length / part.length)));
		const fields = fc.array(text, { minLength: 1, maxLength: 5 });
		const introduction = fc.array(fc.string({ maxLength: 2000 }), { maxLength: 3 });
		fc.assert(
			fc.property(fields, introduction, (texts, before) => {
				const drawn: Card = {
					tone: "error",
					title: "Not taken",
					blocks: [
						...before.map((each): Block => ({ type: "text", text: [plain(each)] })),
						{
							type: "typed",
							fields: texts.map((each, at) => ({ name: `f${at}`, label: `Field number ${at}`, text: each })),
							reopen: null,
						},
					],
				};
				expect(problemsOf(drawn)).toEqual([]);
				const messages = render(drawn);
				const shown = shownText(messages) + messages.map((message) => message.text?.content ?? "").join("");
				for (const each of texts) expect(flat(shown)).toContain(flat(each));
			}),
			{ numRuns: byEffort({ test: 25, ci: 100, full: 100 }) },
		);
	});

	test("notices are legal", () => {
		const [schedule, channel] = [1, "c".repeat(100)];
		for (const alert of [
			{ alert: "paused", schedule, channel, fault: "Gone", remedy: "Choose another" },
			{ alert: "unknown", schedule, date: "2027-03-08" },
			{ alert: "low-bag", schedule, channel, left: 3 },
			{ alert: "empty-filter", schedule, channel },
			null,
		] as const)
			expectWhole(alertCard(alert, { workspaceName: "Study *group*", schedule: null }), {
				workspaceId: GUILD,
				mark: MARK,
			});
		expectWhole(milestoneCard("@everyone", 7));
		expectWhole(sharedCard("*Ada*", "<@1> said `x` ".repeat(280)));
	});

	test("pictures are embedded, with a description", () => {
		const picture = { type: "profile", title: "t", rows: [] } as const;
		const two: Card = {
			tone: "plain",
			title: "Two",
			blocks: [1, 2].map((): Block => ({ type: "picture", picture, alternative: "words" })),
		};
		expectWhole(two);
		expect(render(two)[0]?.embeds.map((embed) => embed.image?.url)).toEqual([
			"attachment://picture-1.png",
			"attachment://picture-2.png",
		]);
	});
});

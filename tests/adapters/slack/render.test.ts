import { beforeAll, describe, expect, test } from "vitest";
import { checkModal } from "../../../packages/local-slack/schema/view.ts";
import { readCall, readDone } from "../../../src/adapters/slack/incoming/calls.ts";
import { renderMessages } from "../../../src/adapters/slack/outgoing/render.ts";
import { renderForm } from "../../../src/adapters/slack/outgoing/render-form.ts";
import type { Block, Card, Form } from "../../../src/chat/card.ts";
import { alertCard } from "../../../src/chat/cards/alerts.ts";
import * as after from "../../../src/chat/cards/answer.ts";
import { milestoneCard } from "../../../src/chat/cards/notices.ts";
import * as cards from "../../../src/chat/cards/question.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import type { Bank } from "../../../src/core/question/bank.ts";
import { QUESTION_LIMITS } from "../../../src/core/question/question.ts";
import { realBank } from "../../support/bank.ts";
import { byEffort } from "../../support/effort.ts";
import { cardsOf } from "../../support/question-cards.ts";
import { context, expectLegal, worstCase } from "./legality.ts";

let bank: Bank;

beforeAll(async () => {
	bank = await realBank();
});

/** All words that a card shows, in order. */
function wordsIn(payload: unknown): string {
	if (Array.isArray(payload)) return payload.map(wordsIn).join(" ");
	if (typeof payload !== "object" || payload === null) return "";
	return Object.entries(payload)
		.map(([key, value]) =>
			typeof value === "string" ? (["text", "url", "fallback"].includes(key) ? value : "") : wordsIn(value),
		)
		.join(" ");
}

/** One question in this many is looked at. */
const ONE_QUESTION_OF = byEffort({ test: 4, ci: 1, full: 1 });
const sampled = () => bank.all().filter((_, index) => index % ONE_QUESTION_OF === 0);

const squeezed = (text: string) => text.replace(/[\s`]+/g, "").replaceAll("\u200b", "");

describe("cards as Block Kit", () => {
	test("are legal for all questions and all their cards, in messages and in views", () => {
		let longest = 0;
		for (const question of sampled())
			for (const card of cardsOf(question)) longest = Math.max(longest, expectLegal(card));
		expect(bank.all().length).toBeGreaterThanOrEqual(100);
		expect(longest).toBeLessThanOrEqual(13_200);
	});

	test("are legal when every character has to be escaped and every text is longer", () => {
		for (const question of sampled()) for (const card of cardsOf(question)) expectLegal(worstCase(card));
	});

	test("show an exhibit below the prompt in monospace, complete and unformatted, in one message", () => {
		const [question] = bank.all();
		if (!question) throw new Error("no question");
		const line = "  if <!channel> & `x` ``` *b*".padEnd(QUESTION_LIMITS.exhibitLine - 1, "<");
		const exhibit = `${line}\n`.repeat(QUESTION_LIMITS.exhibit / QUESTION_LIMITS.exhibitLine).trimEnd();
		const card = cards.dailyCard({ ...question, exhibit }, 1, 0);
		expectLegal(card);
		expectLegal(worstCase(card));
		const contents = renderMessages(card, context);
		expect(contents).toHaveLength(1);
		const elements = contents[0].blocks.flatMap((block) => (block.type === "rich_text" ? block.elements : []));
		const at = elements.findIndex(({ type }) => type === "rich_text_preformatted");
		expect(wordsIn(elements[at - 1])).toContain(question.prompt.slice(0, 30).split("`")[0]);
		expect(elements[at]).toEqual({ type: "rich_text_preformatted", elements: [{ type: "text", text: exhibit }] });
	});

	test("leave nothing of a long answer out", () => {
		for (const question of sampled()) {
			const shown = squeezed(wordsIn(renderMessages(after.publicAnswerCard(question, 1), context)));
			for (const part of [
				question.answer,
				...question.traps.map((trap) => trap.correction),
				...question.follow_ups.map((next) => next.a),
			])
				expect(shown).toContain(squeezed(part));
		}
	});

	test("continue in further messages beyond the limit, with nothing left out", () => {
		const paragraphs = Array.from(
			{ length: 90 },
			(_, index) => `Paragraph ${index}: ${"attention ".repeat(45)}end${index}.`,
		);
		const card: Card = { tone: "plain", title: "Long", blocks: paragraphs.map((text) => ({ type: "text", text })) };
		const contents = renderMessages(card, context);
		expect(contents.length).toBeGreaterThan(3);
		expectLegal(card);
		const shown = wordsIn(contents.map((content) => content.blocks));
		for (const index of paragraphs.keys()) expect(shown).toContain(`end${index}.`);
		expect(contents[1]?.text).toBe(`Long (2 of ${contents.length})`);
	});

	test("never end a message with a heading", () => {
		const text = "x".repeat(2900);
		const blocks: Block[] = Array.from({ length: 12 }, (_, index) => [
			{ type: "heading" as const, text: `H${index}` },
			{ type: "text" as const, text },
		]).flat();
		for (const content of renderMessages({ tone: "plain", title: "T", blocks }, context)) {
			const last = content.blocks.at(-1);
			expect(JSON.stringify(last)).not.toContain('"bold":true');
		}
	});

	test("are legal with a single endless word", () => {
		const word = "\u{1f600}".repeat(9000);
		expectLegal({
			tone: "error",
			title: word,
			blocks: [
				{ type: "text", text: [{ type: "plain", text: word }] },
				{ type: "quote", text: word },
				{ type: "preformatted", text: word },
				{ type: "note", text: word },
			],
		});
	});

	test("show notices to admins and members", () => {
		const [schedule, channel] = [3, "<!channel>"];
		for (const alert of [
			{ alert: "paused", schedule, channel, fault: "<@U1>", remedy: "`x`" },
			{ alert: "unknown", schedule, date: "2027-01-01" },
			{ alert: "low-bag", schedule, channel, left: 2 },
			{ alert: "empty-filter", schedule, channel },
			null,
		] as const)
			expectLegal(alertCard(alert, { workspaceName: "Study *group*", schedule: null }));
		expectLegal(milestoneCard("*<!here>*", 365));
	});

	test("carry calls that read back unchanged, from every button and checklist", () => {
		for (const question of sampled())
			for (const card of cardsOf(question))
				for (const block of card.blocks) {
					if (block.type === "actions") {
						const rendered = JSON.stringify(renderMessages({ ...card, blocks: [block] }, context));
						const found = [...rendered.matchAll(/"value":"((?:[^"\\]|\\.)*)"/g)].map(([, value]) =>
							readCall(JSON.parse(`"${value}"`), COMMANDS),
						);
						for (const button of block.buttons) expect(found).toContainEqual(button.call);
					}
					if (block.type === "checklist")
						expect(readDone(`points rate question:${question.id}`, ["1", "3"], COMMANDS)).toEqual({
							command: "rate",
							options: { question: question.id, points: "1,3" },
						});
				}
	});

	test("grade nothing at Done without a tick, and ask whether it was none of these", () => {
		const done = () => readDone("points rate question:kv-cache answer:7", [], COMMANDS);
		expect(done).toThrow("Nothing is ticked, so nothing was graded.");
		const options = { question: "kv-cache", answer: "7" };
		expect(done).toThrow(
			expect.objectContaining({
				instead: [
					{
						label: "None of these",
						style: "secondary",
						call: { command: "rate", options: { ...options, points: "0" } },
					},
					{ label: "Tick again", style: "primary", call: { command: "rate", options } },
				],
			}),
		);
	});

	test("name the controls' workspace in every block", () => {
		const [question] = bank.all();
		if (!question) throw new Error("no question");
		const [content] = renderMessages(cards.dailyCard(question, 1, 0), context);
		for (const block of content.blocks) expect(block.block_id).toMatch(/^T0123456789\/\d+$/);
	});
});

describe("forms as modals", () => {
	test("are legal for every question", () => {
		for (const question of bank.all())
			expect(checkModal(renderForm(cards.answerForm(question), "{}"))).toMatchObject({ ok: true });
	});

	test("show every kind of field, with its preset", () => {
		const form: Form = {
			title: "A title that is longer than a modal takes",
			call: { command: "schedule add", options: {} },
			submit: "Save the schedule, please, now",
			fields: [
				{ type: "channel", name: "channel", label: "Channel", required: true, initial: "C1" },
				{ type: "time", name: "time", label: "Time", required: true, initial: "09:00" },
				{
					type: "choice",
					name: "weekdays",
					label: "Days",
					required: true,
					choices: [{ label: "daily", value: "daily" }],
					initial: "daily",
				},
				{
					type: "text",
					name: "zone",
					label: "Zone",
					long: false,
					required: false,
					longest: 9000,
					initial: "Europe/Berlin",
				},
			],
		};
		expect(checkModal(renderForm(form, "{}"))).toMatchObject({ ok: true });
	});
});

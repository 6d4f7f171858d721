import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ModalBodySchema } from "../../../packages/local-discord/bodies.ts";
import { readCommands } from "../../../packages/local-discord/bodies-check.ts";
import { modalProblems } from "../../../packages/local-discord/rules-modal.ts";
import { controlId, readControlId } from "../../../src/adapters/discord/incoming/control-id.ts";
import { nativeCommands } from "../../../src/adapters/discord/install/definitions.ts";
import { cut, split } from "../../../src/adapters/discord/outgoing/cut.ts";
import { CUSTOM_ID } from "../../../src/adapters/discord/outgoing/limits.ts";
import { escapeMarkdown, markdownOf, proseMarkdown } from "../../../src/adapters/discord/outgoing/markdown.ts";
import { modalOf } from "../../../src/adapters/discord/outgoing/modal.ts";
import { render } from "../../../src/adapters/discord/outgoing/render.ts";
import { type Block, button, type Card, instant, plain } from "../../../src/chat/card.ts";
import { alertCard } from "../../../src/chat/cards/alerts.ts";
import * as after from "../../../src/chat/cards/answer.ts";
import { milestoneCard, reminderCard, sharedCard } from "../../../src/chat/cards/notices.ts";
import { gradedCard } from "../../../src/chat/cards/practice.ts";
import * as cards from "../../../src/chat/cards/question.ts";
import { reportCard } from "../../../src/chat/cards/reports.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { OPTION_LETTERS, QUESTION_LIMITS, type Question } from "../../../src/core/question/question.ts";
import type { Recorded } from "../../../src/core/service/answering.ts";
import { beginning } from "../../../src/core/text/cut.ts";
import { realQuestions } from "../../support/bank.ts";
import { byEffort } from "../../support/effort.ts";
import { makeQuestion } from "../../support/question.ts";
import { callsOf, controlsOf, flat, problemsOf, shownText, textsOf } from "./legality.ts";

const facts = { books: false, capped: false, memory: null, isRepeat: false, on: "2027-03-08" } as const;

const questions = await realQuestions();

const GUILD = "12345678901234567890";
const MARK = "a".repeat(22);

const RECORDED: Recorded = {
	answerId: 1,
	correct: true,
	counted: true,
	reason: null,
	streak: {
		memberId: 1,
		scheduleId: 1,
		workspaceId: 1,
		current: 365,
		longest: 365,
		answered: 365,
		freezes: 2,
		booked: 365,
		bookedTo: 365,
		firstNumber: 1,
		latestNumber: 365,
	},
	milestones: [7, 30, 365],
	memory: null,
	books: false,
	hinted: false,
	localDate: "2027-03-08",
	run: null,
};

/** Every card about a question. */
function cardsOf(question: Question): Card[] {
	return [
		cards.questionCard(question, [
			button("Another", "random", { category: question.category, difficulty: question.difficulty }),
		]),
		cards.dailyCard(question, 9999, 100_000),
		cards.checkCard(question),
		cards.hintCard(question),
		after.answeredCard(question, RECORDED, "It *keeps* <@1> keys.\n".repeat(90), true),
		...after.PARTS.map((part) => after.partCard(question, part, { id: 7, text: "Mine.", kind: "text" })),
		...OPTION_LETTERS.map((letter) => after.checkedCard(question, letter, RECORDED)),
		cards.revealQuestionCard(question),
		after.revealedCard(question, true),
		after.publicAnswerCard(question, 9999),
		gradedCard(question, { ...facts, grade: "hard", ticked: 3 }, []),
		reminderCard(question.title, question.id),
		reportCard({ id: 1, questionId: question.id, text: "x".repeat(1000) }),
	];
}

/** The longest exhibit that the bank allows, nearly all of it fences, which grow when they are broken up. */
const LONGEST_EXHIBIT = `x1${"`".repeat(57)}\n`.repeat(QUESTION_LIMITS.exhibit / 60).trimEnd();

/** A question in which every text is as long as the bank allows. */
function longestQuestion(): Question {
	const limit = QUESTION_LIMITS;
	const fill = (longest: number, salt = "word") =>
		`${`${salt} ${"lorem_ipsum * ".repeat(longest)}`.slice(0, longest - 1).trimEnd()}x`;
	const key = { label: fill(limit.keyPoint) };
	return makeQuestion({
		id: "q".repeat(45),
		category: "behavioral",
		kind: "behavioral",
		title: fill(limit.title),
		prompt: fill(limit.prompt),
		exhibit: LONGEST_EXHIBIT,
		hint: fill(limit.hint),
		answer: fill(limit.answer),
		key_points: Array.from({ length: 8 }, (_, index) => ({ ...key, must: index === 0 })),
		mcq: {
			stem: fill(limit.stem),
			options: Array.from({ length: 4 }, (_, index) => ({
				text: fill(limit.option, `option ${index}`),
				correct: index === 2,
				why: fill(limit.optionWhy),
			})),
			explanation: fill(limit.explanation),
		},
		traps: Array.from({ length: 3 }, () => ({ claim: fill(limit.trapClaim), correction: fill(limit.trapCorrection) })),
		follow_ups: Array.from({ length: 4 }, () => ({ q: fill(limit.followUpQuestion), a: fill(limit.followUpAnswer) })),
		references: Array.from({ length: 3 }, (_, index) => ({
			label: fill(limit.referenceLabel),
			url: `https://example.org/${index}/${"p".repeat(300)}`,
			kind: "paper" as const,
		})),
		rubric: Array.from({ length: 6 }, () => ({
			criterion: fill(limit.criterion),
			strong: fill(limit.rubricText),
			weak: fill(limit.rubricText),
		})),
	});
}

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
		expect(before).toBe("What does it print?\n");
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

describe("custom ids", () => {
	test("a search with the longest words and every filter can turn its pages", () => {
		const options = {
			words: "key value cache ".repeat(4).slice(0, 45).trim(),
			category: "system-design",
			difficulty: "intermediate",
			page: "100",
		};
		const id = controlId({ command: "search", options });
		expect(id.length).toBeLessThanOrEqual(CUSTOM_ID);
		expect(readControlId(id, COMMANDS).call).toEqual({ command: "search", options });
	});

	test("only words are cut for lack of room, never filters", () => {
		const options = {
			words: "🔎 ".repeat(100).trim(),
			category: "system-design",
			difficulty: "intermediate",
			page: "100",
		};
		const id = controlId({ command: "search", options }, { workspaceId: GUILD });
		expect(id.length).toBeLessThanOrEqual(CUSTOM_ID);
		const read = readControlId(id, COMMANDS);
		expect(read.call.options).toMatchObject({ category: "system-design", difficulty: "intermediate", page: "100" });
		expect(read.workspaceId).toBe(GUILD);
		expect(options.words.startsWith(read.call.options.words ?? "?")).toBe(true);
	});

	test("a removed command's id says what to do", () => {
		expect(() => readControlId("quiz question:x", COMMANDS)).toThrow("older version");
	});
});

describe("the native command", () => {
	test("is legal, everywhere and in one server", () => {
		for (const everywhere of [true, false]) expect(readCommands(nativeCommands(COMMANDS, everywhere))).toHaveLength(1);
	});

	test("contains every command except those only for typed text", () => {
		const [command] = nativeCommands(COMMANDS, true);
		const names = (command?.options ?? []).flatMap((option) =>
			"options" in option && option.type === 2
				? (option.options ?? []).map((inner) => `${option.name} ${inner.name}`)
				: [option.name],
		);
		expect(names.toSorted()).toEqual(
			COMMANDS.filter((each) => !each.textOnly)
				.map((each) => each.name)
				.toSorted(),
		);
	});

	test("accepts no longer text than its option keeps", () => {
		const [report] = COMMANDS.filter(({ name }) => name === "report");
		const [native] = nativeCommands(report ? [report] : [], true);
		const text = JSON.stringify(native?.options);
		expect(text).toContain(`"name":"text"`);
		expect(text).toContain(`"max_length":${report?.options.text?.longest}`);
	});
});

import { DAY as LEAST_WINDOW } from "../../core/durations.ts";
import {
	checklistOf,
	hasCheck,
	OPTION_LETTERS,
	type OptionLetter,
	type Question,
	rightOption,
} from "../../core/question/question.ts";
import { LONGEST_ANSWER, type Recorded } from "../../core/service/answering.ts";
import { counted } from "../../core/text/counted.ts";
import { type Block, type Button, button, type Card, type Form, instant } from "../card.ts";

const minutesText = (minutes: number) => counted(minutes, "minute");

/** What a question's card says of it: category, difficulty, time to answer. */
export function questionFacts(question: Question): Block {
	return {
		type: "facts",
		facts: [
			{ name: "Category", value: question.category },
			{ name: "Difficulty", value: question.difficulty },
			{ name: "Time", value: minutesText(question.minutes) },
		],
	};
}

function questionButtons(question: Question): Button[] {
	const options = { question: question.id };
	return [
		button("Answer", "answer", options, "primary"),
		...(hasCheck(question) ? [button("Quick check", "check", options, "primary")] : []),
		...(question.hint === "" ? [] : [button("Hint", "hint", options)]),
		button("Reveal", "reveal", { ...options, ask: "yes" }),
	];
}

/** What the question is about, to be read with it; none for most questions. */
function exhibitBlocks({ exhibit }: Question): Block[] {
	return exhibit === undefined ? [] : [{ type: "preformatted", text: exhibit }];
}

/** A question as it is asked: never with its answer. `more` are buttons behind the usual ones. */
export function questionCard(question: Question, more: readonly Button[] = []): Card {
	return {
		tone: "question",
		title: question.title,
		blocks: [
			questionFacts(question),
			{ type: "text", text: question.prompt },
			...exhibitBlocks(question),
			{ type: "actions", buttons: [...questionButtons(question), ...more] },
		],
	};
}

/** Until when a daily question can be answered at least. */
function openBlocks(deliveredAt: Date | null): Block[] {
	if (deliveredAt === null) return [];
	const until = new Date(deliveredAt.getTime() + LEAST_WINDOW);
	return [{ type: "text", text: ["Open until at least ", instant(until, "UTC"), "."] }];
}

/** The daily post. @param deliveredAt opens its window, which lasts a day at least; null while that is not known */
export function dailyCard(question: Question, number: number, answered: number, deliveredAt: Date | null = null): Card {
	const count = answered === 0 ? "Nobody has answered yet: be the first." : `Answered so far: ${answered}.`;
	const card = questionCard(question, [button("My streak", "streak")]);
	return {
		...card,
		title: `Question of the day #${number}: ${question.title}`,
		blocks: [
			...card.blocks.slice(0, -1),
			...openBlocks(deliveredAt),
			{ type: "note", text: count },
			...card.blocks.slice(-1),
		],
		prominent: true,
	};
}

/** The four options of the quick check; everybody sees the same order. */
export function checkCard(question: Question): Card {
	return {
		tone: "question",
		title: `Quick check: ${question.title}`,
		blocks: [
			{ type: "text", text: question.mcq.stem },
			{ type: "list", marker: "letter", items: question.mcq.options.map((option) => option.text) },
			{
				type: "actions",
				buttons: OPTION_LETTERS.map((option) => button(option, "check", { question: question.id, option }, "primary")),
			},
		],
	};
}

export function hintCard(question: Question): Card {
	return {
		tone: "plain",
		title: `A hint for: ${question.title}`,
		blocks: [
			{ type: "text", text: question.hint },
			{ type: "note", text: "With a hint, a grade of your own ends at good; it changes nothing for the streak." },
			{ type: "actions", buttons: questionButtons(question).filter((entry) => entry.label !== "Hint") },
		],
	};
}

export function answerForm(question: Question): Form {
	return {
		title: "Your answer",
		call: { command: "answer", options: { question: question.id } },
		fields: [
			{
				type: "text",
				name: "text",
				label: question.title,
				hint: "What you would say in two minutes. Only you see it.",
				long: true,
				required: true,
				longest: LONGEST_ANSWER,
			},
		],
		submit: "Answer",
	};
}

function verdict(question: Question, option: OptionLetter): Block[] {
	const chosen = question.mcq.options[OPTION_LETTERS.indexOf(option)];
	const right = rightOption(question);
	const lines =
		option === right
			? [`Right: ${option}. ${chosen?.why ?? ""}`]
			: [
					`You chose ${option}. ${chosen?.why ?? ""}`,
					`Right is ${right}: ${question.mcq.options[OPTION_LETTERS.indexOf(right)]?.text ?? ""}`,
				];
	return [{ type: "text", text: `${lines.join("\n\n")}\n\n${question.mcq.explanation}` }];
}

/** What an answer did to the streak, in words. */
export function streakEffect(recorded: Recorded): string {
	if (recorded.counted && recorded.streak) {
		const { current, freezes } = recorded.streak;
		const held = freezes === 0 ? "" : ` You hold ${counted(freezes, "freeze")}.`;
		return `Counted for today. Your streak is ${current}.${held}`;
	}
	switch (recorded.reason) {
		case "answered-before":
			return "Stored as practice: your first answer to today's question stands, and already counts.";
		case "revealed":
			return "Stored as practice: you had seen the answer first, so today's question no longer counts.";
		default:
			return "Stored as practice.";
	}
}

function milestoneBlocks(recorded: Recorded): Block[] {
	return recorded.milestones.map((value) => ({
		type: "text",
		text: `${value} in a row: that is a milestone. Well done!`,
	}));
}

/** A list under a heading; nothing where a workspace's own question has none. */
function section(heading: string, items: readonly string[]): Block[] {
	if (items.length === 0) return [];
	return [
		{ type: "heading", text: heading },
		{ type: "list", marker: "bullet", items },
	];
}

/** The model answer with all that helps to compare: shown to a member after an attempt or a reveal alone. */
export function modelAnswerBlocks(question: Question): Block[] {
	const blocks: Block[] = [
		{ type: "heading", text: "A strong answer" },
		{ type: "text", text: question.answer },
	];
	if (question.rubric) {
		blocks.push({ type: "heading", text: "What interviewers listen for" });
		blocks.push({
			type: "list",
			marker: "bullet",
			items: question.rubric.map((line) => `${line.criterion}. Strong: ${line.strong} Weak: ${line.weak}`),
		});
	}
	const references = question.references.map(({ label, url }) => (url ? `${label} ${url}` : label));
	return [
		...blocks,
		...section(
			"Traps",
			question.traps.map((trap) => `"${trap.claim}" ${trap.correction}`),
		),
		...section(
			"What comes next",
			question.follow_ups.map((next) => `${next.q} ${next.a}`),
		),
		...section("References", references),
	];
}

/** What the member ticks; nothing where a workspace's own question has no key points. */
function checklist(question: Question): Block[] {
	const items = checklistOf(question).map(({ label, must }) => (must ? `${label} (essential)` : label));
	if (items.length === 0) return [];
	const call = { command: "rate", options: { question: question.id } };
	return [{ type: "checklist", label: "Which of these did you have?", items, call, option: "points" }];
}

function afterButtons(question: Question, share: boolean): Block {
	return {
		type: "actions",
		buttons: [
			...(share ? [button("Share my answer", "share", { question: question.id })] : []),
			button("Next question", "random"),
			button("Report a mistake", "report", { question: question.id }),
		],
	};
}

/** What a member sees after an answer in free text. */
export function answeredCard(question: Question, recorded: Recorded, share: boolean): Card {
	return {
		tone: "good",
		title: `Compare: ${question.title}`,
		blocks: [
			{ type: "text", text: streakEffect(recorded) },
			...milestoneBlocks(recorded),
			...modelAnswerBlocks(question),
			...checklist(question),
			afterButtons(question, share),
		],
	};
}

/** What a member sees after a quick check. */
export function checkedCard(question: Question, option: OptionLetter, recorded: Recorded): Card {
	return {
		tone: recorded.correct ? "good" : "warning",
		title: `${recorded.correct ? "Right" : "Not this time"}: ${question.title}`,
		blocks: [
			{ type: "text", text: streakEffect(recorded) },
			...milestoneBlocks(recorded),
			...verdict(question, option),
			...modelAnswerBlocks(question),
			...checklist(question),
			afterButtons(question, false),
		],
	};
}

/** Asks before an answer is shown that would cost the member today's question. */
export function revealQuestionCard(question: Question): Card {
	return {
		tone: "warning",
		title: "See the answer without an attempt?",
		blocks: [
			{
				type: "text",
				text: "Today's question will then not count for your streak: when its window closes, it is a miss, which a freeze may cover. Any honest attempt counts, right or wrong.",
			},
			{
				type: "actions",
				buttons: [
					button("Answer instead", "answer", { question: question.id }, "primary"),
					button("Quick check instead", "check", { question: question.id }, "primary"),
					button("Reveal anyway", "reveal", { question: question.id }, "danger"),
				],
			},
		],
	};
}

export function revealedCard(question: Question, cost: boolean): Card {
	const said = cost
		? "You have seen the answer first, so today's question no longer counts for your streak."
		: "Shown for reading; tick what you would have said after an attempt.";
	return {
		tone: "plain",
		title: `Answer: ${question.title}`,
		blocks: [{ type: "text", text: said }, ...modelAnswerBlocks(question), afterButtons(question, false)],
	};
}

/** The answer for everybody, once the window has closed. */
export function publicAnswerCard(question: Question, number: number): Card {
	const said = hasCheck(question) ? `Quick check: ${rightOption(question)} was right. ` : "";
	return {
		tone: "plain",
		title: `The answer to #${number}: ${question.title}`,
		blocks: [...modelAnswerBlocks(question), { type: "note", text: `${said}What did you say? Discuss it here.` }],
	};
}

/** Facts of a question for scripts. */
export function questionData(question: Question): Record<string, unknown> {
	return { id: question.id, category: question.category, difficulty: question.difficulty };
}

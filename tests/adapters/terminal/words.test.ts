import { expect, test } from "vitest";
import { type Action, actionsOf, actionsText, standingAfter } from "../../../src/adapters/terminal/actions.ts";
import { askCard } from "../../../src/adapters/terminal/ask-cards.ts";
import { readFormWord } from "../../../src/adapters/terminal/form-words.ts";
import { beginForm } from "../../../src/adapters/terminal/forms.ts";
import { type Intent, readLine, type Seen } from "../../../src/adapters/terminal/words.ts";
import { type Block, button, type Card, type Form } from "../../../src/chat/card.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { PLAIN_STYLE } from "../../../src/chat/text.ts";
import { UserError } from "../../../src/core/errors.ts";
import { realBank } from "../../support/bank.ts";

const vocabulary = { commands: COMMANDS, bank: await realBank() };
const QUESTION = "kv-cache";

const card = (title: string, blocks: readonly Block[], tone: Card["tone"] = "warning"): Card => ({
	tone,
	title,
	blocks,
});
const checklist: Block = {
	type: "checklist",
	label: "Which of these did you have?",
	items: ["one", "two", "three", "four"],
	call: { command: "rate", options: { question: QUESTION } },
	option: "points",
};
const grades: Block = {
	type: "actions",
	buttons: ["again", "hard", "good", "easy"].map((grade) =>
		button(`${grade === "good" ? "✓ " : ""}${grade}: 3 December`, "rate", { question: QUESTION, grade }),
	),
};

function see(shown: Card): Seen {
	return { actions: actionsOf(shown), today: null, question: QUESTION };
}
const nothing: Seen = { actions: [], today: null, question: QUESTION };
const read = (text: string, seen: Seen = nothing): Intent => readLine(text, vocabulary, seen, null);

/** What a typed line does: the options of its call, the label of its action, or its type. */
function does(text: string, seen: Seen = nothing): unknown {
	const intent = read(text, seen);
	if (intent.type === "action") return "call" in intent.action ? intent.action.call.options : intent.action.label;
	return intent.type === "call" || intent.type === "wish" ? intent.call.options : intent.type;
}

test("grade names pick a shown grade; lists of numbers tick a shown checklist", () => {
	const both = see(card("Compare", [checklist, grades], "good"));
	for (const grade of ["hard", "good", "easy", "Easy", "HARD."])
		expect(does(grade, both)).toEqual({ question: QUESTION, grade: grade.toLowerCase().replace(".", "") });
	// `again` may also resume an unfinished text, so the conversation decides.
	expect(does("again", both)).toBe("again");
	for (const list of ["1,3", "1 3", "1, 3", "1 and 3", "1 & 3", "1;3", "1 , and 3."])
		expect(does(list, both)).toEqual({ question: QUESTION, points: "1,3" });
	expect(does("none", both)).toEqual({ question: QUESTION, points: "0" });
	expect(does("0", both)).toEqual({ question: QUESTION, points: "0" });
	expect(does("all", both)).toEqual({ question: QUESTION, points: "1,2,3,4" });
	// They hold below a card of the same question that has no ticks, and are gone with another question.
	const strong = actionsOf(
		card("Strong answer", [{ type: "actions", buttons: [button("Back", "compare", { question: QUESTION })] }]),
	);
	const below: Seen = { ...nothing, actions: strong, standing: standingAfter(both.actions, strong) };
	expect(does("1,3", below)).toEqual({ question: QUESTION, points: "1,3" });
	expect(does("easy", below)).toEqual({ question: QUESTION, grade: "easy" });
	const other = actionsOf(
		card("Another", [{ type: "actions", buttons: [button("Hint", "hint", { question: "rope" })] }]),
	);
	expect(standingAfter(both.actions, other)).toEqual([]);
	expect(does("easy")).toBe("unknown");
	expect(does("1,3")).toBe("unknown");
});

test("one number means one thing on a card: those of a checklist tick, and the actions are numbered after them", () => {
	const shown = card("Compare", [checklist, grades], "good");
	const both = see(shown);
	for (const number of ["3", "[3]", "3.", "3)"])
		expect(does(number, both)).toEqual({ question: QUESTION, points: "3" });
	expect(does("4", both)).toEqual({ question: QUESTION, points: "4" });
	const marks = actionsText(both.actions, PLAIN_STYLE).split("  ");
	expect(marks).toHaveLength(5);
	expect(marks[0]).toBe("[5] Tick what you had");
	expect(does("5", both)).toBe("Tick what you had");
	expect(marks[1]).toContain("[6] again");
	expect(does("6", both)).toEqual({ question: QUESTION, grade: "again" });
	expect(() => read("10", both)).toThrow(expect.objectContaining({ remedy: "Pick one of 1 to 9, or type `help`." }));
	// Below a newer card the ticks have no numbers of their own on the screen: one number is an action of that card.
	const strong = actionsOf(card("Strong answer", [{ type: "actions", buttons: [button("Back", "compare")] }]));
	const below: Seen = { ...nothing, actions: strong, standing: both.actions };
	expect(read("1", below)).toMatchObject({ action: { label: "Back" } });
	expect(() => read("3", below)).toThrow(UserError);
});

test("`yes` confirms a card that asks; `no` declines it or takes its way back; neither presses a button of a question card", () => {
	const erase = card("Erase everything I keep about you here?", [
		{
			type: "actions",
			buttons: [
				button("Export first", "settings export", {}, "primary"),
				button("Erase it all", "settings forget", { confirm: "yes" }, "danger"),
			],
		},
	]);
	expect(does("yes", see(erase))).toEqual({ confirm: "yes" });
	expect(does("no", see(erase))).toBe("decline");
	expect(does("ok", see(erase))).toBe("unknown");
	const share = card("Post this into the question's thread?", [
		{
			type: "actions",
			buttons: [button("Post it", "share", { question: QUESTION }, "primary"), button("Back", "compare")],
		},
	]);
	expect(read("y", see(share))).toMatchObject({ action: { label: "Post it" } });
	expect(read("no thanks", see(share))).toMatchObject({ action: { label: "Back" } });
	const pause = card("End schedule #1?", [
		{
			type: "actions",
			buttons: [
				button("Pause instead", "schedule pause", {}, "primary"),
				button("End it", "schedule remove", { confirm: "yes" }, "danger"),
			],
		},
	]);
	expect(does("no", see(pause))).toBe("decline");
	const question = card(
		"What is attention?",
		[{ type: "actions", buttons: [button("Answer", "answer", { question: QUESTION }, "primary")] }],
		"question",
	);
	expect(does("yes", see(question))).toBe("unknown");
	expect(does("no", see(question))).toBe("unknown");
});

test("a misspelt first word is asked about with the whole command; prose and wishes that begin alike are neither", () => {
	const offered = (text: string) => {
		expect(does(text), text).toBe("unknown");
		const buttons = askCard(text, vocabulary, QUESTION).blocks.flatMap((block) =>
			"buttons" in block ? block.buttons : [],
		);
		return buttons.find(({ style }) => style === "primary")?.call ?? null;
	};
	expect(offered("prctice due")).toEqual({ command: "practice", options: { focus: "due" } });
	expect(offered("practise due 3")).toEqual({ command: "practice", options: { focus: "due", count: "3" } });
	expect(offered("serch attention")).toEqual({ command: "search", options: { words: "attention" } });
	expect(offered("chek kv-cache b")).toEqual({ command: "check", options: { question: "kv-cache", option: "b" } });
	const answer = { command: "answer", options: { question: "today", text: "hello there" } };
	expect(offered("anser today hello there")).toEqual(answer);
	for (const text of [
		"anser because each token attends",
		"step one is tokenisation",
		"slip connections help gradients",
		"late fusion of scores",
		"hints for attention",
		"searching for attention",
		"answered by retrieval",
	])
		expect(offered(text), text).toBeNull();
	expect(read("practise attention")).toMatchObject({ type: "wish", call: { command: "practice" } });
	for (const text of ["research attention", "stream tokens", "rates of change", "answers differ in length"])
		expect(read(text), text).toMatchObject({ type: "wish", call: { command: "search" } });
});

test("an action's words pick it, unless they are a command of their own", () => {
	const compared = see(
		card("Compare", [
			{ type: "actions", buttons: [button("Strong answer", "compare", { part: "strong" }), button("Stop", "stop")] },
		]),
	);
	expect(does("strong answer", compared)).toEqual({ part: "strong" });
	expect(read("stop", compared)).toMatchObject({ type: "call", call: { command: "stop" } });
});

test("an answer keeps its first word, unless that word is a question's id or nearly one", () => {
	const answer = (text: string) => read(`answer ${text}`);
	expect(answer("because each token attends to all")).toMatchObject({
		call: { command: "answer", options: { question: QUESTION, text: "because each token attends to all" } },
	});
	expect(answer("cross-attention lets each token look at another sequence")).toMatchObject({
		call: { options: { question: QUESTION, text: "cross-attention lets each token look at another sequence" } },
	});
	expect(answer("today The cache holds keys")).toMatchObject({ call: { options: { text: "The cache holds keys" } } });
	expect(answer("bert-vs-gpt The mask differs")).toMatchObject({
		call: { options: { question: "bert-vs-gpt", text: "The mask differs" } },
	});
	// Nearly an id: the error suggests it.
	expect(answer("bert-vs-gtp The mask differs")).toMatchObject({ call: { options: { question: "bert-vs-gtp" } } });
	expect(answer("perplexity is the exponent of the loss")).toMatchObject({
		type: "which",
		named: "perplexity",
		rest: "is the exponent of the loss",
		shown: QUESTION,
	});
	expect(read("report the figure is wrong")).toMatchObject({
		call: { command: "report", options: { question: QUESTION, text: "the figure is wrong" } },
	});
	expect(readLine("answer because", vocabulary, { ...nothing, question: null }, null)).toMatchObject({
		call: { options: { question: "because" } },
	});
});

test("a grade without its buttons is asked about, with the grade to give", () => {
	const buttons = askCard("hard", vocabulary, QUESTION).blocks.flatMap((block) =>
		block.type === "actions" ? block.buttons : [],
	);
	expect(buttons[0]).toMatchObject({ call: { command: "rate", options: { question: "last", grade: "hard" } } });
});

test("`next` alone is the command; with another word after it, the line is not understood", () => {
	expect(read("next")).toMatchObject({ call: { command: "next", options: {} } });
	expect(read("next day")).toEqual({ type: "unknown", text: "next day" });
});

test("everyday words run the command they mean, and a mistyped category is refused", () => {
	expect(read("rate hard")).toMatchObject({ type: "call", call: { command: "rate" } });
	expect(read("rate 1,3")).toMatchObject({ type: "call", call: { command: "rate" } });
	expect(read("show my stats")).toMatchObject({ type: "wish", call: { command: "stats" } });
	expect(read("questions about rag")).toMatchObject({ type: "wish", call: { command: "search" } });
	expect(read("hint please")).toMatchObject({ call: { command: "hint", options: { question: QUESTION } } });
	expect(read("random system design")).toMatchObject({ call: { options: { category: "system-design" } } });
	expect(read("settings interview 3 dec 20")).toMatchObject({ call: { options: { date: "3 dec", reviews: "20" } } });
	expect(read("settings interview on dec 3rd, 10 per day")).toMatchObject({
		call: { options: { date: "on dec 3rd,", reviews: "10" } },
	});
	expect(read("settings away from 24 dec to 31 dec")).toMatchObject({
		call: { options: { dates: "from 24 dec to 31 dec" } },
	});
	expect(read("random rapid fire hard")).toMatchObject({
		call: { options: { category: "rapid-fire", difficulty: "hard" } },
	});
	expect(read("search hard negatives")).toMatchObject({ call: { options: { words: "hard negatives" } } });
	expect(read("leaderboard longest please")).toMatchObject({ call: { options: { board: "longest" } } });
	expect(read("skip this one")).toMatchObject({ call: { command: "skip", options: {} } });
	expect(() => read("random transfomers")).toThrow(UserError);
});

const form = (fields: Form["fields"]): Form => ({
	title: "A form",
	call: { command: "answer", options: { question: QUESTION } },
	fields,
	submit: "Send",
});
const LONG = { type: "text", name: "text", label: "Text", long: true, required: true, longest: 100 } as const;

test("a command that is the whole text of a form is no answer, and words of an answer are no command", () => {
	const started = beginForm(form([LONG]));
	const word = (text: string, entry = started, actions: readonly Action[] = []) =>
		readFormWord(text, entry, vocabulary, { ...nothing, actions })?.type ?? null;
	for (const text of ["quit", "q", "Exit", "cancel", ":q", "/quit"]) expect(word(text)).toBe("leave");
	for (const text of ["help", "?", "/help"]) expect(word(text)).toBe("help");
	for (const text of ["skip", "stop", "Skip.", "/skip", "today", "settings show", "again"])
		expect(word(text)).toBe("run");
	for (const text of ["settings interview thursday", "/nlpq check today b", "away 24 dec", "show kv-cache"])
		expect(readFormWord(text, started, vocabulary, nothing)).toMatchObject({ type: "run", asks: true });
	for (const text of [
		"check whether the cache fits",
		"random forests are ensembles",
		"search engines rank by BM25",
		"next we compute the softmax",
		"today most models are decoders",
		"interview questions like this one",
		"practice on a held-out set",
		"show the loss going down",
		"hint at the tokenizer",
		"stop words are removed",
		"history of attention",
	])
		expect(word(text), text).toBeNull();
	for (const text of ["skip connections", "attention", "", "I would stop early", "q, k and v"])
		expect(word(text)).toBeNull();
	const written = { ...started, lines: ["The first line."] };
	expect(word("quit", written)).toBe("leave");
	for (const text of ["q", "skip", "stop", "help"]) expect(word(text, written)).toBeNull();
	// An editor returns the whole text at once.
	expect(word("skip", { ...started, lines: ["skip"] })).toBe("run");
	const optional = beginForm(form([{ ...LONG, long: false, required: false }]));
	for (const text of ["skip", "none", "-"]) expect(word(text, optional)).toBe("pass");
	const short = beginForm(form([{ ...LONG, long: false }]));
	expect(word("easy", short, see(card("Compare", [grades])).actions)).toBe("run");
	expect(word("easy", short)).toBeNull();
});

test("a setting named without its group, with all it needs, is done; a sentence about it is asked about", () => {
	expect(does("interview thursday")).toEqual({ date: "thursday" });
	expect(does("interview in two weeks, 12 a day")).toEqual({ date: "in two weeks,", reviews: "12" });
	expect(does("away tomorrow")).toEqual({ dates: "tomorrow" });
	expect(does("away next week")).toEqual({ dates: "next week" });
	for (const text of [
		"I have an interview on thursday",
		"interview",
		"forget yes",
		"away from the mean",
		"stop reminding me",
	])
		expect(does(text), text).toBe("unknown");
	const offered = (text: string) =>
		askCard(text, vocabulary, null).blocks.flatMap((block) => ("buttons" in block ? block.buttons : []))[0];
	expect(offered("I have an interview on Thursday")?.call.options).toEqual({ date: "thursday" });
	expect(offered("I'm on holiday from 3 to 10 December")).toMatchObject({ label: "settings away 3 to 10 december" });
	expect(offered("stop reminding me")).toMatchObject({ label: "settings reminders 0" });
	// Without a date the command would only be refused.
	expect(offered("interview-date")?.label).not.toBe("settings interview");
});

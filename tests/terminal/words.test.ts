import { expect, test } from "vitest";
import { readLine } from "../../src/adapters/terminal/words.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { realBank } from "../support/bank.ts";
import { CLOCK } from "../support/program.ts";
import { talk as talkAt } from "../support/terminal.ts";

const talk = (lines: readonly string[]) => talkAt(lines, { clock: CLOCK });

test("numbers pick the actions of the card shown last; a form asks, and any command leaves it", async () => {
	const lines = [
		"3",
		"1",
		"/nlpq streak",
		"/nlpq today",
		"42",
		"1",
		"   ",
		"An honest attempt, in my own words.",
		"tick what you had",
		"1,2",
	];
	const replies = (await talk(lines)).slice(1);
	expect(replies).toHaveLength(lines.length);
	const [hint, form, streak, today, none, again, empty, counted, ticks, ticked] = replies;
	expect(hint?.card.title).toMatch(/hint/i);
	expect(form?.data).toEqual({ form: "answer" });
	expect(streak?.data).toMatchObject({ current: 0 });
	expect(today?.card.title).toMatch(/^Today's question/);
	expect(none?.text).toContain("no action 42");
	expect(again?.data).toEqual({ form: "answer" });
	expect(empty?.data).toEqual({ error: "empty" });
	expect(counted?.data).toMatchObject({ counted: true, streak: 1 });
	expect(ticks?.data).toEqual({ form: "rate" });
	expect(ticked?.data).toMatchObject({ ticked: 2 });
});

test("a typo gets the nearest command with its usage, never silence", async () => {
	const typed = [
		"/nlpq leaderbord",
		"/nlpq steak",
		"/nlpq serch kv",
		"/nlpq schedul add 09:00",
		"/today",
		"/nlpq",
		"/nope",
		"hello",
	];
	const replies = (await talk(typed)).slice(1);
	expect(replies).toHaveLength(typed.length);
	const text = (index: number) => replies[index]?.text ?? "";
	expect(text(0)).toContain("/nlpq leaderboard [board]");
	expect(text(1)).toContain("/nlpq streak [member]");
	expect(text(2)).toContain("/nlpq search <words>");
	expect(text(3)).toContain("/nlpq schedule add <time>");
	expect(text(4)).toMatch(/^Today's question #1/);
	expect(text(5)).toContain("What I can do");
	expect(replies[6]?.card.tone).toBe("error");
	expect(text(7)).toContain("Nothing was done with it");
});

test("a letter or number typed with its brackets also picks; other programs' quit commands leave", async () => {
	const replies = (await talk(["[2]", "B)", ":q", "today"])).slice(1);
	expect(replies).toHaveLength(2);
	expect(replies[0]?.card.title).toMatch(/^Quick check/);
	expect(replies[1]?.data).toMatchObject({ counted: true });
	const vocabulary = { commands: COMMANDS, bank: await realBank() };
	for (const farewell of ["bye", "\\q", "EXIT"])
		expect(readLine(farewell, vocabulary, { actions: [], today: null, question: null }, null)).toEqual({
			type: "leave",
		});
});

test("a setting without its group is done where all of it is said, and offered where not, and one number runs it", async () => {
	const lines = ["interview 2027-03-11", "I have an interview on friday", "1", "interview-date"];
	const [set, asked, other, second] = (await talk(lines)).slice(1);
	expect(set?.text).toContain("Your interview is on Thursday, 11 March");
	expect(asked?.text).toContain("Did you mean settings interview friday?");
	expect(other?.text).toContain("Your interview is on Friday, 12 March");
	expect(second?.text).toContain("Did you mean settings interview?");
});

test("a stranger who says when the interview is, or types a letter too early, is offered the command under a number", async () => {
	const lines = ["I have an interview on Thursday, what should I do?", "1", "practice", "b", "1", "a"];
	const [asked, set, , letter, check] = (await talk(lines)).slice(1);
	expect(asked?.text).toContain("[1] settings interview thursday");
	expect(set?.text).toContain("Your interview is on Thursday, 11 March");
	expect(letter?.text).toMatch(/`?check`? shows one\.[\s\S]*\[1\] Quick check/);
	expect(check?.card.title).toMatch(/^Quick check/);
	const [other] = (await talk(["When we interview, the forget gate forgets."])).slice(1);
	expect(other?.text).not.toContain("settings");
});

test("a command that is all of a form's text is never stored as an answer; its text is kept", async () => {
	const lines = [
		"1",
		"skip",
		"1",
		"help",
		"quit",
		"answer kv-cache",
		"Stop.",
		"1",
		"?",
		"note: mine, in my own words",
		"history",
	];
	const replies = (await talk(lines)).slice(1);
	const [form, skip, , help, left, other, stop, again, , counted, history] = replies;
	expect(form?.data).toEqual({ form: "answer" });
	expect(skip?.text).toContain("You have no practice run open");
	expect(help?.data).toEqual({ form: "help" });
	expect(left?.data).toEqual({ left: true });
	expect(other?.data).toEqual({ form: "answer" });
	expect(stop?.text).toContain("You have no practice run open");
	expect(again?.data).toEqual({ form: "answer" });
	expect(counted?.data).toMatchObject({ counted: true });
	expect(history?.data).toMatchObject({ total: 1 });
	expect(replies).toHaveLength(lines.length);
});

test("a wish says how it was read and runs; a date in plain words sets the interview, and one that could be two asks", async () => {
	const lines = [
		"something about the kv cache, please",
		"settings interview 11 march 12",
		"settings interview in 2 days",
		"settings interview 3/4",
		"settings interview someday",
	];
	const [search, set, days, either, none] = (await talk(lines)).slice(1);
	expect(search?.data).toHaveProperty("total");
	expect(set?.data).toMatchObject({ interviewOn: "2027-03-11", reviewsADay: 12 });
	expect(days?.data).toMatchObject({ interviewOn: "2027-03-10" });
	expect(either?.text).toMatch(
		/could be Saturday, 3 April or Saturday, 4 March 2028.*[\s\S]*2027-04-03[\s\S]*2028-03-04/,
	);
	expect(none?.text).toContain("is not a date");
});

test("search finds what was meant despite typing errors", async () => {
	const replies = await talk(["/nlpq search key value cahce", "/nlpq search kv cache"]);
	for (const reply of replies.slice(1))
		expect(reply.data.questions).toContainEqual(expect.objectContaining({ id: "kv-cache" }));
});

test("bare words, letters and lists of numbers do what they say; other text is asked about, and `quit` ends", async () => {
	const lines = [
		"?",
		"today",
		"hint",
		"check",
		"b",
		"1,2",
		"A",
		"bertology is fun",
		"1",
		"practize",
		"12",
		"answer last",
		"Each token asks all others how much they matter to it.",
		"1,2",
		"quit",
		"today",
	];
	const replies = (await talk(lines)).slice(1);
	const [help, today, hint, check, checked, untickable, letter, unknown, search, typo, none, form, answered, rated] =
		replies;
	expect(help?.card.title).toContain("What I can do");
	expect(today?.card.title).toMatch(/^Today's question/);
	expect(hint?.card.title).toMatch(/^Hint · /);
	expect(check?.card.title).toMatch(/^Quick check/);
	expect(checked?.data).toMatchObject({ counted: true });
	expect(untickable?.data).toMatchObject({ error: "unknown" });
	expect(letter?.text).toMatch(/No quick check is on the screen/);
	expect(unknown?.text).toMatch(/Nothing was done with it[\s\S]*\[1\] Search/);
	expect(search?.data).toHaveProperty("total");
	expect(typo?.card.tone).toBe("error");
	expect(none?.text).toMatch(/no action 12 just now/);
	expect(form?.data).toEqual({ form: "answer" });
	expect(answered?.data).toMatchObject({ counted: false });
	expect(rated?.data).toMatchObject({ ticked: 2 });
	expect(replies).toHaveLength(lines.length - 2);
});

import { type Button, button, type Call, type Card } from "../../chat/card.ts";
import { isComplete } from "../../chat/command.ts";
import { readCommand } from "../../chat/grammar.ts";
import { callHinted } from "../../chat/plain-requests.ts";
import { GRADES } from "../../core/practice/memory.ts";
import { beginning, cut } from "../../core/text/cut.ts";
import { typedAs } from "./help-here.ts";
import { inGroup, inSentence, misspelt, withGroup } from "./near-commands.ts";
import { LETTER } from "./picks.ts";
import { callMisspelt, type Vocabulary } from "./words.ts";

const MAX_SHOWN = 60;

/** Tells that what follows a sent answer is no part of it. */
const notPartOfAnswer = (lines: number, what: string, buttons: readonly Button[]): Card => ({
	tone: "warning",
	title: "Your answer is sent: the empty line ended it.",
	blocks: [
		{
			type: "text",
			text: `${lines > 1 ? "These lines are" : "This line is"} not part of it: an answer stays as it was sent. ${what} A text with empty lines can be pasted, or written by Ctrl-E.`,
		},
		{ type: "actions", buttons },
	],
});

/** The command that a text nearly names or is about. */
function nearCall(text: string, vocabulary: Vocabulary, question: string | null): Call | null {
	const { commands } = vocabulary;
	const said = withGroup(text, commands) ?? inSentence(text, commands);
	if (said !== null) return readCommand(said, commands);
	const meant = callMisspelt(text, vocabulary);
	if (meant) return meant;
	const hinted = callHinted(text, commands);
	const within = inGroup(text, commands)?.name ?? hinted?.command ?? misspelt(text, commands);
	if (within === undefined) return null;
	if (within !== hinted?.command) return { command: within, options: {} };
	const asksFor = commands.find(({ name }) => name === within)?.options.question;
	return asksFor?.required && question !== null ? { ...hinted, options: { question, ...hinted.options } } : hinted;
}

/**
 * Asks what to do with a text that is not a command.
 * @param answered the question whose answer was sent by the line before
 */
export function askCard(
	text: string,
	vocabulary: Vocabulary,
	question: string | null,
	answered: string | null = null,
): Card {
	const isLetter = LETTER.test(text);
	const lines = text.split("\n").length;
	const grade = GRADES.find((one) => one === text.trim().toLowerCase());
	const call = lines > 1 || grade !== undefined ? null : nearCall(text, vocabulary, question);
	const near = call && cut(typedAs(call), MAX_SHOWN);
	const nearCommand = vocabulary.commands.find(({ name }) => name === call?.command);
	const isOffered = call !== null && (!nearCommand || isComplete(nearCommand, call));
	const buttons = [
		...(grade === undefined
			? []
			: [button(`Grade my last answer: ${grade}`, "rate", { question: "last", grade }, "primary")]),
		...(isLetter && question !== null ? [button("Quick check", "check", { question }, "primary")] : []),
		...(isOffered ? [button(near ?? "", call.command, call.options, "primary")] : []),
		...(lines > 1 || isLetter || call?.command === "search"
			? []
			: [button("Search the questions for it", "search", { words: beginning(text, 200) })]),
		...(question === null || isLetter
			? []
			: [
					button(`Write it as ${question === answered ? "another" : "my"} answer to ${question}`, "answer", {
						question,
						text,
					}),
				]),
		button("What I can do", "help"),
	];
	const outcome = lines > 1 ? `${lines} lines came at once. Nothing was done with them.` : "Nothing was done with it.";
	const remedy = isLetter
		? `No quick check is on the screen: \`${question === null ? "check today" : "check"}\` shows one.`
		: near === null
			? "What did you mean?"
			: `Did you mean \`${near}\`?`;
	if (answered !== null) return notPartOfAnswer(lines, outcome, buttons);
	return {
		tone: "error",
		title: lines > 1 ? "None of that is a command." : "I don't know that command.",
		blocks: [
			{ type: "text", text: `${outcome} ${remedy}` },
			{ type: "actions", buttons },
		],
	};
}

const quoted = (text: string): string => `“${text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text}”`;

/**
 * Asks which question an answer is for, as its first word is a question's id and may also begin the answer.
 * @param shown the question on the screen
 */
export function whichQuestionCard(command: string, named: string, rest: string, shown: string): Card {
	const whole = `${named} ${rest}`;
	return {
		tone: "warning",
		title: `Is “${named}” the question, or the first word of your text?`,
		blocks: [
			{ type: "text", text: "Nothing was done with it yet." },
			{
				type: "actions",
				buttons: [
					button(`For ${shown}: ${quoted(whole)}`, command, { question: shown, text: whole }),
					...(shown === named.toLowerCase()
						? []
						: [button(`For ${named}: ${quoted(rest)}`, command, { question: named, text: rest })]),
				],
			},
		],
	};
}

/** Tells a member how a command ended whose process could not. */
export function endCard(command: string, wasSaved: boolean): Card {
	return wasSaved
		? { tone: "good", title: `Your last command was saved: ${command}`, blocks: [] }
		: {
				tone: "warning",
				title: `Your last command was not saved: ${command}`,
				blocks: [{ type: "text", text: "Please do it again." }],
			};
}

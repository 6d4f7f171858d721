import { type ReadFault, type ReadFile, type ReadQuestion, titleFrom } from "./draft.ts";
import { blocksOf } from "./rows.ts";

/** `::title:: prompt {answers} rest of the prompt` */
const QUESTION = /^(?:::([\s\S]*?)::)?([\s\S]*?)(?<!\\)\{([\s\S]*?)(?<!\\)\}([\s\S]*)$/;
const FORMAT = /^\s*\[(?:html|moodle|plain|markdown)\]\s*/;
/** Comment and category lines, which belong to no question. */
const COMMENT_OR_CATEGORY = /^\s*(?:\/\/.*|\$CATEGORY:.*)$/;

const plain = (text: string): string =>
	text
		.replace(FORMAT, "")
		.replaceAll(/\\n/g, "\n")
		.replaceAll(/\\([~=#{}:])/g, "$1")
		.trim();

interface Answer {
	readonly isRight: boolean;
	readonly text: string;
}

/** Reads "=right", "~wrong" and "~%50%half", with or without "#feedback". */
function answersIn(body: string): Answer[] {
	return [...body.matchAll(/(?<!\\)([=~])\s*(?:%[-\d.]+%)?([\s\S]*?)(?=(?<!\\)[=~]|$)/g)].map(
		([, sign, said = ""]) => ({
			isRight: sign === "=",
			text: plain(said.split(/(?<!\\)#/)[0] ?? ""),
		}),
	);
}

/** Why a kind of question is not supported; null if it is. */
function unfit(body: string): string | null {
	if (/^\s*(?:T|F|TRUE|FALSE)\b/i.test(body)) return "a question of true or false; options are four or none here";
	if (/^\s*#/.test(body)) return "a question for a number; write it with an answer in words";
	return body.includes("->") ? "a question of matching pairs; write it with an answer in words" : null;
}

function read(block: string, line: number): ReadQuestion | ReadFault {
	const [, title = "", before = "", body = "", after = ""] = QUESTION.exec(block) ?? [];
	const reason = unfit(body);
	if (reason) return { line, message: reason };
	const answers = answersIn(body);
	const prompt = plain(after.trim() === "" ? before : `${before.trimEnd()} ____ ${after.trimStart()}`);
	const right = answers.filter(({ isRight }) => isRight).map(({ text }) => text);
	const isChoice = answers.some(({ isRight }) => !isRight);
	return {
		line,
		draft: {
			title: plain(title) || titleFrom(prompt),
			prompt,
			answer: isChoice ? (right[0] ?? "") : right.join("\n"),
			options: isChoice ? answers.map(({ text, isRight }) => ({ text, correct: isRight })) : [],
		},
	};
}

/** Reads Moodle's GIFT; null when the text is not GIFT. */
export function readGift(text: string): ReadFile | null {
	const found = blocksOf(text, COMMENT_OR_CATEGORY).flatMap(({ line, lines }) => {
		const block = lines.join("\n");
		return QUESTION.test(block) && /(?<!\\)\{\s*(?:[=~#]|T\b|F\b|TRUE\b|FALSE\b)/.test(block)
			? [read(block, line)]
			: [];
	});
	if (found.length === 0) return null;
	return {
		questions: found.filter((one) => "draft" in one),
		faults: found.filter((one) => "message" in one),
	};
}

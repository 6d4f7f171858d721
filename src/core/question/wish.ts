import { numberOf } from "../text/number-words.ts";
import type { DIFFICULTIES } from "./question.ts";

export type Difficulty = (typeof DIFFICULTIES)[number];

/** What somebody asks for in plain words, such as "give me five easy questions on beam search, please". */
export interface Wish {
	/** The words that say what it is about, as typed; empty if it can be about anything. */
	readonly topic: readonly string[];
	readonly difficulty: Difficulty | null;
	/** How many questions; null if it does not say. */
	readonly count: number | null;
	/** Whether the words ask for something. Otherwise they may as well be an answer, or a remark. */
	readonly isAsked: boolean;
	/** Whether it asks how something is done. */
	readonly isHow: boolean;
	/** Whether it asks to practise. */
	readonly isPractice: boolean;
	/** Whether it asks for a question to be put, and not for a list of them. */
	readonly isOne: boolean;
	/** Whether it asks to be tested on its topic, as in "quiz me on attention" or "attention questions". */
	readonly isTest: boolean;
	/** Whether it begins as a question does. */
	readonly isQuestion: boolean;
}

const wordSet = (words: string): ReadonlySet<string> => new Set(words.trim().split(/\s+/));

/** Words around a wish. They are dropped where they begin it. */
const LEADING = wordSet(`
	a about am an and another any anything around ask between bring by can concerning could couple covering different do does drill else
	every explain few find for from get gimme give go got had have hello hey hi hit how i i'd i'll i'm id if in into is it its kindly
	know let let's lets like look looking love may maybe me might more my need of ok okay on one or other our pick please pls
	practice practise practising q qs question questions quiz quizzes read regarding review revise see shall should show
	some something sth study stuff surprise teach tell that the them there these they this those throw to topic topics try us want wanna was
	we what what's whats which will wish with would you your`);
/** Words that may also belong to a subject, as in "test set" and "next token": dropped before another such word. */
const AMBIGUOUS = wordSet(
	"change help interview learn new next open quick random search set start test train are did difference differences why when where who",
);
/** Words after a wish. */
const TRAILING = wordSet(
	"again for me mean means now one ones please pls q qs question questions quiz round rounds thanks to us work works",
);
const NOUNS = wordSet(
	"another anything different more one ones q qs question questions quiz quizzes round rounds something sth stuff topic topics",
);
const PRACTICE = wordSet("practice practise practising revise review study learn");
const DIFFICULTY: Readonly<Record<string, Difficulty>> = {
	easy: "basic",
	easier: "basic",
	simple: "basic",
	beginner: "basic",
	basic: "basic",
	basics: "basic",
	easiest: "basic",
	medium: "intermediate",
	intermediate: "intermediate",
	hard: "advanced",
	harder: "advanced",
	hardest: "advanced",
	difficult: "advanced",
	tough: "advanced",
	advanced: "advanced",
};
/** The difficulty that a word means; null if it means none. */
export const difficultyNamed = (word: string): Difficulty | null => DIFFICULTY[word.trim().toLowerCase()] ?? null;
const MAX_COUNT = 20;
/** A longer text is no plain wish. */
const MAX_WORDS = 14;

const ASKING = [
	/\bgimme\b|\bhelp (?:me )?with\b/,
	/^(?:basic|intermediate|advanced)$/,
	/^(?:an? )?(?:easier|harder)(?: one| please)*$/,
	/\b(?:ask|bring|drill|get|give|help|hit|let|quiz|show|surprise|teach|tell|test|throw|train) (?:me|us)\b/,
	/^(?:please |can you |could you )*(?:about|on|more on|more about|explain|find (?:me|something|some|a|questions)) /,
	/^(?:what|how|why)(?: is| are|'s|s)? /,
	/^(?:what|how|why|who|where|when|which)(?:'s| (?:am|are|can|did|do|does|is|should|was|were|will)) /,
	/^(?:show |see |list )?my(?: \S+){1,3}$/,
	/\b(?:difference|differences) between\b/,
	/\?$/,
];
/** "How do I …": asks for the way, not for the subject. */
const HOW = /^(?:please )?(?:how|where)(?: do| can| could| should| to| would)(?: i| we| you)? |^(?:can|may|could) i /;

const QUESTION_WORD = /^(?:how|what|when|where|which|who|why)\b/;

/** "Not too hard" is neither hard nor easy. */
const middling = (text: string): string =>
	text.replace(
		/\bnot (?:all )?(?:so|that|too|very) (?:advanced|basic|difficult|easy|hard|simple|tough)\b/gi,
		"intermediate",
	);

const bare = (word: string): string => word.replace(/^["'“‘«(]+|["'”’»).,;:!?…]+$/gu, "");

function countOf(word: string): number | null {
	const count = numberOf(word);
	return count !== null && count >= 2 && count <= MAX_COUNT ? count : null;
}

/** The part of a text that is neither around a wish nor a number or difficulty, which it also reads. */
function stripped(words: readonly string[], isSubject: (word: string) => boolean) {
	let [from, end] = [0, words.length];
	let difficulty: Difficulty | null = null;
	let count: number | null = null;
	const around: string[] = [];
	const isAround = (word: string | undefined) =>
		word === undefined ||
		LEADING.has(word) ||
		TRAILING.has(word) ||
		DIFFICULTY[word] !== undefined ||
		(AMBIGUOUS.has(word) && word !== "set");
	while (from < end) {
		const [word = "", next] = words.slice(from, from + 2);
		const [level, number] = [DIFFICULTY[word], countOf(word)];
		const fits = isAround(next) || isSubject(next ?? "");
		if (level !== undefined && fits && !isSubject(`${word}-${next}`)) difficulty = level;
		else if (number !== null && count === null && fits) count = number;
		else if (!LEADING.has(word) && !(AMBIGUOUS.has(word) && fits && next !== undefined)) break;
		around.push(word);
		from += 1;
	}
	while (end > from) {
		const last = words[end - 1] ?? "";
		const [level, number] = [DIFFICULTY[last], countOf(last)];
		// "transformers, hard" and "attention, 5"; but "a hard one" is read above.
		if (level !== undefined && difficulty === null && end - from > 1) difficulty = level;
		else if (number !== null && count === null && end - from > 1 && around.includes("practice")) count = number;
		else if (!TRAILING.has(last)) break;
		around.push(last);
		end -= 1;
	}
	return { from, end, difficulty, count, around };
}

/**
 * Reads a wish.
 * @param isSubject whether a word by itself is something to practise, such as a category
 */
export function readWish(text: string, isSubject: (word: string) => boolean = () => false): Wish {
	const typed = middling(text.slice(0, 300))
		.split(/\s+/)
		.map(bare)
		.filter((word) => word !== "");
	const words = typed.map((word) => word.toLowerCase().replaceAll("’", "'"));
	const { from, end, difficulty, count, around } = stripped(words, isSubject);
	const plain = `${words.join(" ")}${/\?\s*$/.test(text) ? "?" : ""}`;
	const isPractice = around.some((word) => PRACTICE.has(word));
	const asks =
		isPractice ||
		around.some((word) => NOUNS.has(word) || word === "random") ||
		ASKING.some((pattern) => pattern.test(plain));
	return {
		topic: typed.slice(from, end),
		difficulty,
		count,
		isAsked: asks && words.length <= MAX_WORDS,
		isHow: HOW.test(plain),
		isPractice,
		isTest: /\b(?:ask|drill|quiz|test|train) (?:me|us)\b|\b(?:questions|qs|rounds?)(?: please)?$/.test(plain),
		isQuestion: QUESTION_WORD.test(plain),
		isOne:
			/\b(?:ask|quiz|test|drill|random)\b/.test(plain) ||
			around.some((word) => ["question", "one", "another"].includes(word)),
	};
}

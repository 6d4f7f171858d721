import { CATEGORIES, type Question } from "../../../src/core/question/question.ts";
import { itemFaults } from "../item-faults.ts";
import { LENGTH_RANKS, lengthRatio, rankShares, reasonsGiven } from "../options.ts";
import { type Cell, table } from "../table.ts";
import { GUESSERS, type Guess, type Guesser, type Guessing } from "./guesser.ts";

/** How many single cues are shown. */
const SHOWN_CUES = 12;
const NAMES: Readonly<Record<Guesser, string>> = {
	cues: "logistic regression on cues",
	words: "the same with the options' words",
	trees: "boosted trees on cues",
};

const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / (values.length || 1);

/** What the guessers get right over the whole bank. */
export function accuracyText({ accuracy, cues }: Guessing): string {
	const [strongest] = cues;
	const rows: Cell[][] = GUESSERS.map((guesser) => [NAMES[guesser], percent(accuracy[guesser])]);
	if (strongest)
		rows.push([
			`one cue (${strongest.most >= strongest.least ? "most" : "least"}: ${strongest.name})`,
			percent(Math.max(strongest.most, strongest.least)),
		]);
	return table([["guesser, each check judged by a model without it", "right"], ...rows, ["chance", percent(0.25)]]);
}

function cuesText({ cues }: Guessing): string {
	const rows = cues.slice(0, SHOWN_CUES).map(({ name, most, least }) => [name, percent(most), percent(least)]);
	return table([["cue alone", "take the most", "take the least"], ...rows]);
}

function ranksText(questions: readonly Question[]): string {
	const shares = LENGTH_RANKS.map((_, rank) => mean(questions.map((question) => rankShares(question)[rank] ?? 0)));
	return `  ${LENGTH_RANKS.map((name, rank) => `${name} ${percent(shares[rank] ?? 0)}`).join("    ")}`;
}

/** One line per check, those with the surest guesses first. */
function checksText(questions: readonly Question[], guesses: readonly Guess[]): string {
	const sure = ({ guessers }: Guess) => mean(GUESSERS.map((guesser) => guessers[guesser].chance));
	const rows = guesses
		.toSorted((a, b) => sure(b) - sure(a))
		.map((guess): Cell[] => {
			const question = questions.find(({ id }) => id === guess.id);
			return [
				guess.id,
				guess.right,
				...GUESSERS.map((guesser) => {
					const { chance, hit } = guess.guessers[guesser];
					return `${Math.round(100 * chance)}${hit > 0 ? " *" : "  "}`;
				}),
				question ? lengthRatio(question).toFixed(2) : "",
				question ? reasonsGiven(question) : "",
				guess.cues.join(", "),
			];
		});
	return table([["check", "right", ...GUESSERS, "ratio", "reasons", "what speaks for the right option"], ...rows]);
}

function faultsText(chosen: readonly Question[]): string {
	const lines = chosen.flatMap(itemFaults).map(({ id, field, message }) => `  ${id}: ${field}: ${message}`);
	return lines.length === 0 ? "  none" : lines.join("\n");
}

/**
 * How well the bank can be guessed, and each of the chosen questions.
 * @param chosen the questions to list; their models have seen the rest of the bank
 */
export function guessReport(guessing: Guessing, questions: readonly Question[], chosen: readonly Question[]): string {
	const ids = new Set(chosen.map(({ id }) => id));
	const own = guessing.guesses.filter(({ id }) => ids.has(id));
	const hits = GUESSERS.map((guesser) => {
		const count = own.reduce((sum, { guessers }) => sum + guessers[guesser].hit, 0);
		return `${guesser} ${Math.round(count)} of ${own.length} (${percent(count / (own.length || 1))})`;
	});
	const byCategory = CATEGORIES.flatMap((category): Cell[][] => {
		const inside = own.filter(({ id }) =>
			questions.some((question) => question.id === id && question.category === category),
		);
		const share = (guesser: Guesser) => percent(mean(inside.map(({ guessers }) => guessers[guesser].hit)));
		return inside.length === 0 ? [] : [[category, inside.length, ...GUESSERS.map(share)]];
	});
	return [
		`The whole bank (${questions.length} checks)\n${accuracyText(guessing)}`,
		`Cues alone, the strongest\n${cuesText(guessing)}`,
		`The ${own.length} checks below: ${hits.join(", ")}`,
		table([["category", "checks", ...GUESSERS], ...byCategory]),
		`Where the right option stands by length\n${ranksText(chosen)}`,
		`Each check: chance of the right option in percent, * where the guesser would choose it; the right option's length against the mean of the others; how many of the 4 give a reason\n${checksText(questions, own)}`,
		`Faults of these options and answers\n${faultsText(chosen)}`,
	].join("\n\n");
}

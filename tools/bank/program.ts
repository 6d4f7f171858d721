import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { faultLine, type LoadedBank, loadQuestionFiles } from "../../src/adapters/files/bank.ts";
import { isInstalledPackage, projectRoot } from "../../src/adapters/files/root.ts";
import { answeredCard, checkedCard, partCard } from "../../src/chat/cards/answer.ts";
import { checkCard, hintCard, questionCard } from "../../src/chat/cards/question.ts";
import { cardText } from "../../src/chat/text.ts";
import { UsageError } from "../../src/cli.ts";
import { UserError } from "../../src/core/errors.ts";
import { Bank } from "../../src/core/question/bank.ts";
import {
	CATEGORIES,
	type Category,
	OPTION_LETTERS,
	type Question,
	questionSchema,
	rightOption,
} from "../../src/core/question/question.ts";
import type { Recorded } from "../../src/core/service/answering.ts";
import { nearest } from "../../src/core/text/nearest.ts";
import { inShell } from "../../src/run/shell-commands.ts";
import { barsOf } from "./bars.ts";
import { demandCommand, parse, usage } from "./command-line.ts";
import { guessBank } from "./guess/guesser.ts";
import { guessReport } from "./guess/report.ts";
import { itemFaults } from "./item-faults.ts";
import { lintBank } from "./lint.ts";
import { memberReports } from "./member-reports.ts";
import { brokenBars, brokenLine, heldFigures, writeRatchets } from "./ratchets.ts";
import { bankReport } from "./report.ts";
import { scaffold } from "./scaffold.ts";

/** Where the program prints, line by line. */
export interface Output {
	out(line: string): void;
	err(line: string): void;
}

/** An answer given in practice, to show the cards that follow one. */
const PRACTICE: Recorded = {
	answerId: 0,
	correct: true,
	counted: false,
	reason: "not-daily",
	streak: null,
	milestones: [],
	memory: null,
	books: false,
	hinted: false,
	day: { today: "2027-03-08", interviewOn: null },
	run: null,
};

const idOf = (file: string) => basename(file).replace(/\.ya?ml$/, "");

/** Prints tables and faults. @returns whether there are no faults */
function check(bank: LoadedBank, isOwn: boolean, now: Date, { out, err }: Output): boolean {
	const { questions, faults } = bank;
	const all = [...questions.values()];
	const lint = [...lintBank(questions), ...all.flatMap(itemFaults)];
	const guessing = guessBank(all);
	const bars = barsOf(all, guessing);
	const heldByBar = isOwn ? heldFigures(bars) : new Map<string, number>();
	const broken = brokenBars(bars, heldByBar);
	out(`${bankReport(questions, { guessing, bars, held: heldByBar }, now)}\n`);
	for (const fault of faults) err(faultLine(fault));
	for (const fault of lint) {
		const category = questions.get(fault.id)?.category;
		const place = category ? join(category, `${fault.id}.yaml`) : fault.id;
		err(`${place}: ${fault.field}: ${fault.message}`);
	}
	for (const bar of broken) err(brokenLine(bar));
	const count = faults.length + lint.length + broken.length;
	const found = count === 0 ? "no faults" : count === 1 ? "1 fault" : `${count} faults`;
	out(`${questions.size === 1 ? "1 valid question" : `${questions.size} valid questions`}, ${found}.`);
	return count === 0;
}

/** Prints how well the bank can be guessed, and each of the chosen questions. */
function guess(
	bank: LoadedBank,
	chosen: { readonly category?: string; readonly ids?: readonly string[] },
	{ out }: Output,
): void {
	const all = [...bank.questions.values()];
	const category = chosen.category === undefined ? null : knownCategory(chosen.category);
	const ids = chosen.ids?.map((id) => find(bank, id).id);
	const listed = all.filter(
		(question) => (category === null || question.category === category) && (ids?.includes(question.id) ?? true),
	);
	out(guessReport(guessBank(all), all, listed));
}

/** Records what has become better. @returns false if something has become worse */
function ratchet(bank: LoadedBank, { out, err }: Output): boolean {
	const bars = barsOf([...bank.questions.values()]);
	const isChanged = writeRatchets(bars);
	const broken = brokenBars(bars, heldFigures(bars));
	for (const bar of broken) err(brokenLine(bar));
	out(isChanged ? "Written to tools/bank/ratchets.txt; commit it with the questions." : "Nothing has become better.");
	return broken.length === 0;
}

/** @throws UserError that names the file's faults, or the most similar ids */
function find(bank: LoadedBank, id: string): Question {
	const found = bank.questions.get(id.trim().toLowerCase());
	if (found) return found;
	const own = bank.faults.filter((fault) => idOf(fault.file) === id);
	if (own.length > 0)
		throw new UserError(
			`The file of ${id} has faults:\n${own.map(faultLine).join("\n")}`,
			"Correct them, then ask again.",
		);
	const ids = [...bank.questions.keys()];
	const alike = nearest(id.toLowerCase(), ids);
	const related = new Bank(bank.questions).search(id.replaceAll("-", " ")).map((question) => question.id);
	const near = [...new Set([...(alike ? [alike] : []), ...related])].slice(0, 3);
	throw new UserError(
		`There is no question "${id}".`,
		near.length > 0 ? `Did you mean ${near.join(", ")}?` : "Ids are the names of the files below the bank's folder.",
	);
}

function preview(question: Question): string {
	const right = rightOption(question);
	const own = { id: 0, text: null, kind: "check", option: right } as const;
	const cards = [
		questionCard(question),
		hintCard(question),
		checkCard(question),
		checkedCard(question, right, PRACTICE),
		answeredCard(question, PRACTICE, "Your own words.", { share: false, ticked: null }),
		...(["strong", "traps", "follow-ups", "references"] as const).map((part) => partCard(question, part, own)),
	].map((card) => cardText(card));
	const others = OPTION_LETTERS.filter((letter) => letter !== right).map(
		(letter) => `You chose ${letter}. ${question.mcq.options[OPTION_LETTERS.indexOf(letter)]?.why}`,
	);
	return [...cards, ["After one of the other options", ...others].join("\n\n")].join(`\n\n${"-".repeat(72)}\n\n`);
}

/** @throws UserError that names the most similar category */
function knownCategory(category: string): Category {
	const known = CATEGORIES.find((candidate) => candidate === category);
	if (known) return known;
	const near = nearest(category, CATEGORIES);
	throw new UserError(
		`There is no category "${category}".`,
		`${near ? `Did you mean ${near}? ` : ""}The categories are ${CATEGORIES.join(", ")}.`,
	);
}

/**
 * Writes a new file that passes the schema.
 * @returns its path
 * @throws UserError when the id or category is invalid, or the id is taken
 */
function create(bank: LoadedBank, folder: string, id: string, category: string, now: Date): string {
	const checked = questionSchema.shape.id.safeParse(id);
	if (!checked.success)
		throw new UserError(
			`"${id}" is no id: ${checked.error.issues.map((issue) => issue.message).join("; ")}.`,
			"An id is kebab-case, at most 45 characters, and stays for good: members' progress hangs on it.",
		);
	const known = knownCategory(category);
	const existing = bank.questions.get(id)?.category ?? bank.faults.find((fault) => idOf(fault.file) === id)?.file;
	if (existing)
		throw new UserError(
			`The id "${id}" is taken (${existing}). Nothing was written.`,
			"Choose another id, or correct that question.",
		);
	const path = join(folder, known, `${id}.yaml`);
	mkdirSync(dirname(path), { recursive: true });
	writeFileSync(path, scaffold(id, known, now.toISOString().slice(0, 10), [...bank.questions.values()]), {
		flag: "wx",
	});
	return path;
}

function one(positionals: readonly string[], command: string): string {
	const [id, ...more] = positionals;
	if (id !== undefined && more.length === 0) return id;
	throw new UsageError(`\`${command}\` takes one id, here ${positionals.length}.\n${usage()}`);
}

/** An installed package's files go when the next version comes. @throws UserError */
function demandOwnFiles(folder: string, own: string): void {
	if (folder !== own || !isInstalledPackage()) return;
	throw new UserError(
		"The questions of an installed nlpq are replaced by its next version. Nothing was written.",
		"Name a folder of your own with `--folder`, or work in a clone of the project.",
	);
}

async function bankIn(folder: string): Promise<LoadedBank> {
	try {
		return await loadQuestionFiles(folder);
	} catch (error) {
		throw new UserError(
			`The folder ${folder} cannot be read (${error instanceof Error ? error.message : String(error)}).`,
			"Name the bank's folder with `--folder`.",
		);
	}
}

async function run(args: string[], now: Date, output: Output): Promise<boolean> {
	const { out } = output;
	const { values, positionals } = parse(args);
	const [command = "check", ...rest] = positionals;
	if (values.help) {
		out(usage());
		return true;
	}
	demandCommand(command);
	if (values.category !== undefined && command !== "new" && command !== "guess")
		throw new UsageError(`\`--category\` belongs to \`new\` and \`guess\`.\n${usage()}`);
	if (values.id !== undefined && command !== "guess")
		throw new UsageError(`\`--id\` belongs to \`guess\`.\n${usage()}`);
	const own = join(projectRoot(), "questions");
	const folder = values.folder ?? own;
	const bank = await bankIn(folder);
	if (values.reports) {
		if (positionals.length > 0) throw new UsageError(`\`--reports\` stands alone.\n${usage()}`);
		out(await memberReports(folder, bank.questions));
		return true;
	}
	if (command === "show") {
		out(preview(find(bank, one(rest, "show"))));
		return true;
	}
	if (command === "new") {
		const id = one(rest, "new");
		demandOwnFiles(folder, own);
		const path = create(bank, folder, id, values.category ?? "fundamentals", now);
		out(
			`${relative(process.cwd(), path)} is written. Fill in what is marked, then run ${inShell("`npm run questions`")}.`,
		);
		return true;
	}
	if (rest.length > 0)
		throw new UsageError(`\`${command}\` takes no ids like this, here ${rest.join(", ")}.\n${usage()}`);
	if (command === "guess") {
		const chosen = {
			...(values.category ? { category: values.category } : {}),
			...(values.id ? { ids: values.id } : {}),
		};
		guess(bank, chosen, output);
		return true;
	}
	if (command === "check") return check(bank, folder === own, now, output);
	if (folder !== own) throw new UsageError(`\`ratchet\` holds the figures of the project's own bank.\n${usage()}`);
	demandOwnFiles(folder, own);
	return ratchet(bank, output);
}

/** Runs the program. @returns the exit code */
export async function runProgram(args: string[], now: Date, output: Output): Promise<number> {
	try {
		return (await run(args, now, output)) ? 0 : 1;
	} catch (error) {
		if (!(error instanceof UserError || error instanceof UsageError)) throw error;
		output.err(error instanceof UserError ? inShell(`${error.message}\n${error.remedy}`) : error.message);
		return error instanceof UsageError ? 2 : 1;
	}
}

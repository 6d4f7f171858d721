/** `npm run questions`: checks the bank and shows what it covers, shows a question, or starts a new one. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { parseArgs } from "node:util";
import { faultLine, type LoadedBank, loadQuestionFiles } from "../../src/adapters/files/bank.ts";
import { projectRoot } from "../../src/adapters/files/root.ts";
import { checkCard, checkedCard, hintCard, questionCard } from "../../src/chat/cards/question.ts";
import { cardText } from "../../src/chat/text.ts";
import { Bank } from "../../src/core/bank.ts";
import { UserError } from "../../src/core/errors.ts";
import { nearest } from "../../src/core/nearest.ts";
import { CATEGORIES, OPTION_LETTERS, type Question, questionSchema, rightOption } from "../../src/core/question.ts";
import type { Recorded } from "../../src/core/service/answering.ts";
import { lintBank } from "./lint.ts";
import { bankReport } from "./report.ts";
import { scaffold } from "./scaffold.ts";

const USAGE = `npm run questions                                     checks the bank and shows what it covers
npm run questions -- show <id>                        a question as a member sees it
npm run questions -- new <id> [--category <category>] a new file to fill in; fundamentals if left out
  --folder <folder>   another bank than the project's questions/`;

/** An answer given as practice, for the cards that follow one. */
const PRACTICE: Recorded = {
	answerId: 0,
	correct: true,
	counted: false,
	reason: "not-daily",
	streak: null,
	milestones: [],
};

const idOf = (file: string) => basename(file).replace(/\.ya?ml$/, "");

/** Prints tables and faults; true when there is no fault. */
function check(bank: LoadedBank, now: Date): boolean {
	const { questions, faults } = bank;
	const lint = lintBank(questions);
	console.log(`${bankReport(questions, now)}\n`);
	for (const fault of faults) console.error(faultLine(fault));
	for (const fault of lint) {
		const category = questions.get(fault.id)?.category;
		const place = category ? join(category, `${fault.id}.yaml`) : fault.id;
		console.error(`${place}: ${fault.field}: ${fault.message}`);
	}
	const count = faults.length + lint.length;
	const found = count === 0 ? "no faults" : count === 1 ? "1 fault" : `${count} faults`;
	console.log(`${questions.size === 1 ? "1 valid question" : `${questions.size} valid questions`}, ${found}.`);
	return count === 0;
}

/** @throws UserError that names the file's faults or the nearest ids */
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
	const cards = [
		questionCard(question),
		hintCard(question),
		checkCard(question),
		checkedCard(question, right, PRACTICE),
	].map((card) => cardText(card));
	const others = OPTION_LETTERS.filter((letter) => letter !== right).map(
		(letter) => `You chose ${letter}. ${question.mcq.options[OPTION_LETTERS.indexOf(letter)]?.why}`,
	);
	return [...cards, ["After one of the other options", ...others].join("\n\n")].join(`\n\n${"-".repeat(72)}\n\n`);
}

/**
 * Writes a file that passes the schema.
 * @returns its path
 * @throws UserError when the id or the category is not one, or the id is taken
 */
function create(bank: LoadedBank, folder: string, id: string, category: string, now: Date): string {
	const checked = questionSchema.shape.id.safeParse(id);
	if (!checked.success)
		throw new UserError(
			`"${id}" is no id: ${checked.error.issues.map((issue) => issue.message).join("; ")}.`,
			"An id is kebab-case, at most 45 characters, and stays for good: members' progress hangs on it.",
		);
	const known = CATEGORIES.find((candidate) => candidate === category);
	if (!known) {
		const near = nearest(category, CATEGORIES);
		throw new UserError(
			`There is no category "${category}".`,
			`${near ? `Did you mean ${near}? ` : ""}The categories are ${CATEGORIES.join(", ")}.`,
		);
	}
	const taken = bank.questions.get(id)?.category ?? bank.faults.find((fault) => idOf(fault.file) === id)?.file;
	if (taken)
		throw new UserError(
			`The id "${id}" is taken (${taken}). Nothing was written.`,
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
	throw new UserError(`\`${command}\` takes one id, here ${positionals.length}.`, USAGE);
}

function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			allowPositionals: true,
			options: { folder: { type: "string" }, category: { type: "string" }, help: { type: "boolean", short: "h" } },
		});
	} catch (error) {
		throw new UserError(error instanceof Error ? error.message : String(error), USAGE);
	}
}

async function run(args: string[], now: Date): Promise<boolean> {
	const { values, positionals } = parse(args);
	const [command = "check", ...rest] = positionals;
	if (values.help) {
		console.log(USAGE);
		return true;
	}
	if (!["check", "show", "new"].includes(command)) throw new UserError(`There is no command "${command}".`, USAGE);
	if (values.category !== undefined && command !== "new") throw new UserError("`--category` belongs to `new`.", USAGE);
	const folder = values.folder ?? join(projectRoot(), "questions");
	const bank = await loadQuestionFiles(folder).catch((error: unknown) => {
		throw new UserError(
			`The folder ${folder} cannot be read (${error instanceof Error ? error.message : String(error)}).`,
			"Name the bank's folder with `--folder`.",
		);
	});
	if (command === "show") console.log(preview(find(bank, one(rest, "show"))));
	else if (command === "new") {
		const path = create(bank, folder, one(rest, "new"), values.category ?? "fundamentals", now);
		console.log(`${relative(process.cwd(), path)} is written. Fill in what is marked, then run \`npm run questions\`.`);
	} else {
		if (rest.length > 0) throw new UserError(`\`check\` takes no ids, here ${rest.join(", ")}.`, USAGE);
		return check(bank, now);
	}
	return true;
}

try {
	process.exitCode = (await run(process.argv.slice(2), new Date())) ? 0 : 1;
} catch (error) {
	if (!(error instanceof UserError)) throw error;
	console.error(`${error.message}\n${error.remedy}`);
	process.exitCode = 1;
}

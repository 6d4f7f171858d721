/** Prints members' reports for the author: the file to look at, and what was said. Names nobody. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { readConfig } from "../../src/config.ts";
import type { ReportStore } from "../../src/core/ports/reports.ts";
import type { Question } from "../../src/core/question/question.ts";
import { counted } from "../../src/core/text/counted.ts";
import { openDatabase } from "../../src/run/open.ts";

type Unresolved = Awaited<ReturnType<ReportStore["unresolved"]>>[number];

/** Where a question's answer begins, which most reports are about. */
function placeOf(folder: string, question: Question | undefined): string {
	if (!question) return "(retired)";
	const path = join(folder, question.category, `${question.id}.yaml`);
	if (!existsSync(path)) return "(no file of its own name)";
	const line =
		readFileSync(path, "utf8")
			.split("\n")
			.findIndex((text) => text.startsWith("answer:")) + 1;
	return `${relative(process.cwd(), path)}:${Math.max(1, line)}`;
}

/** Removes control characters: they could control the reader's terminal. */
const printable = (text: string) => text.replaceAll(/[^\S\n]|\p{Cc}(?<!\n)/gu, " ");

function entry(folder: string, questions: ReadonlyMap<string, Question>, report: Unresolved): string {
	const { questionId, revision, state, at, words, repeats } = report;
	const facts = [
		`${questionId} revision ${revision}`,
		state === "accepted" ? "accepted by an admin" : "open",
		counted(repeats + 1, "report"),
		`since ${at.toISOString().slice(0, 10)}`,
	];
	const quotes = words.map((text) => `    > ${printable(text).replaceAll("\n", "\n      ")}`);
	return [`${placeOf(folder, questions.get(questionId))}: ${facts.join(" · ")}`, ...quotes].join("\n");
}

/** All reports of every workspace that the author has to look at, as text. */
export async function memberReports(folder: string, questions: ReadonlyMap<string, Question>): Promise<string> {
	const database = await openDatabase(readConfig(process.env));
	try {
		const found = await createStore(database.db).reports.unresolved();
		if (found.length === 0) return "Nobody has reported anything that is not settled.";
		const total = `${counted(found.length, "report")} to look at. A raised revision settles those on older ones.`;
		return [...found.map((report) => entry(folder, questions, report)), total].join("\n\n");
	} finally {
		await database.close();
	}
}

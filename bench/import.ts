/**
 * Imports 500 questions with an admin's two commands, the preview of the file and the confirmation, on a real Postgres
 * and on the embedded database. Exits with 1 if the slowest format takes more than five seconds for both.
 *
 *     npm run bench -- import
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { projectRoot } from "../src/adapters/files/root.ts";
import { openEmbedded } from "../src/adapters/postgres/embedded/embedded.ts";
import type { OpenDatabase } from "../src/adapters/postgres/open.ts";
import type { Call, Reply } from "../src/chat/card.ts";
import { EXPORT_FORMATS, type ExportFormat, writeQuestions } from "../src/core/import/write.ts";
import { openBenchDatabase } from "../tests/support/bench-database.ts";
import { KeepingPlatform, openChat } from "../tests/support/chat.ts";
import { ownContent } from "../tests/support/own.ts";
import { printFigure } from "./support/figures.ts";

const QUESTIONS = 500;
const MAX_SECONDS = 5;

/** A platform that serves the file which the bench has written. */
class FilePlatform extends KeepingPlatform {
	content = "";

	async readFile(): Promise<Uint8Array> {
		return Buffer.from(this.content);
	}
}

const fileOf = (format: ExportFormat) =>
	writeQuestions(
		Array.from({ length: QUESTIONS }, (_, index) => ({
			id: `ours/${index + 1}`,
			content: ownContent({ title: `${format} ${index}`, prompt: `What is number ${index} of ${format}?` }),
		})),
		format,
	);

/** @returns the seconds that the slowest format took */
async function measure(name: string, database: OpenDatabase): Promise<number> {
	const platform = new FilePlatform();
	const chat = await openChat({ database, platform });
	const run = async (options: Call["options"]): Promise<Reply> => {
		const outcome = await chat.dispatcher.run(chat.caller("boss", true), { command: "questions import", options });
		if (outcome.type === "form") throw new Error("a form came instead of a reply");
		return outcome.reply;
	};
	let slowest = 0;
	for (const format of EXPORT_FORMATS) {
		platform.content = fileOf(format);
		const startedAt = performance.now();
		const preview = await run({ file: "questions" });
		const previewedAt = performance.now();
		const added = await run({ confirm: String(preview.data?.import) });
		const endedAt = performance.now();
		if (added.data?.added !== QUESTIONS) throw new Error(`${JSON.stringify(added.data)} were added`);
		printFigure(`${name}, ${QUESTIONS} questions as ${format}: the preview (s)`, (previewedAt - startedAt) / 1000);
		printFigure(`${name}, ${QUESTIONS} questions as ${format}: the confirmation (s)`, (endedAt - previewedAt) / 1000);
		slowest = Math.max(slowest, (endedAt - startedAt) / 1000);
	}
	if (chat.faults.length > 0) throw chat.faults[0];
	return slowest;
}

const server = await openBenchDatabase();
const onServer = await measure("server", server.database).finally(() => server.drop());
const folder = mkdtempSync(join(tmpdir(), "nlpq-bench-"));
const embedded = await openEmbedded(folder, join(projectRoot(), "migrations"));
const onEmbedded = await measure("embedded", embedded).finally(async () => {
	await embedded.close();
	rmSync(folder, { recursive: true, force: true });
});
const slowest = Math.max(onServer, onEmbedded);
printFigure(`the slowest import (s, at most ${MAX_SECONDS})`, slowest);
if (slowest > MAX_SECONDS) process.exitCode = 1;

#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { projectRoot } from "./adapters/files/root.ts";
import { type Invocation, readArguments, UsageError } from "./cli.ts";
import { endQuietly } from "./run/broken-pipe.ts";

function version(): string {
	const { version } = JSON.parse(readFileSync(join(projectRoot(), "package.json"), "utf8")) as { version: string };
	return version;
}

/** Importing a program runs it; it reads `process.argv` as if it had been started directly. */
async function runProgram({ name, rest }: Extract<Invocation, { type: "program" }>): Promise<void> {
	process.argv.splice(1, process.argv.length, `nlpq ${name}`, ...rest);
	switch (name) {
		case "backup":
			await import("../scripts/backup.ts");
			return;
		case "restore":
			await import("../scripts/restore.ts");
			return;
		case "doctor":
			await import("../scripts/doctor.ts");
			return;
		case "migrate":
			await import("../scripts/migrate.ts");
			return;
		case "questions":
			await import("../scripts/questions.ts");
			return;
	}
}

async function printHelp(): Promise<void> {
	const [{ helpText }, { defaultDataFolder }] = await Promise.all([
		import("./run/help-text.ts"),
		import("./adapters/files/data-folder.ts"),
	]);
	process.stdout.write(helpText(process.stdout.columns || 80, process.env.NLPQ_DATA_DIR || defaultDataFolder()));
}

async function run(invocation: Invocation): Promise<void> {
	switch (invocation.type) {
		case "help":
			return printHelp();
		case "version":
			process.stdout.write(`${version()}\n`);
			return;
		case "program":
			return runProgram(invocation);
		case "bot": {
			const { runBot } = await import("./run/program.ts");
			return runBot(invocation, fileURLToPath(import.meta.url));
		}
	}
}

endQuietly(process.stdout);
try {
	await run(readArguments(process.argv.slice(2)));
} catch (error) {
	if (!(error instanceof UsageError)) throw error;
	process.stderr.write(`${error.message}\n`);
	process.exitCode = 2;
}

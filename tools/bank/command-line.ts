/** The command line of `npm run questions`. */
import { parseArgs } from "node:util";
import { isInstalledPackage } from "../../src/adapters/files/root.ts";
import { QUESTIONS_TOOL, UsageError, unknownFlag } from "../../src/cli.ts";
import { nearest } from "../../src/core/text/nearest.ts";
import { inShell } from "../../src/run/shell-commands.ts";

/** What one types after the program's name, and what it does. */
const FORMS: readonly (readonly [typed: string, does: string])[] = [
	["check", "checks the bank and shows what it covers"],
	["show <id>", "a question as a member sees it"],
	["new <id> [--category <category>]", "a new file to fill in; fundamentals if left out"],
	["guess [--category <category>] [--id <id>]", "what somebody gets right who knows nothing, and by which cues"],
	["ratchet", "holds what has become better in tools/bank/ratchets.txt"],
	["--reports", "what members of all workspaces report, by file and line"],
];

/** What the program takes. @param isInstalled whether it runs from the installed package, without npm */
export function usage(isInstalled: boolean = isInstalledPackage()): string {
	const name = isInstalled ? "nlpq questions" : "npm run questions --";
	const forms = FORMS.map(([typed, does]) => `${name} ${typed}\n    ${does}`);
	return [
		...forms,
		"  --folder <folder>\n    another bank than the program's questions/",
		"The commands of admins, such as `nlpq questions list`, are about a workspace's own questions: `nlpq help questions`.",
	].join("\n");
}

/** @throws UsageError that names the nearest flag */
export function parse(args: string[]) {
	try {
		return parseArgs({
			args,
			allowPositionals: true,
			options: {
				folder: { type: "string" },
				category: { type: "string" },
				id: { type: "string", multiple: true },
				reports: { type: "boolean" },
				help: { type: "boolean", short: "h" },
			},
		});
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const [, flag] = /^Unknown option '(--?[^']+)'/.exec(message) ?? [];
		if (flag === undefined) throw new UsageError(`${message}\n${usage()}`);
		throw unknownFlag(flag, [...QUESTIONS_TOOL.flags, "help"], shown("npm run questions -- --help"));
	}
}

/** A command as it is typed here. */
const shown = (command: string): string => inShell(`\`${command}\``).replaceAll("`", "");

/** @throws UsageError that names the nearest command */
export function demandCommand(command: string): void {
	const { words } = QUESTIONS_TOOL;
	if (words.some((word) => word === command)) return;
	const near = nearest(command, words);
	throw new UsageError(`There is no command "${command}".${near ? ` Did you mean ${near}?` : ""}\n${usage()}`);
}

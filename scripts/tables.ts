import { type Command, usage } from "../src/chat/command.ts";

/** A setting as the program defines it. */
interface Setting {
	readonly name: string;
	readonly expected: string;
	/** Its default value; empty if it has none. */
	readonly preset: string;
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const row = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
	return [row(head), `|${head.map(() => "---").join("|")}|`, ...rows.map(row)].join("\n");
}

/** Every command: who may use it, who sees the reply, and what it does. */
export function commandsTable(commands: readonly Command[]): string {
	return table(
		["command", "who · seen by", "does", "for example"],
		commands.map((command) => [
			`\`${usage(command)}\``,
			`${command.admin ? "admins" : "all"} · ${command.audience === "channel" ? "the channel" : "the member"}`,
			command.summary,
			`\`${command.example}\``,
		]),
	);
}

/** The explanation of each variable in .env.example: the comment right above it. */
export function explanations(example: string): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	let comment: string[] = [];
	for (const line of example.split("\n")) {
		const name = /^#?([A-Z][A-Z0-9_]*)=/.exec(line)?.[1];
		if (name !== undefined) found.set(name, comment.join(" "));
		const said = /^# (.*)$/.exec(line)?.[1];
		comment = said === undefined ? [] : [...comment, said];
	}
	return found;
}

/** Every setting: what it does (from .env.example), what it expects, and its default. */
export function settingsTable(settings: readonly Setting[], example: string): string {
	const explained = explanations(example);
	return table(
		["setting", "does", "expects", "left out"],
		settings.map(({ name, expected, preset }) => [
			`\`${name}\``,
			explained.get(name) ?? "",
			expected,
			preset === "" ? "" : `\`${preset}\``,
		]),
	);
}

/** Replaces the text between `<!-- name -->` and `<!-- /name -->`. Throws if the markers are missing. */
export function fillIn(document: string, name: string, text: string): string {
	const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
	const [from, to] = [document.indexOf(open), document.indexOf(close)];
	if (from < 0 || to < from) throw new Error(`the document has no place for ${name}`);
	return `${document.slice(0, from + open.length)}\n${text}\n${document.slice(to)}`;
}

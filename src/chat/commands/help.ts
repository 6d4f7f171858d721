import { UserError } from "../../core/errors.ts";
import { nearest } from "../../core/text/nearest.ts";
import { suggestCommands } from "../autocomplete.ts";
import { type Block, button, type Card, type Reply } from "../card.ts";
import { type Command, type Context, defineCommand, usage } from "../command.ts";
import { optionsOn } from "../features.ts";
import { inQuotes } from "../in-quotes.ts";
import { optional, wordsOption } from "../option.ts";
import type { Platform } from "../platform.ts";

/** Who asks for help, and where. */
type Reader = Pick<Context, "commands" | "admin" | "platform">;

/** The commands that the asker can use on this platform. */
function usableCommands({ commands, admin, platform }: Reader): Command[] {
	return commands.filter((command) => (admin || !command.admin) && !(platform.nativeCommands && command.textOnly));
}

function oneCommand(command: Command, platform: Platform): Card {
	const options = Object.entries(optionsOn(platform, command.options)).map(([name, option]) => {
		const choices = option.choices.length > 0 ? ` (${option.choices.join(", ")})` : "";
		return `\`${name}\`${option.required && !command.formFor.includes(name) ? "" : ", may be left out"}: ${option.description}${choices}`;
	});
	// Platforms with native commands show the options while a member types.
	const form = platform.nativeCommands ? `\`/nlpq ${command.name}\`` : `\`${usage(command, platform)}\``;
	const blocks: Block[] = [
		{ type: "text", text: `${command.summary}.` },
		{ type: "text", text: form },
	];
	if (options.length > 0) blocks.push({ type: "list", marker: "bullet", items: options });
	blocks.push({ type: "note", text: `For example: \`/nlpq ${command.example}\`` });
	return { tone: "plain", title: `/nlpq ${command.name}`, blocks };
}

function overview(usable: readonly Command[]): Card {
	const forAll = usable.filter((command) => !command.admin);
	const forAdmins = usable.filter((command) => command.admin);
	const line = (command: Command) => `\`/nlpq ${command.name}\`: ${command.summary}`;
	const blocks: Block[] = [
		{
			type: "text",
			text: "One interview question a day, with a strong answer to compare yours with. Start with today's, or any other.",
		},
		{ type: "list", marker: "bullet", items: forAll.map(line) },
	];
	if (forAdmins.length > 0) {
		blocks.push({ type: "heading", text: "For admins" });
		blocks.push({ type: "list", marker: "bullet", items: forAdmins.map(line) });
	}
	blocks.push({ type: "note", text: "`/nlpq help <command>` says more about one." });
	blocks.push({
		type: "actions",
		buttons: [
			button("Today's question", "today", {}, "primary"),
			button("Random question", "random", {}, "primary"),
			button("My streak", "streak"),
		],
	});
	return { tone: "plain", title: "What I can do, here and now", blocks };
}

/**
 * Needs no database.
 * @param named the command to say more about; null for a list of all
 * @throws UserError for a command that does not exist
 */
export function helpReply(reader: Reader, named: string | null): Reply {
	const usable = usableCommands(reader);
	const data = { commands: usable.map((command) => command.name) };
	if (named === null) return { card: overview(usable), data };
	const name = named.toLowerCase().replace(/^\/?nlpq\s+/, "");
	const command =
		usable.find((candidate) => candidate.name === name) ?? usable.find((candidate) => candidate.group === name);
	if (command) return { card: oneCommand(command, reader.platform), data: { command: command.name } };
	const forAdmins = reader.commands.find(
		({ name: own, group, admin }) => admin && !reader.admin && (own === name || group === name),
	);
	if (forAdmins)
		throw new UserError(
			`Only admins can use ${inQuotes(name)}.`,
			"Ask one of them; `/nlpq help` shows what everybody can do.",
		);
	const near = nearest(name, data.commands);
	throw new UserError(
		`There is no command ${inQuotes(name)}.`,
		near ? `Did you mean \`/nlpq help ${near}\`?` : "`/nlpq help` lists them all.",
	);
}

export const help = defineCommand({
	name: "help",
	summary: "What I can do, here and now",
	wishedAs: ["commands", "manual", "menu"],
	tellsAdminsMore: true,
	groupDefault: true,
	options: {
		command: optional({ ...wordsOption("The command that you want to know about"), suggest: suggestCommands }),
	},
	example: "help schedule add",
	async run(context, { command }) {
		return helpReply(context, command);
	},
});

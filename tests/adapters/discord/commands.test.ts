import { InteractionResponseType, MessageFlags } from "discord-api-types/v10";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { MessageBodySchema } from "../../../packages/local-discord/bodies.ts";
import type { OptionInputs } from "../../../packages/local-discord/command-input.ts";
import type { LocalChannel, LocalUser } from "../../../packages/local-discord/entities.ts";
import type { Interaction } from "../../../packages/local-discord/interactions.ts";
import { controlId } from "../../../src/adapters/discord/incoming/control-id.ts";
import type { Call } from "../../../src/chat/card.ts";
import type { Command } from "../../../src/chat/command.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { readCommand } from "../../../src/chat/grammar.ts";
import { byEffort } from "../../support/effort.ts";
import { type Bot, openBot, postDaily, textOf, type } from "./support.ts";

const PLACES = ["guild channel", "thread", "direct message"] as const;
const ROLES = ["member", "manager", "owner"] as const;
const DEFERRED = InteractionResponseType.DeferredChannelMessageWithSource;
type PlaceName = (typeof PLACES)[number];
type Role = (typeof ROLES)[number];

let bot: Bot;
let people: Record<Role, LocalUser>;
let thread: LocalChannel;

beforeAll(async () => {
	bot = await openBot();
	const owner = bot.discord.world.users.get(bot.guild.ownerId);
	if (!owner) throw new Error("no owner");
	people = { member: bot.ada, manager: bot.boss, owner };
	const post = await postDaily(bot);
	if (!post.thread) throw new Error("no thread");
	thread = post.thread;
	// Everybody is known, so that a direct message means this server.
	for (const role of ROLES) await type(bot, people[role], bot.channel, "today").reply();
});
afterAll(() => bot.close());
/** Undoes what the previous row changed: everybody is known, and nobody is a named admin. */
beforeEach(async () => {
	const { people: store } = bot.store;
	const workspace = await store.ensureWorkspace("discord", bot.guild.id, bot.guild.name, bot.clock.now());
	await store.setAdmin(workspace.id, bot.ada.id, false);
	for (const role of ROLES) await store.ensureMember(workspace.id, people[role].id, people[role].name, bot.clock.now());
});

function where(place: PlaceName, role: Role): LocalChannel {
	if (place === "direct message") return bot.discord.directChannel(people[role]);
	return place === "thread" ? thread : bot.channel;
}

/** The command's own example as Discord lets members type it, without what only a form asks for. */
function typedCall(command: Command): Call {
	const call = readCommand(command.example, COMMANDS);
	const typed = Object.entries(call.options).filter(([name]) => !command.options[name]?.fromForm);
	return { ...call, options: Object.fromEntries(typed) };
}

/** What a member enters for the options of the command's example. */
function inputsOf(command: Command, place: PlaceName): OptionInputs {
	const { options } = typedCall(command);
	return Object.fromEntries(
		Object.entries(options)
			.map(([name, value]) => {
				const kind = command.options[name]?.kind;
				if (kind === "member") return [name, bot.ada];
				if (kind === "channel") return [name, bot.channel];
				if (kind === "file")
					return [name, bot.discord.attach(value, "question,answer\nWhat is BPE?,Byte pair encoding\n")];
				return [name, kind === "number" ? Number(value) : value];
			})
			.filter(([, value]) => place !== "direct message" || value !== bot.channel),
	);
}

interface Expected {
	readonly role: Role;
	readonly command: Command;
	readonly isPublic: boolean;
	readonly opensForm: boolean;
}

async function expectAnswer(interaction: Interaction, expected: Expected): Promise<void> {
	const { role, command, isPublic, opensForm } = expected;
	const first = await interaction.firstResponse();
	const refused = command.admin && role === "member";
	if (opensForm && first.type === InteractionResponseType.Modal) {
		expect(refused).toBe(false);
		expect(bot.faults).toEqual([]);
		expect(bot.discord.violations).toEqual([]);
		return;
	}
	const reply = await interaction.reply(10_000);
	const text = textOf(reply);
	expect(text.includes("is for admins"), text).toBe(refused);
	expect(text).not.toContain("Something went wrong");
	// If a form cannot be opened, the refusal is the first response.
	const type = opensForm ? InteractionResponseType.ChannelMessageWithSource : DEFERRED;
	expect(first).toMatchObject(isPublic ? { type } : { type, data: { flags: MessageFlags.Ephemeral } });
	if (interaction.channel.guild) expect(reply.visibleTo).toBe(isPublic ? undefined : interaction.user);
	else expect(text).toContain("Server: study group");
	expect(bot.faults).toEqual([]);
	expect(bot.discord.violations).toEqual([]);
}

const native = COMMANDS.filter((command) => !command.textOnly);
/** In each place each role uses one command of this many; in full all. */
const ONE_COMMAND_OF = byEffort({ test: 2 * PLACES.length, ci: 1, full: 1 });
const rows = (commands: readonly Command[]) =>
	commands.flatMap((command, index) =>
		PLACES.flatMap((place, at) =>
			ROLES.filter((_, role) => (index + at + role) % ONE_COMMAND_OF === 0).map(
				(role) => [command.name, role, place] as const,
			),
		),
	);

function commandOf(name: string): Command {
	const command = COMMANDS.find((candidate) => candidate.name === name);
	if (!command) throw new Error(`no command ${name}`);
	return command;
}

describe("every native command, typed", () => {
	test.each(rows(native))("/nlpq %s by a %s in a %s", async (name, role, place) => {
		const command = commandOf(name);
		const interaction = type(bot, people[role], where(place, role), name, inputsOf(command, place));
		const opensForm = command.opensForm(typedCall(command));
		await expectAnswer(interaction, { role, command, isPublic: command.audience === "channel", opensForm });
	});
});

describe("every command, by a button on a message from last year", () => {
	test.each(rows(COMMANDS))("%s by a %s in a %s", async (name, role, place) => {
		const command = commandOf(name);
		const call = readCommand(command.example, COMMANDS);
		const customId = controlId(call);
		const channel = where(place, role);
		const body = MessageBodySchema.parse({
			components: [{ type: 1, components: [{ type: 2, style: 1, label: "Old", custom_id: customId }] }],
		});
		const message = bot.discord.world.addMessage({ channel, author: bot.discord.world.bot, body });
		const pressed = bot.discord.button({ message, customId, user: people[role] });
		await expectAnswer(pressed, { role, command, isPublic: false, opensForm: command.opensForm(call) });
	});
});

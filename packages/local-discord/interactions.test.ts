import {
	ActionRowBuilder,
	ApplicationCommandOptionType,
	ButtonBuilder,
	ButtonStyle,
	type ChatInputCommandInteraction,
	DiscordAPIError,
	Events,
	type Interaction,
	LabelBuilder,
	MessageFlags,
	ModalBuilder,
	Routes,
	StringSelectMenuBuilder,
	TextInputBuilder,
	TextInputStyle,
} from "discord.js";
import { afterEach, expect, test } from "vitest";
import { ImpossibleInput } from "./command-input.ts";
import { Stage } from "./support.ts";

const stage = new Stage();
afterEach(() => stage.close());

const COMMAND = {
	name: "nlpq",
	description: "Practise",
	contexts: [0, 1],
	options: [
		{
			type: ApplicationCommandOptionType.SubcommandGroup,
			name: "schedule",
			description: "Daily questions",
			options: [
				{
					type: ApplicationCommandOptionType.Subcommand,
					name: "add",
					description: "Add one",
					options: [
						{ type: ApplicationCommandOptionType.String, name: "time", description: "HH:MM", required: true },
						{ type: ApplicationCommandOptionType.String, name: "zone", description: "Zone", autocomplete: true },
						{ type: ApplicationCommandOptionType.Channel, name: "channel", description: "Where", channel_types: [0] },
					],
				},
			],
		},
		{
			type: ApplicationCommandOptionType.Subcommand,
			name: "streak",
			description: "Streak",
			options: [
				{ type: ApplicationCommandOptionType.User, name: "member", description: "Whose" },
				{
					type: ApplicationCommandOptionType.String,
					name: "board",
					description: "Which",
					choices: [{ name: "Longest", value: "longest" }],
				},
				{ type: ApplicationCommandOptionType.Integer, name: "weeks", description: "How many", max_value: 12 },
			],
		},
	],
} as const;

/** A bot with the command above that calls `respond` for every interaction and collects its errors. */
async function open(respond: (interaction: Interaction) => Promise<unknown>) {
	const opened = await stage.open();
	const client = await stage.login(opened.discord);
	await client.application.commands.set([{ ...COMMAND, contexts: [0, 1] }]);
	const errors: unknown[] = [];
	client.on(Events.InteractionCreate, (interaction) => {
		respond(interaction).catch((error: unknown) => errors.push(error));
	});
	const streak = { channel: opened.channel, user: opened.ada, name: "nlpq", path: ["streak"] };
	return { ...opened, client, errors, streak };
}

const whenCommand =
	(act: (interaction: ChatInputCommandInteraction) => Promise<unknown>) => (interaction: Interaction) =>
		interaction.isChatInputCommand() ? act(interaction) : Promise.resolve();

test("a command arrives with its options, is deferred, edited and followed up", async () => {
	const seen: unknown[] = [];
	const { discord, guild, channel, ada } = await open(
		whenCommand(async (interaction) => {
			const { options } = interaction;
			seen.push(options.getSubcommandGroup(), options.getSubcommand(), options.getString("time"));
			seen.push(options.getChannel("channel")?.id, interaction.memberPermissions?.has("ManageGuild"));
			await interaction.deferReply({ flags: MessageFlags.Ephemeral });
			await interaction.editReply("Added.");
			await interaction.followUp({ content: "Everybody sees this." });
		}),
	);
	discord.addMember(guild, ada, ["ManageGuild"]);
	const options = { time: "09:00", channel };
	const handle = discord.command({ channel, user: ada, name: "nlpq", path: ["schedule", "add"], options });
	expect(await handle.firstResponse()).toMatchObject({ type: 5, data: { flags: 64 }, latency: expect.any(Number) });
	const [original, followUp] = await handle.replies(2);
	expect(original).toMatchObject({ content: "Added.", visibleTo: ada, loading: false });
	expect(followUp).toMatchObject({ content: "Everybody sees this.", visibleTo: undefined });
	expect(seen).toEqual(["schedule", "add", "09:00", channel.id, true]);
	expect(discord.messages(channel).map(({ content }) => content)).toEqual(["Everybody sees this."]);
	expect(discord.violations).toEqual([]);
});

test("a deferral's privacy decides the first follow-up's, even against its own flag", async () => {
	const { discord, streak, ada } = await open(
		whenCommand(async (interaction) => {
			await interaction.deferReply({ flags: MessageFlags.Ephemeral });
			await interaction.followUp("first");
			await interaction.followUp("second");
		}),
	);
	const replies = await discord.command(streak).replies(2);
	expect(replies.map(({ content, visibleTo }) => [content, visibleTo])).toEqual([
		["first", ada],
		["second", undefined],
	]);
});

test("users are resolved as members; a direct message has a user and no member", async () => {
	const seen: unknown[] = [];
	const answered: unknown[] = [];
	const { discord, ada, streak, errors } = await open(
		whenCommand(async (interaction) => {
			seen.push(interaction.inGuild(), interaction.user.id, interaction.options.getUser("member")?.id);
			seen.push(interaction.options.getInteger("weeks"));
			const { resource } = await interaction.reply({
				embeds: [{ title: "5", image: { url: "attachment://weeks.png" } }],
				files: [{ attachment: Buffer.from("1"), name: "weeks.png", description: "12 weeks" }],
				withResponse: true,
			});
			answered.push(resource?.message?.id);
		}),
	);
	const inGuild = await discord.command({ ...streak, options: { member: ada, weeks: 12 } }).reply();
	expect(inGuild.files).toMatchObject([{ name: "weeks.png", size: 1, description: "12 weeks" }]);
	const direct = await discord.command({ ...streak, channel: discord.directChannel(ada) }).reply();
	expect(direct.channel.recipient).toBe(ada);
	await expect.poll(() => answered).toEqual([inGuild.id, direct.id]);
	expect(seen).toEqual([true, ada.id, ada.id, 12, false, ada.id, undefined, null]);
	expect([errors, discord.violations]).toEqual([[], []]);
});

test("what no user could enter is refused", async () => {
	const { discord, channel, ada, streak } = await open(async () => {});
	const add = { channel, user: ada, name: "nlpq", path: ["schedule", "add"] };
	const stranger = discord.addUser("Eve");
	const impossible = [
		() => discord.command({ ...add, name: "other" }),
		() => discord.command({ ...add, path: ["schedule"] }),
		() => discord.command({ ...add, path: ["schedule", "nothing"] }),
		() => discord.command(add),
		() => discord.command({ ...add, options: { time: "09:00", colour: "red" } }),
		() => discord.command({ ...add, options: { time: 9 } }),
		() => discord.command({ ...streak, options: { board: "other" } }),
		() => discord.command({ ...streak, options: { weeks: 13 } }),
		() => discord.command({ ...streak, options: { member: "1" } }),
		() => discord.command({ ...streak, user: stranger }),
		() => discord.autocomplete({ ...add, focused: { name: "time", value: "0" } }),
	];
	for (const attempt of impossible) expect(attempt).toThrow(ImpossibleInput);
});

test("autocomplete gets what was typed and answers with choices", async () => {
	const { discord, channel, ada } = await open(async (interaction) => {
		if (!interaction.isAutocomplete()) return;
		const typed = interaction.options.getFocused();
		await interaction.respond([{ name: `${typed}lin`, value: "Europe/Berlin" }]);
	});
	const use = { channel, user: ada, name: "nlpq", path: ["schedule", "add"] };
	const handle = discord.autocomplete({ ...use, focused: { name: "zone", value: "Ber" } });
	expect(await handle.choices()).toEqual([{ name: "Berlin", value: "Europe/Berlin" }]);
	expect(discord.violations).toEqual([]);
});

const controls = [
	new ActionRowBuilder<ButtonBuilder>().addComponents(
		new ButtonBuilder().setCustomId("answer").setLabel("Answer").setStyle(ButtonStyle.Primary),
		new ButtonBuilder().setCustomId("later").setLabel("Later").setStyle(ButtonStyle.Secondary).setDisabled(true),
	),
	new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
		new StringSelectMenuBuilder()
			.setCustomId("check")
			.addOptions({ label: "A", value: "a" }, { label: "B", value: "b" }),
	),
];

const form = new ModalBuilder()
	.setCustomId("form")
	.setTitle("Your answer")
	.addLabelComponents(
		new LabelBuilder()
			.setLabel("Answer")
			.setTextInputComponent(
				new TextInputBuilder().setCustomId("text").setStyle(TextInputStyle.Paragraph).setMaxLength(20),
			),
		new LabelBuilder()
			.setLabel("Sure?")
			.setStringSelectMenuComponent(
				new StringSelectMenuBuilder().setCustomId("sure").addOptions({ label: "Yes", value: "yes" }),
			),
	);

test("a button opens a modal, whose submission updates the message; a select replies", async () => {
	const seen: unknown[] = [];
	const { discord, ada, streak } = await open(async (interaction) => {
		if (interaction.isChatInputCommand()) await interaction.reply({ content: "Q", components: controls });
		if (interaction.isButton()) await interaction.showModal(form);
		if (interaction.isStringSelectMenu()) {
			seen.push(interaction.values);
			await interaction.deferUpdate();
			await interaction.editReply({ content: "Checked", components: [] });
		}
		if (interaction.isModalSubmit() && interaction.isFromMessage()) {
			seen.push(interaction.fields.getTextInputValue("text"), interaction.fields.getStringSelectValues("sure"));
			await interaction.update("Thanks");
		}
	});
	const message = await discord.command(streak).reply();
	const pressed = discord.button({ message, customId: "answer", user: ada });
	expect(await pressed.modal()).toMatchObject({ custom_id: "form", title: "Your answer" });
	expect(() => discord.modalSubmit({ customId: "form", fields: { text: "x".repeat(21), sure: "yes" } })).toThrow("20");
	expect(() => discord.modalSubmit({ customId: "form", fields: { text: "x", sure: "no" } })).toThrow("offer");
	const submitted = discord.modalSubmit({ customId: "form", user: ada, fields: { text: "softmax", sure: "yes" } });
	expect(await submitted.reply()).toBe(message);
	expect(message.content).toBe("Thanks");
	expect(() => discord.button({ message, customId: "later", user: ada })).toThrow("disabled");
	expect(() => discord.select({ message, customId: "check", values: ["c"], user: ada })).toThrow("offer");
	await discord.select({ message, customId: "check", values: ["b"], user: ada }).reply();
	expect(message).toMatchObject({ content: "Checked", components: [] });
	expect(seen).toEqual(["softmax", ["yes"], ["b"]]);
	expect(discord.violations).toEqual([]);
});

test("a first response after three seconds, a second one and one after fifteen minutes are refused", async () => {
	const held: ChatInputCommandInteraction[] = [];
	const { discord, streak, client } = await open(whenCommand(async (interaction) => held.push(interaction)));
	const codeOf = (error: unknown): unknown => (error instanceof DiscordAPIError ? error.code : error);
	const early = discord.command(streak);
	const webhook = Routes.webhookMessage(discord.world.applicationId, early.token);
	expect(await client.rest.get(webhook, { auth: false }).catch(codeOf)).toBe(10015);
	await expect.poll(() => held.length).toBe(1);
	discord.advance(3001);
	expect(await held[0]?.reply("late").catch(codeOf)).toBe(10062);
	const handle = discord.command(streak);
	discord.redeliver(handle);
	await expect.poll(() => held.length).toBe(3);
	await held[1]?.deferReply();
	expect(await held[2]?.reply("twice").catch(codeOf)).toBe(40060);
	discord.advance(15 * 60 * 1000);
	expect(await held[1]?.editReply("expired").catch(codeOf)).toBe(50027);
	expect(discord.violations).toEqual([]);
});

test("every callback is checked: its type by the interaction, its body by its kind", async () => {
	const { discord, streak } = await open(async () => {});
	const callback = async ({ id, token }: { id: string; token: string }, type: number, data?: object) => {
		const response = await fetch(`${discord.url}/api/v10/interactions/${id}/${token}/callback`, {
			method: "POST",
			headers: { "user-agent": "DiscordBot (https://example.org, 1)", "content-type": "application/json" },
			body: JSON.stringify({ type, data }),
		});
		return response.status;
	};
	const handle = discord.command(streak);
	const inputs = [..."abcdef"].map((custom_id) => ({
		type: 18,
		label: "x",
		component: { type: 4, style: 1, custom_id },
	}));
	const modal = { custom_id: "form", title: "Your answer", components: inputs };
	expect(await callback(handle, 6)).toBe(400);
	expect(await callback(handle, 8, { choices: [] })).toBe(400);
	expect(await callback(handle, 9, modal)).toBe(400);
	expect(await callback(handle, 9, { ...modal, title: "x".repeat(46), components: inputs.slice(1) })).toBe(400);
	expect(await callback(handle, 4, { content: "x" })).toBe(400);
	expect(await callback(handle, 4, { content: "x", colour: 1, allowed_mentions: { parse: [] } })).toBe(400);
	expect(discord.violations.map(({ path }) => path)).toEqual([
		"type",
		"type",
		"data.components",
		"data.title",
		"data.allowed_mentions",
		"data.colour",
	]);
	expect(await callback(handle, 5)).toBe(204);
	expect(await callback(handle, 9, { ...modal, components: inputs.slice(1) })).toBe(400);
	expect(discord.violations).toHaveLength(6);
	const zones = Array.from({ length: 26 }, (_, index) => ({ name: `${index}`, value: `${index}` }));
	const add = { ...streak, path: ["schedule", "add"], focused: { name: "zone", value: "" } };
	expect(await callback(discord.autocomplete(add), 8, { choices: zones })).toBe(400);
	expect(await callback(discord.autocomplete(add), 8, { choices: zones.slice(1) })).toBe(204);
	expect(discord.violations.at(-1)?.path).toBe("data.choices");
});

import { REST, Routes } from "discord.js";
import { afterEach, expect, test } from "vitest";
import { Stage } from "./support.ts";

const stage = new Stage();
afterEach(() => stage.close());

async function open() {
	const opened = await stage.open({ rateLimits: false });
	const rest = new REST({ api: `${opened.discord.url}/api` }).setToken(opened.discord.token);
	const path = Routes.applicationCommands(opened.discord.world.applicationId);
	return { ...opened, rest, path };
}

const named = (name: string, more: object = {}) => ({ name, description: "Practise", ...more });

test("an overwrite replaces everything, keeps the id of a name and counts", async () => {
	const { discord, rest, path } = await open();
	await rest.put(path, { body: [named("nlpq"), named("old")] });
	const [before] = discord.commands();
	await rest.put(path, { body: [named("nlpq", { description: "Practise daily" })] });
	const [after] = discord.commands();
	expect(discord.commands()).toHaveLength(1);
	expect(after?.id).toBe(before?.id);
	expect(after?.version).not.toBe(before?.version);
	await rest.put(path, { body: [named("nlpq", { description: "Practise daily" })] });
	expect(discord.commands()[0]?.version).toBe(after?.version);
	expect(discord.commandOverwrites()).toBe(3);
	expect(discord.violations).toEqual([]);
});

test("the registered form differs from the sent one as Discord's does", async () => {
	const { discord, rest, path } = await open();
	const options = [{ type: 3, name: "words", description: "What", required: false, choices: [] }];
	await rest.put(path, { body: [named("nlpq", { options, default_member_permissions: "32" })] });
	expect(await rest.get(path)).toMatchObject([
		{
			id: discord.commands()[0]?.id,
			application_id: discord.world.applicationId,
			type: 1,
			default_member_permissions: "32",
			contexts: null,
			nsfw: false,
			options: [{ type: 3, name: "words", description: "What" }],
		},
	]);
	expect(JSON.stringify(await rest.get(path))).not.toContain("required");
});

test("a guild's command goes before a global one and is not offered elsewhere", async () => {
	const { discord, rest, path, guild, channel, ada } = await open();
	const own = Routes.applicationGuildCommands(discord.world.applicationId, guild.id);
	await rest.put(path, { body: [named("nlpq", { contexts: [0] })] });
	await rest.put(own, { body: [named("nlpq"), named("here")] });
	expect(discord.commandOverwrites(guild)).toBe(1);
	discord.command({ channel, user: ada, name: "here" });
	const direct = discord.directChannel(ada);
	expect(() => discord.command({ channel: direct, user: ada, name: "here" })).toThrow("no command");
	expect(() => discord.command({ channel: direct, user: ada, name: "nlpq" })).toThrow("not offered");
});

test("the two hundred and first creation of a day is refused", async () => {
	const { discord, rest, path } = await open();
	const hundred = (prefix: string) => Array.from({ length: 100 }, (_, index) => named(`${prefix}${index}`));
	await rest.put(path, { body: hundred("a") });
	await rest.put(path, { body: hundred("b") });
	await expect(rest.put(path, { body: [named("c")] })).rejects.toMatchObject({ code: 30034 });
	discord.advance(24 * 60 * 60 * 1000 + 1);
	await rest.put(path, { body: [named("c")] });
	expect(discord.commands()).toHaveLength(1);
});

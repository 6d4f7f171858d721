import { afterEach, beforeEach, expect, test } from "vitest";
import type { LocalDiscord } from "./local-discord.ts";
import { Stage } from "./support.ts";

const stage = new Stage();
let discord: LocalDiscord;
let messages = "";
let commands = "";

beforeEach(async () => {
	const opened = await stage.open({ rateLimits: false });
	discord = opened.discord;
	messages = `/channels/${opened.channel.id}/messages`;
	commands = `/applications/${discord.world.applicationId}/commands`;
});
afterEach(() => stage.close());

const AGENT = "DiscordBot (https://example.org, 1)";
const SILENT = { allowed_mentions: { parse: [] } };

async function send(method: string, path: string, body: unknown, headers: Record<string, string> = {}) {
	const response = await fetch(`${discord.url}/api/v10${path}`, {
		method,
		headers: {
			authorization: `Bot ${discord.token}`,
			"user-agent": AGENT,
			"content-type": "application/json",
			...headers,
		},
		body: body === undefined ? null : JSON.stringify(body),
	});
	const text = await response.text();
	const answer: unknown = text === "" ? undefined : JSON.parse(text);
	return { status: response.status, answer };
}

/** The single violation that a message's body causes. */
async function violationOf(body: object): Promise<string> {
	const before = discord.violations.length;
	const { status } = await send("POST", messages, { ...SILENT, ...body });
	expect(status).toBe(400);
	const found = discord.violations.slice(before);
	expect(found).toHaveLength(1);
	return `${found[0]?.path}: ${found[0]?.message}`;
}

const button = (custom_id: string, more: object = {}) => ({ type: 2, style: 1, label: "x", custom_id, ...more });
const row = (...components: object[]) => ({ type: 1, components });
const pings = (...roles: string[]) => ({ allowed_mentions: { parse: [], roles } });
const options = (count: number) => Array.from({ length: count }, (_, index) => ({ label: "x", value: `v${index}` }));
const select = (more: object) => row({ type: 3, custom_id: "s", options: options(2), ...more });

test("a refused body is answered as Discord does, with every problem at its place", async () => {
	const { status, answer } = await send("POST", messages, { content: "x".repeat(2001) });
	expect(status).toBe(400);
	expect(answer).toMatchObject({
		code: 50035,
		errors: {
			content: { _errors: [{ message: expect.stringContaining("2000") }] },
			allowed_mentions: { _errors: [{ message: expect.stringContaining("parse") }] },
		},
	});
	expect(discord.violations.map(({ route, path }) => `${route} ${path}`)).toEqual([
		"POST /channels/{channel}/messages content",
		"POST /channels/{channel}/messages allowed_mentions",
	]);
	expect(discord.messages(discord.world.channels.values().next().value?.id ?? "")).toEqual([]);
});

test.each<[string, object, string]>([
	["an unknown key", { content: "x", embed: {} }, 'embed: unknown key "embed"'],
	["an unknown key deep inside", { embeds: [{ title: "x", colour: 1 }] }, 'embeds.0.colour: unknown key "colour"'],
	["mentions of users", { content: "x", allowed_mentions: { parse: [], users: ["1"] } }, "allowed_mentions"],
	["mentions of everybody", { content: "x", allowed_mentions: { parse: ["everyone"] } }, "allowed_mentions"],
	["an empty message", { content: "  " }, "empty message"],
	["a long embed title", { embeds: [{ title: "x".repeat(257) }] }, "embeds.0.title"],
	["a long embed description", { embeds: [{ description: "x".repeat(4097) }] }, "embeds.0.description"],
	["many fields", { embeds: [{ fields: Array(26).fill({ name: "x", value: "x" }) }] }, "embeds.0.fields"],
	["a long field", { embeds: [{ fields: [{ name: "x", value: "x".repeat(1025) }] }] }, "embeds.0.fields.0.value"],
	["an empty field", { embeds: [{ fields: [{ name: "x", value: "" }] }] }, "embeds.0.fields"],
	["a long footer", { embeds: [{ title: "x", footer: { text: "x".repeat(2049) } }] }, "embeds.0.footer.text"],
	["a long author", { embeds: [{ title: "x", author: { name: "x".repeat(257) } }] }, "embeds.0.author.name"],
	["long embeds together", { embeds: Array(2).fill({ description: "x".repeat(3001) }) }, "6000 (6002)"],
	["a file that was not sent", { embeds: [{ title: "x", image: { url: "attachment://a.png" } }] }, "a.png"],
	["a repeated custom_id", { components: [row(button("a"), button("a"))] }, '1.custom_id: custom_id "a"'],
	["a long custom_id", { components: [row(button("x".repeat(101)))] }, "components.0.components.0.custom_id"],
	["a long label", { components: [row(button("a", { label: "x".repeat(81) }))] }, "components.0.components.0.label"],
	["no label", { components: [row(button("a", { label: "" }))] }, "label or an emoji"],
	["six buttons in a row", { components: [row(...[..."abcdef"].map((id) => button(id)))] }, "components.0.components"],
	["six rows", { components: [..."abcdef"].map((id) => row(button(id))) }, "components: more than 5 rows"],
	[
		"ranks that clients would renumber",
		{ embeds: [{ description: "1. Ana\n1. Ben\n3. Cid" }] },
		"renumber these lines",
	],
	["half an emoji", { content: "half \ud83d" }, "half a character"],
	["two roles to ping", { content: "<@&1> <@&2>", ...pings("1", "2") }, "at most one role is pinged"],
	["a role that the content does not name", { content: "x", ...pings("1") }, "the content names it"],
	["a nonce of 26", { content: "x", nonce: "x".repeat(26) }, "nonce"],
	["26 select options", { components: [select({ options: options(26) })] }, "options"],
	["a long placeholder", { components: [select({ placeholder: "x".repeat(151) })] }, "placeholder"],
	["repeated values", { components: [select({ options: [options(1), options(1)].flat() })] }, "there twice"],
	["more values than options", { components: [select({ max_values: 3 })] }, "max_values"],
	["new components without the flag", { components: [{ type: 10, content: "x" }] }, "Components V2 flag"],
	[
		"content with the new flag",
		{ content: "x", components: [{ type: 10, content: "x" }], flags: 32768 },
		"content: is not",
	],
])("%s is a violation", async (_name, body, expected) => {
	expect(await violationOf(body)).toContain(expected);
});

test("a button has exactly one of custom_id and url, by its style", async () => {
	const link = { type: 2, style: 5, label: "x", url: "https://example.org" };
	expect((await send("POST", messages, { ...SILENT, components: [row(link)] })).status).toBe(200);
	for (const wrong of [
		button("a", { url: "https://example.org" }),
		{ ...link, custom_id: "a" },
		{ ...link, style: 1 },
	]) {
		expect((await send("POST", messages, { ...SILENT, components: [row(wrong)] })).status).toBe(400);
	}
});

test("more than forty components are a violation even when nested", async () => {
	const texts = (count: number) => Array.from({ length: count }, () => ({ type: 10, content: "x" }));
	const message = (count: number) => ({
		...SILENT,
		flags: 32768,
		components: [{ type: 17, components: texts(count) }],
	});
	expect((await send("POST", messages, message(39))).status).toBe(200);
	expect((await send("POST", messages, message(40))).status).toBe(400);
	expect(discord.violations.map(({ message }) => message)).toEqual(["more than 40 components"]);
});

test("what discord.js adds, and an edit that keeps the rest, are no violations", async () => {
	const first = await send("POST", messages, { ...SILENT, content: "x", tts: false, enforce_nonce: false });
	const id = typeof first.answer === "object" && first.answer && "id" in first.answer ? String(first.answer.id) : "";
	const edit = await send("PATCH", `${messages}/${id}`, {
		...SILENT,
		components: [],
		tts: false,
		enforce_nonce: false,
	});
	expect([first.status, edit.status]).toEqual([200, 200]);
	expect(discord.violations).toEqual([]);
	expect((await send("PATCH", `${messages}/${id}`, { ...SILENT, content: "" })).answer).toMatchObject({ code: 50006 });
});

test("a JSON content type on an empty body, a wrong agent and an unknown route are violations", async () => {
	expect((await send("POST", messages.replace("messages", "typing"), undefined)).status).toBe(400);
	expect((await send("POST", messages, { ...SILENT, content: "x" }, { "user-agent": "fetch" })).status).toBe(400);
	expect((await send("POST", "/nowhere", {})).status).toBe(404);
	expect(discord.violations.map(({ message }) => message)).toEqual([
		"a JSON content type on an empty body",
		"no DiscordBot user agent",
		"there is no such route",
	]);
});

const option = (more: object = {}) => ({ type: 3, name: "x", description: "x", ...more });
const choices = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ name: `${index}`, value: `${index}` }));
const eightThousand = Array.from({ length: 4 }, (_, index) =>
	option({
		name: `o${index}`,
		choices: choices(25).map((choice) => ({ ...choice, value: choice.name.padStart(100, "0") })),
	}),
);

test.each<[string, object, string]>([
	["a capital in the name", { name: "Nlpq" }, "0.name"],
	["no description", { description: "" }, "0.description"],
	["a long description", { description: "x".repeat(101) }, "0.description"],
	["26 options", { options: Array.from({ length: 26 }, (_, index) => option({ name: `o${index}` })) }, "0.options"],
	["a repeated option", { options: [option(), option()] }, "there twice"],
	["26 choices", { options: [option({ choices: choices(26) })] }, "0.options.0.choices"],
	["a long choice", { options: [option({ choices: [{ name: "x".repeat(101), value: "x" }] })] }, "choices.0.name"],
	["choices and autocomplete", { options: [option({ choices: choices(1), autocomplete: true })] }, "either"],
	["required after optional", { options: [option(), option({ name: "y", required: true })] }, "required"],
	["options beside subcommands", { options: [option(), option({ type: 1, name: "y" })] }, "side by side"],
	["8,000 characters", { options: eightThousand }, "8000"],
	["an unknown key", { colour: 1 }, "0.colour"],
])("%s in a command is a violation", async (_name, more, expected) => {
	const { status } = await send("PUT", commands, [{ name: "nlpq", description: "Practise", ...more }]);
	expect(status).toBe(400);
	const all = discord.violations.map(({ path, message }) => `${path}: ${message}`).join("\n");
	expect(all).toContain(expected);
});

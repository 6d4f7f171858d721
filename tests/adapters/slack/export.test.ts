import { afterEach, expect, test } from "vitest";
import { OPTIONAL_SCOPES } from "../../../src/adapters/slack/install/oauth.ts";
import { FIFTY_QUESTIONS } from "../../support/imports.ts";
import { bot, open, openDatabaseForFile, stage } from "./opening.ts";
import { ALL_SCOPES, button, endWithoutFault, formOf } from "./support.ts";

openDatabaseForFile();
afterEach(() => endWithoutFault(stage, bot));

const say = (text: string) => stage.slack.command({ user: stage.admin, channel: stage.channel, text });
const ephemeral = (words: string, after = 0) =>
	stage.slack.until(words, () =>
		stage.slack
			.ephemerals(stage.admin)
			.slice(after)
			.find(({ blocks }) => JSON.stringify(blocks).includes(words)),
	);

async function importFile(content: string | Uint8Array, words: string): Promise<void> {
	const view = await formOf(stage.slack, say("questions import"));
	const file = stage.slack.settings.addFile(stage.team.id, "questions", content);
	const before = stage.slack.ephemerals(stage.admin).length;
	stage.slack.viewSubmission({ view, values: { "file/value": [file.id] } });
	const look = await ephemeral(words, before);
	if (!words.startsWith("0 good")) stage.slack.action({ message: look, user: stage.admin, ...button(look, "Add 50") });
}

test("a reply with a file says where the file is", async () => {
	await open({ scopes: ALL_SCOPES });
	const reply = await say("settings export").reply();
	expect(JSON.stringify(reply.blocks)).toContain("nlpq-my-data.json is in your direct messages with me.");
	await handed("nlpq-my-data.json");
});

/** The file in a separate message, which only the admin sees. */
const handed = (name: string) =>
	stage.slack.until(name, () =>
		stage.slack.world.messages.find(
			({ source, files }) => source === "upload" && files.some(({ filename }) => filename === name),
		),
	);

test("fifty questions are imported from one file and exported to another, which only the admin gets", async () => {
	await open({ scopes: [...ALL_SCOPES, ...OPTIONAL_SCOPES] });
	await importFile(FIFTY_QUESTIONS, "50 good");
	await ephemeral("50 questions added");
	for (const [format, name] of [
		["csv", "questions.csv"],
		["yaml", "questions.yaml"],
		["anki", "questions.txt"],
	] as const) {
		say(`questions export ${format}`);
		const message = await handed(name);
		expect(message.channel).not.toBe(stage.channel);
		expect(stage.slack.world.channels.get(message.channel)?.members ?? []).toContain(stage.admin);
		const [file] = message.files;
		await importFile(file?.bytes ?? "", "0 good, 50 you have already");
	}
});

test("without files:write a short export comes as text that names the permission, and no reply claims to have sent a file", async () => {
	await open({ scopes: ALL_SCOPES.filter((scope) => scope !== "files:write") });
	const text = "question,answer\\nWhat is a rule?,It is a rule.";
	const view = await formOf(stage.slack, say("questions import"));
	stage.slack.viewSubmission({ view, values: { "text/value": text.replaceAll("\\n", "\n") } });
	const look = await ephemeral("1 good");
	stage.slack.action({ message: look, user: stage.admin, ...button(look, "Add 1") });
	await ephemeral("1 question added");
	say("questions export csv");
	const shown = JSON.stringify((await ephemeral("files:write")).blocks);
	expect(shown).toContain("What is a rule?");
	const direct = stage.slack.world.messages.map((message) => message.text);
	expect(direct.filter((said) => said.includes("Here is the file"))).toEqual([]);
});

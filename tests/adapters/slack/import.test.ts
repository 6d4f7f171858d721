import { afterEach, expect, test } from "vitest";
import type { OpenView } from "../../../packages/local-slack/world.ts";
import { OPTIONAL_SCOPES } from "../../../src/adapters/slack/install/oauth.ts";
import { BAD_IMPORTS } from "../../support/bad-imports.ts";
import { FIFTY_QUESTIONS } from "../../support/imports.ts";
import { closeLegally, open, openDatabaseForFile, stage } from "./opening.ts";
import { ALL_SCOPES, button, formOf } from "./support.ts";

openDatabaseForFile();
afterEach(closeLegally);

async function openWith(scopes: readonly string[]): Promise<OpenView> {
	await open({ scopes });
	return openForm();
}

const openForm = () =>
	formOf(stage.slack, stage.slack.command({ user: stage.admin, channel: stage.channel, text: "questions import" }));

/** The private message with these words. */
const told = (words: string) =>
	stage.slack.until(words, () =>
		stage.slack.ephemerals(stage.admin).find(({ blocks }) => JSON.stringify(blocks).includes(words)),
	);
/** What the admin reads after choosing a file. */
function choose(view: OpenView, content: string | Uint8Array, words: string, size?: number) {
	const file = stage.slack.settings.addFile(stage.team.id, "questions.csv", content, size);
	stage.slack.viewSubmission({ view, values: { "file/value": [file.id] } });
	return told(words);
}

test("fifty questions are imported from one file chosen in the form", async () => {
	const view = await openWith([...ALL_SCOPES, ...OPTIONAL_SCOPES]);
	const look = await choose(view, FIFTY_QUESTIONS, "50 good");
	stage.slack.action({ message: look, user: stage.admin, ...button(look, "Add 50") });
	await told("50 questions added");
});

test("files of a wrong kind are refused with their kind, and nothing is half imported", async () => {
	let view = await openWith([...ALL_SCOPES, ...OPTIONAL_SCOPES]);
	for (const { content, size, says } of BAD_IMPORTS) {
		// The line and what is said of it are texts of their own in the blocks.
		await choose(view, content, says.replace(/^line \d+: /, ""), size);
		view = await openForm();
	}
	stage.slack.command({ user: stage.admin, channel: stage.channel, text: "questions list" });
	await told("0 questions of your own");
});

test("without files:read the form takes only text, and names the permission", async () => {
	const view = await openWith(ALL_SCOPES);
	expect(JSON.stringify(view.view.blocks)).not.toContain("file_input");
	expect(JSON.stringify(view.view.blocks)).toContain("files:read");
});

test("submitting the form with neither file nor text says what it takes", async () => {
	const view = await openWith([...ALL_SCOPES, ...OPTIONAL_SCOPES]);
	stage.slack.viewSubmission({ view });
	await told("No question was found in it. Nothing was changed.");
});

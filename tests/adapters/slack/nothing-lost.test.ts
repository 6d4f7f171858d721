import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Delivery } from "../../../packages/local-slack/delivery.ts";
import type { Message, OpenView } from "../../../packages/local-slack/world.ts";
import { pack, unpack } from "../../../src/adapters/slack/incoming/packed-text.ts";
import { Outage } from "../../../src/core/errors.ts";
import { wellFormed } from "../../../src/core/text/well-formed.ts";
import { byEffort } from "../../support/effort.ts";
import { bot, closeLegally, command, database, openForEachTest, stage } from "./opening.ts";
import { button, ephemeral, formOf, title } from "./support.ts";

let wait = 0;

openForEachTest({ throttle: () => wait }, closeLegally);
afterEach(() => {
	wait = 0;
	vi.restoreAllMocks();
});

const press = (message: Message, label: string) =>
	stage.slack.action({ message, user: stage.ana, ...button(message, label) });
const blocksText = (message: Message) => JSON.stringify(message.blocks);
const REOPEN = "Edit and send again";
const LONG = `${"Caches hold keys & values <!channel> per *layer*. ".repeat(59)}👩‍👩‍👧`;

/** Shows a question and opens its answer form. */
async function openAnswer(): Promise<OpenView> {
	const shown = await command("show kv-cache").reply();
	return formOf(stage.slack, press(shown, "Answer"));
}

/** Submits a form, and waits for the answer that the member gets in the channel. */
function submit(view: OpenView, values: Record<string, string>, beginning: string, user = stage.ana): Promise<Message> {
	stage.slack.viewSubmission({ view, values });
	return ephemeral(stage.slack, user, beginning);
}

/** The field errors in a form's ack. */
async function errorsOf(delivery: Delivery): Promise<unknown> {
	const { body } = await delivery.acked();
	return z.object({ response_action: z.literal("errors"), errors: z.unknown() }).parse(body).errors;
}

test("a form sent too fast comes back with its whole text and a button that opens it filled in", async () => {
	const view = await openAnswer();
	wait = 5;
	const refused = await submit(view, { value: LONG }, "⛔ That was a lot");
	expect(blocksText(refused)).toContain(JSON.stringify(LONG).slice(1, -1));
	wait = 0;
	const again = await formOf(stage.slack, press(refused, REOPEN));
	await submit(again, {}, "✅");
	const rows = await database.db.query.answers.findMany();
	expect(rows.map((row) => row.text)).toContain(LONG);
});

test("a form sent while the database is down gives the text back, and its button works once the database is back", async () => {
	const view = await openAnswer();
	const failing = vi.spyOn(bot.services.store.people, "enter").mockRejectedValue(new Outage(new Error("gone")));
	const refused = await submit(view, { value: "Typed before the outage." }, "⛔ The database");
	expect(blocksText(refused)).toContain("Typed before the outage.");
	failing.mockRestore();
	const again = await formOf(stage.slack, press(refused, REOPEN));
	expect(JSON.stringify(again.view.blocks)).toContain("Typed before the outage.");
});

test("a wrong zone and a channel without the bot are shown on their fields, and the form stays open", async () => {
	const view = await formOf(stage.slack, command("schedule add", stage.admin));
	const elsewhere = stage.slack.settings.addChannel({ team: stage.team.id, members: [stage.admin], withBot: false }).id;
	const wrongZone = stage.slack.viewSubmission({ view, values: { "zone/value": "Europe/Berln" } });
	expect(await errorsOf(wrongZone)).toEqual({ zone: expect.stringContaining("Did you mean Europe/Berlin") });
	expect(view.closed).toBe(false);
	const values = { "zone/value": "Europe/Berlin", "channel/value": elsewhere };
	const wrongChannel = stage.slack.viewSubmission({ view, values });
	expect(await errorsOf(wrongChannel)).toEqual({ channel: expect.stringContaining("I am not in that channel") });
	expect(title(await submit(view, { "channel/value": stage.channel }, "✅", stage.admin))).toMatch(
		/Schedule #\d+ is set/,
	);
});

test("a refused schedule shows its channel as one and its days by their label, and the form opens with both", async () => {
	const refused = await command(
		`schedule add 09:00 zone:Mars weekdays:weekdays channel:<#${stage.channel}|nlp>`,
		stage.admin,
	).reply();
	const shown = blocksText(refused);
	for (const part of [`"channel_id":"${stage.channel}"`, "Monday to Friday", "Time of day"])
		expect(shown).toContain(part);
	const pressed = stage.slack.action({ message: refused, user: stage.admin, ...button(refused, REOPEN) });
	const again = JSON.stringify((await formOf(stage.slack, pressed)).view.blocks);
	expect(again).toContain(`"initial_conversation":"${stage.channel}"`);
	expect(again).toMatch(/"initial_option":\{[^}]*\{[^}]*"Monday to Friday"/);
});

test("a suggestion's wrong fields are shown on each of them at once, and the form keeps what was typed", async () => {
	const view = await formOf(stage.slack, command("suggest"));
	const typed = {
		"title/value": "x".repeat(80),
		"prompt/value": "When do we freeze deploys, and why?",
		"answer/value": "On Fridays at noon, so that nobody is paged on a weekend.",
		"points/value": "abcdefghi".split("").join("\n"),
		"options/value": "* Fridays at noon\nMondays at nine\nNever at all",
	};
	expect(await errorsOf(stage.slack.viewSubmission({ view, values: typed }))).toEqual({
		title: "Title: at most 75 characters, here 80. Correct it and send it again.",
		points: "Key points: at most 8. Correct it and send it again.",
		options: "Options: none or 4 of them, here 3. Correct it and send it again.",
	});
	expect(view.closed).toBe(false);
	const corrected = { "title/value": "Our deploy freeze", "points/value": "", "options/value": "" };
	expect(title(await submit(view, corrected, "✅"))).toContain("Thank you for the suggestion");
	const [saved] = await database.db.query.ownQuestions.findMany();
	expect(saved?.content).toMatchObject({ title: "Our deploy freeze", answer: typed["answer/value"] });
});

test("a wrong zone and a channel without the bot are shown together, and also when the channel cannot be checked", async () => {
	const view = await formOf(stage.slack, command("schedule add", stage.admin));
	const elsewhere = stage.slack.settings.addChannel({ team: stage.team.id, members: [stage.admin], withBot: false }).id;
	const values = { "zone/value": "Europe/Berln", "channel/value": elsewhere };
	const zone = expect.stringContaining("Did you mean Europe/Berlin");
	const channel = expect.stringContaining("I am not in that channel");
	expect(await errorsOf(stage.slack.viewSubmission({ view, values }))).toEqual({ zone, channel });
	vi.spyOn(bot.services.store.people, "enter").mockRejectedValue(new Outage(new Error("gone")));
	expect(await errorsOf(stage.slack.viewSubmission({ view }))).toEqual({ zone });
});

test("a channel without the bot is shown on its field also when a schedule is edited", async () => {
	await command("schedule add 09:00 Europe/Berlin", stage.admin).reply();
	const view = await formOf(stage.slack, command("schedule edit", stage.admin));
	const elsewhere = stage.slack.settings.addChannel({ team: stage.team.id, members: [stage.admin], withBot: false }).id;
	const wrong = stage.slack.viewSubmission({ view, values: { "channel/value": elsewhere } });
	expect(await errorsOf(wrong)).toEqual({ channel: expect.stringContaining("I am not in that channel") });
	expect(view.closed).toBe(false);
});

test("a form that Slack opens no more, its trigger being too old: the text comes back again, and its button opens it", async () => {
	const view = await openAnswer();
	wait = 5;
	const refused = await submit(view, { value: LONG }, "⛔ That was a lot");
	wait = 0;
	stage.slack.faults.add({ method: "views.open", kind: { error: "expired_trigger_id" }, times: 1 });
	press(refused, REOPEN);
	const late = await ephemeral(stage.slack, stage.ana, "⛔ The form could not be opened in time");
	expect(blocksText(late)).toContain(JSON.stringify(LONG).slice(1, -1));
	const again = await formOf(stage.slack, press(late, REOPEN));
	await submit(again, {}, "✅");
	const rows = await database.db.query.answers.findMany();
	expect(rows.map((row) => row.text)).toContain(LONG);
});

test("a form that Slack refuses for a fault of ours: the text comes back with a reference, not as opened too late", async () => {
	const view = await openAnswer();
	wait = 5;
	const refused = await submit(view, { value: LONG }, "⛔ That was a lot");
	wait = 0;
	stage.slack.faults.add({ method: "views.open", kind: { error: "invalid_arguments" }, times: 1 });
	press(refused, REOPEN);
	const failed = await ephemeral(stage.slack, stage.ana, "⛔ Something went wrong on our side. Nothing was saved.");
	expect(blocksText(failed)).toContain(JSON.stringify(LONG).slice(1, -1));
	expect(blocksText(failed)).toMatch(/this reference: [0-9a-f]{8}/);
	await submit(await formOf(stage.slack, press(failed, REOPEN)), {}, "✅");
});

test("a misspelt command gives back what was typed after it", async () => {
	// By then Slack has turned the mention into a name.
	const sent = LONG.replaceAll("<!channel>", "@channel");
	expect(blocksText(await command(`anser today ${sent}`).reply())).toContain(JSON.stringify(sent).slice(1, -1));
});

test("packed text is unpacked unchanged, and 3,000 characters fit into a button", () => {
	const words = fc.array(
		fc.constantFrom("softmax ", "gradient ", "the ", "of ", "😀", "注意力 ", "שלום ", "\n", "& <@U1> "),
		{ maxLength: 120 },
	);
	fc.assert(
		fc.property(
			fc.oneof(
				fc.string({ unit: "binary", maxLength: 300 }),
				words.map((all) => all.join("")),
			),
			(text) => {
				expect(unpack(pack(wellFormed(text)))).toBe(wellFormed(text));
			},
		),
		{ numRuns: byEffort({ test: 200, ci: 1000, full: 10_000 }) },
	);
	expect(pack(LONG).length).toBeLessThan(1000);
});

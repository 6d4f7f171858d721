import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RunningApp, startApp } from "./bolt-app.ts";
import { type LocalSlack, startSlack } from "./slack.ts";
import type { Via } from "./transport.ts";
import type { Channel, Member, Team } from "./world.ts";

const plain = (text: string) => ({ type: "plain_text" as const, text });

const form = {
	type: "modal" as const,
	callback_id: "schedule",
	notify_on_close: true,
	title: plain("Schedule"),
	submit: plain("Save"),
	blocks: [
		{
			type: "input" as const,
			block_id: "where",
			label: plain("Channel"),
			element: { type: "channels_select" as const, action_id: "channel" },
		},
		{
			type: "input" as const,
			block_id: "when",
			label: plain("Time"),
			element: { type: "timepicker" as const, action_id: "time", initial_time: "09:00" },
		},
		{
			type: "input" as const,
			block_id: "what",
			label: plain("Topic"),
			element: { type: "external_select" as const, action_id: "topic", min_query_length: 1 },
		},
		{
			type: "input" as const,
			block_id: "name",
			label: plain("Name"),
			element: { type: "plain_text_input" as const, action_id: "name", max_length: 10 },
		},
	],
};

describe.each<Via>(["socket", "http"])("a Bolt app over %s", (via) => {
	let slack: LocalSlack;
	let running: RunningApp;
	let team: Team;
	let channel: Channel;
	let ana: Member;
	let ben: Member;

	beforeEach(async () => {
		slack = await startSlack();
		team = slack.settings.addTeam();
		ana = slack.settings.addMember({ team: team.id, name: "ana" });
		ben = slack.settings.addMember({ team: team.id, name: "ben" });
		channel = slack.settings.addChannel({ team: team.id, members: [ana.id, ben.id] });
		const { token } = slack.settings.install(team.id);
		running = await startApp(slack, via, token);
	});

	afterEach(async () => {
		await running.stop();
		expect(slack.failures).toEqual([]);
		await slack.stop();
	});

	test("answers a command by ack and by response_url", async () => {
		running.app.command("/nlpq", async ({ ack, respond, command }) => {
			await ack({ text: `got ${command.text}` });
			await respond({ text: "for you" });
			await respond({ text: "for all", response_type: "in_channel" });
		});
		const delivery = slack.command({ user: ana.id, channel: channel.id, text: "today" });
		const ack = await delivery.acked();
		expect(ack).toMatchObject({ late: false, body: { text: "got today" } });
		expect(ack.latencyMs).toBeGreaterThan(0);
		await delivery.reply(2);
		expect(delivery.replies.map(({ text, ephemeralTo, source }) => [text, ephemeralTo, source])).toEqual([
			["got today", ana.id, "ack"],
			["for you", ana.id, "response_url"],
			["for all", undefined, "response_url"],
		]);
		expect(slack.messages(team.id, channel.id).map((one) => one.text)).toEqual(["for all"]);
		expect(slack.violations).toEqual([]);
	});

	test("reports a button, and replaces or deletes the message by response_url", async () => {
		running.app.command("/nlpq", async ({ ack, respond }) => {
			await ack();
			const button = { type: "button" as const, action_id: "reveal", text: plain("Reveal"), value: "q1" };
			await respond({ text: "question", blocks: [{ type: "actions", elements: [button] }] });
		});
		running.app.action({ type: "block_actions", action_id: "reveal" }, async ({ ack, respond, action }) => {
			await ack();
			const value = "value" in action ? action.value : "";
			await respond({ text: `answer to ${value}`, replace_original: true });
			await respond({ text: "", delete_original: true }).catch(() => {});
		});
		const asked = slack.command({ user: ana.id, channel: channel.id });
		const message = await asked.reply();
		expect(() => slack.action({ message, user: ana.id, actionId: "hint" })).toThrow(/no member can use hint/);
		expect(() => slack.action({ message, user: ben.id, actionId: "reveal" })).toThrow(/another member/);
		expect(() => slack.action({ message, user: ana.id, actionId: "reveal", value: "q2" })).toThrow(/value is q1/);
		const pressed = slack.action({ message, user: ana.id, actionId: "reveal", value: "q1" });
		expect((await pressed.reply()).text).toBe("answer to q1");
		expect(message.edits.map((former) => former.text)).toEqual(["question"]);
		expect(() => slack.action({ message, user: ana.id, actionId: "reveal" })).toThrow(/no member can use reveal/);
	});

	test("opens a modal, offers options, shows errors, and takes the submission", async () => {
		const seen: unknown[] = [];
		running.app.command("/nlpq", async ({ ack, client, body }) => {
			await ack();
			await client.views.open({ trigger_id: body.trigger_id, view: form });
		});
		running.app.options("topic", async ({ ack, options }) => {
			await ack({ options: [{ text: plain(`about ${options.value}`), value: "attention" }] });
		});
		running.app.view("schedule", async ({ ack, view }) => {
			seen.push(view.state.values);
			const wrong = view.state.values.name?.name?.value === "wrong";
			await ack(wrong ? { response_action: "errors", errors: { name: "taken" } } : undefined);
		});
		const view = await slack.command({ user: ana.id, channel: channel.id }).view();
		expect(slack.views(ana.id)).toEqual([view]);
		const filled = { channel: channel.id, name: "wrong", topic: "attention" };
		expect(() => slack.viewSubmission({ view, values: { name: "daily" } })).toThrow(/must be filled in/);
		expect(() => slack.viewSubmission({ view, values: { name: "longer than ten" } })).toThrow(/0 to 10/);
		expect(() => slack.viewSubmission({ view, values: filled })).toThrow(/no member can pick attention/);
		await slack.blockSuggestion({ view, user: ana.id, actionId: "topic", typed: "at" }).acked();
		await slack.viewSubmission({ view, values: filled }).acked();
		expect(view.errors).toEqual({ name: "taken" });
		expect(view.closed).toBe(false);
		await slack.viewSubmission({ view, values: { ...filled, name: "daily", time: "18:30" } }).acked();
		expect(view.closed).toBe(true);
		expect(seen.at(-1)).toMatchObject({
			where: { channel: { selected_channel: channel.id } },
			when: { time: { selected_time: "18:30" } },
			what: { topic: { selected_option: { value: "attention" } } },
			name: { name: { value: "daily" } },
		});
		expect(slack.violations).toEqual([]);
	});

	test("updates, pushes and clears a stack of modals, and reports a closed one", async () => {
		const closed: string[] = [];
		const step = (name: string) => ({ ...form, callback_id: name, blocks: [{ type: "divider" as const }] });
		running.app.command("/nlpq", async ({ ack, client, body }) => {
			await ack();
			await client.views.open({ trigger_id: body.trigger_id, view: step("first") });
		});
		running.app.view("first", ({ ack }) => ack({ response_action: "push", view: step("second") }));
		running.app.view("second", ({ ack }) => ack({ response_action: "update", view: step("third") }));
		running.app.view("third", ({ ack }) => ack({ response_action: "clear" }));
		running.app.view({ callback_id: "first", type: "view_closed" }, async ({ ack, view }) => {
			await ack();
			closed.push(view.id);
		});
		const first = await slack.command({ user: ana.id, channel: channel.id }).view();
		const second = await slack.viewSubmission({ view: first }).view();
		expect(() => slack.viewSubmission({ view: first })).toThrow(/on top/);
		expect(slack.views(ana.id)).toHaveLength(2);
		await slack.viewSubmission({ view: second }).acked();
		expect(second.view).toMatchObject({ callback_id: "third" });
		await slack.viewSubmission({ view: second }).acked();
		expect(slack.views(ana.id)).toEqual([]);
		const other = await slack.command({ user: ben.id, channel: channel.id }).view();
		await slack.viewClosed({ view: other }).acked();
		await slack.until("the closing", () => closed.find((id) => id === other.id));
	});

	test("publishes a Home tab and reports its controls", async () => {
		running.app.event("app_home_opened", async ({ event, client }) => {
			const picks = ["a", "b"].map((value) => ({ text: plain(value), value }));
			await client.views.publish({
				user_id: event.user,
				view: {
					type: "home",
					blocks: [
						{ type: "actions", elements: [{ type: "radio_buttons", action_id: "level", options: picks }] },
						{ type: "actions", elements: [{ type: "overflow", action_id: "more", options: picks }] },
						{ type: "actions", elements: [{ type: "checkboxes", action_id: "days", options: picks }] },
					],
				},
			});
		});
		const seen: unknown[] = [];
		running.app.action(/.*/, async ({ ack, action, body }) => {
			await ack();
			seen.push([action, "view" in body ? body.view?.state.values : undefined]);
		});
		slack.homeOpened({ team: team.id, user: ana.id });
		const home = await slack.until("a Home tab", () => slack.home(team.id, ana.id));
		const act = (actionId: string, selected: string | string[]) =>
			slack.action({ view: home, user: ana.id, actionId, selected }).acked();
		await act("level", "b");
		await act("more", "a");
		await act("days", ["a", "b"]);
		expect(() => act("level", "c")).toThrow(/no member can pick c/);
		expect(seen).toMatchObject([
			[{ type: "radio_buttons", selected_option: { value: "b" } }, {}],
			[{ type: "overflow", selected_option: { value: "a" } }, {}],
			[{ type: "checkboxes", selected_options: [{ value: "a" }, { value: "b" }] }, {}],
		]);
		expect(JSON.stringify(seen.at(-1))).toContain('"value":"b"');
		expect(slack.violations).toEqual([]);
	});

	test("records a violation wherever the app sends something wrong", async () => {
		const long = { type: "header" as const, text: plain("x".repeat(151)) };
		const refused: unknown[] = [];
		running.app.command("/nlpq", async ({ ack, respond, client, body }) => {
			await ack({ text: "a", blocks: [long] });
			const tries = [
				() => respond({ text: "a", blocks: [long] }),
				() => client.chat.postMessage({ channel: channel.id, text: "a", blocks: [long] }),
				() => client.views.open({ trigger_id: body.trigger_id, view: { ...form, blocks: [long] } }),
				() => client.apiCall("users.info", { user: ana.id, colour: "red" }),
			];
			for (const attempt of tries) await attempt().catch((error: unknown) => refused.push(error));
		});
		slack.command({ user: ana.id, channel: channel.id });
		await slack.until("four refusals", () => refused[3]);
		expect(slack.violations.map(({ where, error }) => [where, error])).toEqual([
			["ack", "invalid_blocks"],
			["response_url", "invalid_blocks"],
			["chat.postMessage", "invalid_blocks"],
			["views.open", "invalid_arguments"],
			["users.info", "invalid_arguments"],
		]);
		expect(slack.violations[0]?.faults).toEqual([expect.stringContaining("/blocks/0/text/text")]);
		expect(slack.messages(team.id, channel.id)).toEqual([]);
		expect(slack.ephemerals(ana.id)).toEqual([]);
	});

	test("ends a response_url after five uses", async () => {
		const failures: string[] = [];
		running.app.command("/nlpq", async ({ ack, respond }) => {
			await ack();
			for (let use = 1; use <= 6; use += 1) {
				await respond({ text: `use ${use}` }).catch((error: unknown) => failures.push(String(error)));
			}
		});
		const delivery = slack.command({ user: ana.id, channel: channel.id });
		expect(await slack.until("a refusal", () => failures[0])).toContain("404");
		expect(delivery.replies).toHaveLength(5);
	});
});

import { describe, expect, test } from "vitest";
import { bot, command, openForEachTest, stage } from "./opening.ts";
import { button, controls, ephemeral, formOf, title } from "./support.ts";

openForEachTest();

async function dailyQuestion() {
	await (await command("schedule add 09:00 UTC", stage.admin)).reply();
	const added = command("schedule post", stage.admin);
	await added.reply();
	return stage.slack.until("the daily post", () =>
		stage.slack.messages(stage.team.id, stage.channel).find((one) => one.metadata),
	);
}

describe("over sockets", () => {
	test("answers a question, from the daily post to the key points", async () => {
		const post = await dailyQuestion();
		expect(title(post)).toMatch(/^Question of the day #1 · /);
		const pressed = stage.slack.action({ user: stage.ana, message: post, ...button(post, "Answer") });
		const form = await formOf(stage.slack, pressed);
		expect(form.view.type).toBe("modal");
		await stage.slack
			.viewSubmission({ view: form, values: { value: "Attention weighs *every* <!channel> token & more." } })
			.acked();
		const answered = await ephemeral(stage.slack, stage.ana, "✅ Compare · ");
		const boxes = controls(answered).find((control) => control.type === "checkboxes");
		if (boxes?.type !== "checkboxes") throw new Error("no checkboxes");
		const slip = await stage.slack.action({ user: stage.ana, message: answered, ...button(answered, "Done") }).reply();
		expect(title(slip)).toContain("Nothing is ticked");
		const asked = await stage.slack.action({ user: stage.ana, message: slip, ...button(slip, "Tick again") }).reply();
		expect(title(asked)).toContain("How well did you know it?");
		await stage.slack.action({ user: stage.ana, message: answered, actionId: "tick:0", selected: ["1", "2"] }).acked();
		const rated = await stage.slack.action({ user: stage.ana, message: answered, ...button(answered, "Done") }).reply();
		expect(title(rated)).toMatch(/Noted: 2 of \d (key points|criteria)/);
		const back = await stage.slack.action({ user: stage.ana, message: rated, ...button(rated, "Back") }).reply();
		const again = await stage.slack.action({ user: stage.ana, message: back, ...button(back, "Done") }).reply();
		expect(title(again), "the ticks are still there").toMatch(/Noted: 2 of/);
		const streak = await command("streak").reply();
		expect(title(streak)).toBe("Your streak: 1 in a row");
		expect(streak.blocks.some((block) => block.type === "image")).toBe(true);
	});

	test("asks before a reveal costs today's question", async () => {
		const post = await dailyQuestion();
		const reply = await stage.slack.action({ user: stage.ana, message: post, ...button(post, "Reveal") }).reply();
		expect(title(reply)).toContain("See the answer without an attempt?");
		const shown = await stage.slack
			.action({ user: stage.ana, message: reply, ...button(reply, "Reveal anyway") })
			.reply();
		expect(JSON.stringify(shown.blocks)).toContain("no longer counts");
	});

	test("opens a helpful card for the bare command", async () => {
		expect(title(await command("").reply())).toBe("What I can do, here and now");
	});

	test("says what a typo may have meant", async () => {
		expect(title(await command("tody").reply())).toBe('⛔ There is no command "tody".');
	});

	test("lets only admins, and those they name, manage a schedule", async () => {
		expect(title(await command("schedule list").reply())).toContain("is for admins");
		await command(`schedule admins <@${stage.ana}|ana>`, stage.admin).reply();
		expect(title(await command("schedule list").reply())).toBe("No daily question is set here yet");
	});

	test("acts once on a repeated delivery", async () => {
		await dailyQuestion();
		const given = command("check today A");
		await given.reply();
		stage.slack.redeliver(given);
		await given.tried(2);
		await bot.adapter.idle();
		expect(given.replies).toHaveLength(1);
	});

	test("opens the Home tab with question, streak, settings, and schedules for admins", async () => {
		await dailyQuestion();
		stage.slack.homeOpened({ team: stage.team.id, user: stage.ana });
		const home = await stage.slack.until("a Home tab", () => stage.slack.home(stage.team.id, stage.ana));
		const text = JSON.stringify(home.view);
		for (const words of ["Today's question #1", "Your settings"]) expect(text).toContain(words);
		expect(text).not.toContain("1 daily question");
		stage.slack.homeOpened({ team: stage.team.id, user: stage.admin });
		const admins = await stage.slack.until("a Home tab", () => stage.slack.home(stage.team.id, stage.admin));
		expect(JSON.stringify(admins.view)).toContain("1 daily question");
		const hinted = stage.slack.action({ user: stage.ana, view: home, ...button(home, "Hint") });
		const modal = await hinted.view();
		await stage.slack.until("the hint", () => (title(modal).startsWith("Hint · ") ? true : undefined));
		stage.slack.action({ user: stage.ana, view: modal, ...button(modal, "Answer") });
		// It replaces the card: no view is stacked on another.
		const form = await stage.slack.until("the form", () =>
			modal.view.type === "modal" && modal.view.submit ? modal : undefined,
		);
		await stage.slack.viewSubmission({ view: form, values: { value: "From Home, in my own words" } }).acked();
		await stage.slack.until("the answer", () => (title(form).includes("Compare · ") ? true : undefined));
	});

	test("adds a schedule by a form with pickers for channel and time", async () => {
		const listed = await command("schedule list", stage.admin).reply();
		const pressed = { user: stage.admin, message: listed, ...button(listed, "Choose channel and time") };
		const form = await formOf(stage.slack, stage.slack.action(pressed));
		const kinds = controls(form).map((control) => control.type);
		expect(kinds).toEqual(["conversations_select", "timepicker", "plain_text_input", "static_select"]);
		const by = (kind: string) =>
			form.view.blocks.find((block) => block.type === "input" && block.element.type === kind)?.block_id ?? "";
		expect(by("timepicker")).toBe("time");
		await stage.slack.viewSubmission({ view: form }).acked();
		const set = await ephemeral(stage.slack, stage.admin, "✅ Schedule #");
		expect(JSON.stringify(set.blocks)).toContain("09:00 (Europe/London), on weekdays");
		expect(JSON.stringify(set.blocks)).toContain('"type":"date"');
		const denied = await stage.slack.command({ user: stage.ana, channel: stage.channel, text: "schedule add" }).reply();
		expect(title(denied)).toContain("is for admins");
	});
});

import { describe, expect, test } from "vitest";
import type { Message } from "../../../packages/local-slack/world.ts";
import { bot, openForEachTest, stage } from "./opening.ts";
import { button, ephemeral, formOf, title } from "./support.ts";

openForEachTest();

const admin = (text: string) => stage.slack.command({ user: stage.admin, channel: stage.channel, text });
const blocksText = (message: Message) => JSON.stringify(message.blocks);
const posts = () => stage.slack.messages(stage.team.id, stage.channel);
const press = async (message: Message, label: string) =>
	stage.slack.action({ user: stage.admin, message, ...button(message, label) });

describe("schedule post", () => {
	test("is reported with Slack's own link to it", async () => {
		await admin("schedule add 09:00 UTC").reply();
		const reply = await admin("schedule post").reply();
		expect(title(reply)).toContain("Posted");
		expect(blocksText(reply)).toContain(`slack.com/archives/${stage.channel}/p${posts()[0]?.ts.replace(".", "")}`);
		expect(blocksText(reply)).toContain(`"channel_id":"${stage.channel}"`);
	});

	test("that Slack refuses is reported with the reason, the remedy, and a button that goes on once it is fixed", async () => {
		await admin("schedule add 09:00 UTC").reply();
		stage.slack.settings.setBotIn(stage.channel, false);
		const refused = await admin("schedule post").reply();
		expect(title(refused)).toContain("Not posted");
		expect(blocksText(refused)).toMatch(/not in the channel.*\/invite @nlpq/);
		stage.slack.settings.setBotIn(stage.channel, true);
		await press(refused, "Resume");
		await ephemeral(stage.slack, stage.admin, "✅ Schedule #1 is running again");
	});
});

test.each([
	["is_archived", "The channel is archived", "Unarchive it"],
	["channel_not_found", "The channel is gone, or the bot is not in it", "/invite @nlpq"],
	["restricted_action", "Only some members may post in the channel", "Allow the app to post there"],
	["restricted_action_thread_only_channel", "Only threads are allowed in the channel", "choose another"],
])(
	"a post that Slack refuses with %s pauses the schedule, with the reason and the remedy",
	async (error, why, remedy) => {
		await admin("schedule add 09:00 UTC").reply();
		const remove = stage.slack.faults.add({
			method: "chat.postMessage",
			kind: { error },
			when: ({ channel }) => channel === stage.channel,
		});
		const refused = await admin("schedule post").reply();
		expect(title(refused)).toContain("Not posted");
		for (const words of [why.toLowerCase(), remedy.toLowerCase()])
			expect(blocksText(refused).toLowerCase()).toContain(words);
		const list = blocksText(await admin("schedule list").reply());
		expect([list.includes("Paused"), list.split(why).length]).toEqual([true, 2]);
		remove();
		await press(refused, "Resume");
		await ephemeral(stage.slack, stage.admin, "✅ Schedule #1 is running again");
	},
);

test("a schedule for a channel about which Slack does not answer is refused as that, with the remedy", async () => {
	stage.slack.faults.add({ method: "conversations.info", kind: "500" });
	const refused = blocksText(await admin("schedule add 09:00 UTC").reply());
	expect(refused).toMatch(
		/I cannot tell whether I may post in that channel: Slack.*Nothing was changed.*Try again in a minute/,
	);
	expect(refused).not.toContain("missing");
});

describe("what only Discord offers", () => {
	test.each([
		["role:@learners", "Only Discord has roles to notify"],
		["publish:yes", "Only Discord's announcement channels can publish a post"],
	])("%s is refused in words, and help and the form do not offer it", async (option, expected) => {
		expect(blocksText(await admin(`schedule add 09:00 UTC ${option}`).reply())).toMatch(
			new RegExp(`${expected}.*Nothing was changed.*Leave`),
		);
		const list = blocksText(await admin("schedule list").reply());
		expect(list).toContain("No daily question is set here yet");
		const help = blocksText(await admin("help schedule add").reply());
		expect(help).toContain("recap");
		expect(help).not.toMatch(/publish|role/);
	});
});

/** The direct message that a daily question is paused. */
const findAlert = () =>
	stage.slack.until("the alert", () =>
		stage.slack.world.messages.find(
			(message) => message.channel.startsWith("D") && title(message).includes("A daily question is paused"),
		),
	);

describe("alerts", () => {
	test("name the workspace and the channel, and resume by a button in the direct message", async () => {
		await admin("schedule add 09:00 UTC").reply();
		stage.slack.settings.setBotIn(stage.channel, false);
		await admin("schedule post").reply();
		await bot.daily.run();
		const alert = await findAlert();
		expect(blocksText(alert)).toContain(`In ${stage.team.name}`);
		expect(blocksText(alert)).toContain(`"channel_id":"${stage.channel}"`);
		const resume = () => stage.slack.action({ user: stage.admin, message: alert, ...button(alert, "Resume") }).reply();
		expect(blocksText(await resume())).toMatch(/I am not in that channel\. Nothing was changed.*\/invite @nlpq/);
		stage.slack.settings.setBotIn(stage.channel, true);
		expect(title(await resume())).toContain("Schedule #1 is running again");
	});

	test("that reached nobody come once, with an admin's next command", async () => {
		await admin("schedule add 09:00 UTC").reply();
		stage.slack.settings.setBotIn(stage.channel, false);
		stage.slack.faults.add({
			method: "chat.postMessage",
			kind: { error: "messages_tab_disabled" },
			when: ({ channel }) => channel === stage.admin,
			times: 1,
		});
		await admin("schedule post").reply();
		await bot.daily.run();
		await admin("help").reply();
		const alert = await ephemeral(stage.slack, stage.admin, "⚠️ A daily question is paused");
		expect(blocksText(alert)).toContain("In ");
		await admin("schedule list").reply();
		await bot.adapter.idle();
		const shown = stage.slack
			.ephemerals(stage.admin)
			.filter((one) => title(one).includes("A daily question is paused"));
		expect(shown).toHaveLength(1);
	});

	test("about what has been fixed since are not shown any more", async () => {
		await admin("schedule add 09:00 UTC").reply();
		stage.slack.settings.setBotIn(stage.channel, false);
		stage.slack.faults.add({
			method: "chat.postMessage",
			kind: { error: "messages_tab_disabled" },
			when: ({ channel }) => channel === stage.admin,
		});
		const due = new Date(stage.clock.now().getTime() + 24 * 60 * 60_000);
		due.setUTCHours(9, 1);
		stage.clock.moveTo(due);
		await expect.poll(() => bot.daily.run().then(() => bot.outcomes)).toContain("alert failed");
		stage.slack.settings.setBotIn(stage.channel, true);
		await admin("schedule resume").reply();
		await ephemeral(stage.slack, stage.admin, "✅ Schedule #1 is running again");
		await admin("schedule list").reply();
		await bot.adapter.idle();
		expect(stage.slack.ephemerals(stage.admin).map(title).join("\n")).not.toContain("A daily question is paused");
	});
});

describe("schedules", () => {
	test("begin in the zone that Slack reports for the asker", async () => {
		Object.assign(stage.slack.world.member(stage.admin), { tz: "America/New_York" });
		const form = await formOf(stage.slack, admin("schedule add"));
		expect(JSON.stringify(form.view.blocks)).toContain('"initial_value":"America/New_York"');
	});

	test("show the channel by Slack's mention, which stays right after a rename", async () => {
		await admin("schedule add 09:00 UTC").reply();
		const list = blocksText(await admin("schedule list").reply());
		expect(list).toContain(`"channel_id":"${stage.channel}"`);
	});

	test("that equal another one need a confirmation", async () => {
		await admin("schedule add 09:00 UTC").reply();
		const reply = await admin("schedule add 09:00 UTC").reply();
		expect(title(reply)).toContain("Schedule #1 does that already");
		await press(reply, "Add a second one");
		await ephemeral(stage.slack, stage.admin, "✅ Schedule #2 is set");
	});

	test("can be edited in a form that shows the current settings", async () => {
		await admin("schedule add 09:30 Europe/Berlin mon,wed").reply();
		await admin("schedule edit");
		const form = await stage.slack.until("the form", () =>
			stage.slack.views(stage.admin).find(({ view }) => JSON.stringify(view).includes("Schedule #1")),
		);
		const shown = JSON.stringify(form.view.blocks);
		for (const initial of ["09:30", "Europe/Berlin", "mon,wed", stage.channel]) expect(shown).toContain(`"${initial}"`);
	});
});

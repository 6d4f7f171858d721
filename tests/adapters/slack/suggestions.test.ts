import { expect, test } from "vitest";
import { bot, openForEachTest, stage } from "./opening.ts";
import { button, formOf } from "./support.ts";

openForEachTest();

const PARTS = {
	title: "Our deploy freeze",
	prompt: "When do we freeze deploys?",
	answer: "On Fridays at noon.",
	points: "Fridays (essential)",
	options: "* Fridays\nMondays\nNever\nAlways",
};

test("a suggestion that another admin declined a second ago cannot be accepted, and its author is told once", async () => {
	const { slack, team, admin, ana, channel } = stage;
	const chief = slack.settings.addMember({
		team: team.id,
		id: `${admin}2`,
		name: "chief",
		displayName: "Chief",
		isAdmin: true,
	}).id;
	const shown = (user: string, words: string) =>
		slack.until(words, () => slack.ephemerals(user).find(({ blocks }) => JSON.stringify(blocks).includes(words)));
	const say = (user: string, text: string) => slack.command({ user, channel, text });
	const view = await formOf(slack, say(ana, "suggest"));
	const values = Object.fromEntries(Object.entries(PARTS).map(([name, text]) => [`${name}/value`, text]));
	slack.viewSubmission({ view, values });
	await shown(ana, "Thank you for the suggestion");
	say(admin, "questions waiting");
	say(chief, "questions waiting");
	const [mine, theirs] = await Promise.all([admin, chief].map((user) => shown(user, "Suggestion ours/")));
	if (!mine || !theirs) throw new Error("nothing waits");
	const reason = await formOf(slack, slack.action({ message: mine, user: admin, ...button(mine, "Decline") }));
	slack.viewSubmission({ view: reason, values: { "reason/value": "We never freeze." } });
	await slack.until("declined", () =>
		slack.world.messages.find(({ blocks }) => JSON.stringify(blocks).includes("Declined: ours/")),
	);
	slack.action({ message: theirs, user: chief, ...button(theirs, "Accept") });
	await slack.until("refused", () =>
		slack.world.messages.find(({ blocks }) =>
			JSON.stringify(blocks).includes("was declined by another admin. Nothing was changed."),
		),
	);
	await bot.daily.run();
	const messages = slack.world.messages.filter(
		({ channel: where, blocks }) => where !== channel && JSON.stringify(blocks).includes("We never freeze."),
	);
	expect(messages).toHaveLength(1);
	expect(slack.world.channels.get(messages[0]?.channel ?? "")?.members ?? []).toContain(ana);
});

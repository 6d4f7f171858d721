import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Message, OpenView } from "../../../packages/local-slack/world.ts";
import type { Command } from "../../../src/chat/command.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { byEffort } from "../../support/effort.ts";
import { bot, install, open, openDatabaseForFile, stage } from "./opening.ts";
import { endWithoutFault, httpSettings, socketSettings, title } from "./support.ts";

/** The first three may manage schedules. */
const ROLES = ["owner", "admin", "named", "member", "guest"] as const;
const PLACES = ["channel", "thread", "direct", "home"] as const;
type Role = (typeof ROLES)[number];
type Place = (typeof PLACES)[number];

/**
 * Each role uses a command in one of this many combinations of place and transport, so that every role uses every place
 * with either transport. In full, every role uses every command everywhere.
 */
const ONE_OF = byEffort({ test: 4 * PLACES.length, ci: PLACES.length, full: 1 });
/** How far the places over HTTP are shifted from those over a socket. */
const SHIFTED = byEffort({ test: 2 * PLACES.length, ci: 1, full: 1 });

const REFUSED = "is for admins";
let people: Record<Role, string>;
let post: Message;

async function setRoles() {
	const { settings, world } = stage.slack;
	const add = (name: string, init: object) =>
		settings.addMember({
			team: stage.team.id,
			id: `U${name.toUpperCase()}${stage.team.id.slice(1)}`,
			name,
			displayName: name,
			...init,
		}).id;
	const home = settings.addTeam({ id: `TG${stage.team.id.slice(1)}`, name: "Guests" });
	people = {
		owner: add("owner", { isOwner: true }),
		admin: stage.admin,
		named: stage.ben,
		// Not ana, since an example names her.
		member: add("mia", {}),
		// An admin at home, a guest in the shared channel.
		guest: settings.addMember({ team: home.id, id: `UGUEST${stage.team.id.slice(1)}`, name: "guest", isAdmin: true })
			.id,
	};
	const channel = world.channel(stage.channel);
	channel.sharedWith.push(home.id);
	for (const id of Object.values(people)) channel.members.add(id);
	const say = (text: string) =>
		stage.slack.command({ team: stage.team.id, user: stage.admin, channel: stage.channel, text });
	await say(`schedule admins <@${people.named}|ben>`).reply();
	await say("schedule add 09:00 UTC").reply();
	await say("schedule post").reply();
	post = await stage.slack.until("the daily post", () =>
		stage.slack.messages(stage.team.id, stage.channel).find((one) => one.metadata),
	);
}

/** Uses a command in a place, and waits for what the member then sees. */
async function answerTo(command: Command, role: Role, place: Place): Promise<Message | OpenView> {
	const user = people[role];
	const { slack, team } = stage;
	if (place === "channel" || place === "direct") {
		const channel = place === "channel" ? stage.channel : slack.world.directChannel(team, user).id;
		const given = slack.command({ team: team.id, user, channel, text: command.example });
		return Promise.race([given.reply(), given.view()]);
	}
	if (place === "thread") {
		const message: Message = {
			...post,
			ts: slack.world.newTs(Date.now()),
			threadTs: post.ts,
			ephemeralTo: undefined,
			blocks: [callBlock(command)],
			edits: [],
		};
		slack.world.messages.push(message);
		const given = slack.action({ message, user, actionId: "call:0" });
		return Promise.race([given.reply(), given.view()]);
	}
	slack.homeOpened({ team: team.id, user });
	const home = await slack.until("a Home tab", () => slack.home(team.id, user));
	home.view.blocks.push(callBlock(command));
	const given = slack.action({ view: home, user, actionId: "call:0", blockId: `${team.id}/999` });
	const view = await given.view();
	return slack.until("the answer in the modal", () =>
		JSON.stringify(view.view).includes("One moment") ? undefined : view,
	);
}

const callBlock = (command: Command) => ({
	type: "actions" as const,
	block_id: `${stage.team.id}/999`,
	elements: [
		{
			type: "button" as const,
			action_id: "call:0",
			text: { type: "plain_text" as const, text: "Go" },
			value: command.example,
		},
	],
});

openDatabaseForFile();

describe.each(["socket", "http"] as const)("every command over %s", (way) => {
	beforeEach(async () => {
		await open({ settings: way === "socket" ? socketSettings : httpSettings });
		if (way === "http") await install();
		await setRoles();
	});

	afterEach(() => endWithoutFault(stage, bot));

	test.each(PLACES)(
		"answers every role in a %s, and keeps schedules to those who may",
		async (place) => {
			// Members who are forgotten are no named admins any more, so that comes last.
			const forget = COMMANDS.filter((command) => command.name === "settings forget");
			for (const command of [...COMMANDS.filter((one) => !forget.includes(one)), ...forget])
				for (const role of ROLES) {
					const turn = COMMANDS.indexOf(command) + ROLES.indexOf(role) + (way === "http" ? SHIFTED : 0);
					if (turn % ONE_OF !== PLACES.indexOf(place) % ONE_OF) continue;
					// A stranger has neither direct messages nor a Home tab with the bot.
					if (role === "guest" && (place === "direct" || place === "home")) continue;
					const answer = await answerTo(command, role, place);
					const words = JSON.stringify("view" in answer ? answer.view : answer.blocks);
					const allowed = !command.admin || role === "owner" || role === "admin" || role === "named";
					expect(words.includes(REFUSED), `${command.name} by ${role}: ${title(answer)}`).toBe(!allowed);
					expect(words).not.toContain("Something went wrong");
					if (!("view" in answer))
						expect(answer.ephemeralTo === undefined, command.name).toBe(
							command.audience === "channel" && !title(answer).startsWith("⛔"),
						);
					await bot.adapter.idle();
					for (const view of stage.slack.views(people[role])) view.closed = true;
				}
		},
		180_000,
	);
});

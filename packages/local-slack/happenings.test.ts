import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalSlack, startSlack } from "./slack.ts";
import type { Channel, Member, Team } from "./world.ts";

let slack: LocalSlack;
let team: Team;
let channel: Channel;
let ana: Member;

beforeEach(async () => {
	slack = await startSlack();
	team = slack.settings.addTeam();
	ana = slack.settings.addMember({ team: team.id });
	channel = slack.settings.addChannel({ team: team.id, members: [ana.id] });
});
afterEach(() => slack.stop());

const mention = () => `<@${team.botUserId}> hello`;
const inRoom = () => slack.happenings.say({ channel: channel.id, user: ana.id, text: mention() });
const directly = () => {
	const { id } = slack.world.directChannel(team, ana.id);
	return slack.happenings.say({ channel: id, user: ana.id, text: "hello" });
};
const typeOf = (heard: ReturnType<typeof inRoom>) => (heard?.payload.event as { type: string } | undefined)?.type;

test("reports mentions and direct messages for which the app has a scope, and no other messages", () => {
	slack.settings.install(team.id, { scopes: ["app_mentions:read"] });
	expect([typeOf(inRoom()), typeOf(directly())]).toEqual(["app_mention", undefined]);
	expect(slack.happenings.say({ channel: channel.id, user: ana.id, text: "hello" })).toBeUndefined();
	slack.settings.install(team.id, { scopes: ["im:history"] });
	expect([typeOf(inRoom()), typeOf(directly())]).toEqual([undefined, "message"]);
});

test("reports only the events that the app has subscribed to", () => {
	slack.settings.install(team.id, { scopes: ["app_mentions:read", "im:history", "channels:read"] });
	slack.app.events = ["message.im"];
	expect([typeOf(inRoom()), typeOf(directly())]).toEqual([undefined, "message"]);
	expect(slack.happenings.invite({ channel: channel.id })).toBeUndefined();
	slack.app.events = ["member_joined_channel"];
	expect(slack.happenings.invite({ channel: channel.id })?.payload.event).toMatchObject({ user: team.botUserId });
});

test("reports no mention in a channel without the bot", () => {
	slack.settings.install(team.id, { scopes: ["app_mentions:read"] });
	slack.settings.setBotIn(channel.id, false);
	expect(inRoom()).toBeUndefined();
});

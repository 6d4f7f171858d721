import { beforeEach, describe, expect, test } from "vitest";
import type { Card } from "../../../src/chat/card.ts";
import { questionCard } from "../../../src/chat/cards/question.ts";
import { DeliveryFault, type Destination } from "../../../src/chat/platform.ts";
import { bot, closeLegally, install, open, openForEachTest, stage, startAgain } from "./opening.ts";
import { ALL_SCOPES, httpSettings, type Stage, title } from "./support.ts";

let card: Card;
let to: Destination;
const soon = () => AbortSignal.timeout(60_000);

function choosePost(): void {
	const [question] = bot.services.bank.all();
	if (!question) throw new Error("no question");
	card = questionCard(question);
	to = { type: "channel", workspaceId: stage.team.id, channelId: stage.channel };
}

openForEachTest({}, closeLegally);
beforeEach(choosePost);

const post = (key = "daily:1", where = to, signal = soon()) => bot.adapter.platform.post(where, card, key, signal);
const faultOf = (work: Promise<unknown>) =>
	work.then(
		() => {
			throw new Error("it did not fail");
		},
		(error: unknown) => {
			if (!(error instanceof DeliveryFault)) throw error;
			return error;
		},
	);
const posted = () => stage.slack.messages(stage.team.id, stage.channel);

describe("a post", () => {
	test("carries its key invisibly, and has a text that reads well in notifications", async () => {
		const { messageId } = await post();
		const [message] = posted();
		expect(message).toMatchObject({
			ts: messageId,
			metadata: { event_type: "nlpq_delivery", event_payload: { key: "daily:1" } },
		});
		expect(message?.text.startsWith(card.title)).toBe(true);
		expect(message?.text).not.toMatch(/[{}]|nlpq_delivery/);
	});

	test("can go below a message, into a member's direct messages, and to the admins", async () => {
		const root = await post();
		await post("answer:1", {
			type: "thread",
			workspaceId: stage.team.id,
			channelId: stage.channel,
			messageId: root.messageId,
			threadId: null,
		});
		expect(posted().map((one) => one.threadTs)).toEqual([undefined, root.messageId]);
		await post("reminder:1", { type: "member", workspaceId: stage.team.id, memberId: stage.ana });
		const workspace = await bot.services.store.people.ensureWorkspace(
			"slack",
			stage.team.id,
			"Study",
			stage.clock.now(),
		);
		const admins: Destination = { type: "admins", workspaceId: stage.team.id };
		expect((await faultOf(post("alert:0", admins))).kind).toBe("permanent");
		await bot.services.store.people.setAdmin(workspace.id, stage.ben, true);
		await stage.slack.command({ user: stage.admin, channel: stage.channel, text: "schedule list" }).reply();
		await post("alert:1", admins);
		const direct = stage.slack.world.messages.filter((one) => one.channel.startsWith("D"));
		expect(direct).toHaveLength(3);
	});

	test.each([
		["archived", (s: Stage) => Object.assign(s.slack.world.channel(s.channel), { archived: true }), "archived"],
		["without the bot", (s: Stage) => s.slack.settings.setBotIn(s.channel, false), "not in the channel"],
		[
			"closed to apps",
			(s: Stage) => Object.assign(s.slack.world.channel(s.channel), { restricted: true }),
			"Only some members",
		],
		["gone", (s: Stage) => void s.slack.world.channels.delete(s.channel), "gone"],
	])("into a channel %s fails for good, with a remedy", async (_name, spoil, words) => {
		spoil(stage);
		const fault = await faultOf(post());
		expect(fault).toMatchObject({ kind: "permanent", message: expect.stringContaining(words) });
		expect(fault.remedy.length).toBeGreaterThan(10);
	});

	test("with the settings' token dead waits for the operator, who alone can replace it", async () => {
		stage.slack.credentials.revoke(stage.token);
		expect((await faultOf(post())).kind).toBe("not-sent");
	});

	test("tells what certainly did not arrive from what may have arrived", async () => {
		stage.slack.faults.add({ method: "chat.postMessage", kind: "ratelimited", retryAfter: 7, times: 1 });
		const limited = await faultOf(post());
		expect(limited).toMatchObject({ kind: "not-sent", retryAfter: 7000 });
		// While Slack asks to wait, it is not called at all.
		const requestsBefore = stage.slack.requests.length;
		expect((await faultOf(post())).kind).toBe("not-sent");
		expect(stage.slack.requests.length).toBe(requestsBefore);
		await bot.stop();
		expect((await faultOf(bot.adapter.platform.edit(to, "1.0", card, soon()))).kind).toBe("permanent");
	});

	test.each(["500", "reset", "commit-then-drop", "hang"] as const)(
		"struck by %s is uncertain, and is never tried again by the library",
		async (kind) => {
			stage.slack.faults.add({ method: "chat.postMessage", kind, times: 1 });
			const fault = await faultOf(post("daily:9", to, AbortSignal.timeout(1_000)));
			expect(fault.kind).toBe("uncertain");
			expect(stage.slack.requests.filter((request) => request.method === "chat.postMessage")).toHaveLength(1);
		},
	);

	test("of one busy workspace does not delay another's", async () => {
		await bot.stop();
		await startAgain(httpSettings(stage));
		const quiet = stage.slack.settings.addTeam({ id: `TQ${stage.team.id.slice(1)}` });
		const room = stage.slack.settings.addChannel({ team: quiet.id, id: `CQ${quiet.id}` }).id;
		for (const team of [stage.team.id, quiet.id]) await install({ team });
		const elsewhere: Destination = { type: "channel", workspaceId: quiet.id, channelId: room };
		const here = (args: Record<string, unknown>) => args.channel === stage.channel;
		stage.slack.faults.add({ method: "chat.postMessage", kind: "hang", times: 40, when: here });
		const patience = new AbortController();
		const hanging = Array.from({ length: 40 }, (_, index) => faultOf(post(`daily:${index}`, to, patience.signal)));
		// Settles although none of the other workspace's does.
		await post("daily:1", elsewhere);
		patience.abort();
		await Promise.all(hanging);
		await post("daily:2", elsewhere);
	});
});

describe("looking up", () => {
	const since = () => new Date(Date.now() - 60_000);
	const lookUp = (key: string, where = to) => bot.adapter.platform.lookUp(where, key, since(), soon());

	test("cannot tell without the scope", async () => {
		await post();
		expect(await lookUp("daily:1")).toBe("cannot-tell");
	});

	test("finds what arrived without an answer, in the channel and in a thread", async () => {
		await bot.stop();
		await stage.slack.stop();
		await open({ scopes: [...ALL_SCOPES, "channels:history"] });
		choosePost();
		stage.slack.faults.add({ method: "chat.postMessage", kind: "commit-then-drop", times: 1 });
		expect((await faultOf(post("daily:2"))).kind).toBe("uncertain");
		expect(await lookUp("daily:2")).toMatchObject({ messageId: posted()[0]?.ts });
		expect(await lookUp("daily:3")).toBe("absent");
		const thread: Destination = {
			type: "thread",
			workspaceId: stage.team.id,
			channelId: stage.channel,
			messageId: posted()[0]?.ts ?? "",
			threadId: null,
		};
		const below = await post("answer:2", thread);
		expect(await lookUp("answer:2", thread)).toEqual(below);
		expect(await lookUp("x", { type: "member", workspaceId: stage.team.id, memberId: stage.ana })).toBe("cannot-tell");
	});

	test("reports that Slack asks to wait", async () => {
		stage.slack.faults.add({ method: "conversations.history", kind: "ratelimited", times: 1 });
		expect((await faultOf(lookUp("daily:1"))).kind).toBe("not-sent");
	});
});

describe("editing and checking", () => {
	test("replaces a post's content and keeps its key", async () => {
		const { messageId } = await post();
		await bot.adapter.platform.edit(to, messageId, { ...card, title: "Answered so far: 3" }, soon());
		const [message] = posted();
		expect(title(message as NonNullable<typeof message>)).toBe("Answered so far: 3");
		expect(message?.metadata?.event_payload).toEqual({ key: "daily:1" });
		expect((await faultOf(bot.adapter.platform.edit(to, "1700000000.000001", card, soon()))).kind).toBe("permanent");
	});

	test("finds what a post would need, without posting", async () => {
		const check = async () =>
			(await bot.adapter.platform.check(stage.team.id, stage.channel, soon()))
				.filter((finding) => !finding.ok)
				.map((finding) => finding.name);
		expect(await check()).toEqual([]);
		stage.slack.settings.setBotIn(stage.channel, false);
		expect(await check()).toEqual(["the bot in the channel"]);
		stage.slack.world.channel(stage.channel).archived = true;
		expect(await check()).toEqual(["an open channel", "the bot in the channel"]);
		stage.slack.world.channels.delete(stage.channel);
		expect(await check()).toEqual(["the bot in the channel"]);
		expect(posted()).toEqual([]);
	});
});

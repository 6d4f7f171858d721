import { eq, sql } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { answers } from "../../../drizzle/answers.ts";
import { slackInbox } from "../../../drizzle/slack.ts";
import { Inbox } from "../../../src/adapters/slack/incoming/inbox.ts";
import { readCommandBody } from "../../../src/adapters/slack/incoming/read-body.ts";
import { UserError } from "../../../src/core/errors.ts";
import { bot, command, database, install, openForEachTest, origin, stage, startAgain } from "./opening.ts";
import { button, ephemeral, formOf, httpSettings, socketSettings, startBot, title } from "./support.ts";

openForEachTest();

const openKeys = () => database.db.select().from(slackInbox).where(sql`${slackInbox.body} is not null`);

describe("sockets", () => {
	test("there are two, and each one that ends is replaced: dropped, told to disconnect, or silently dead", async () => {
		const { sockets } = stage.slack;
		await sockets.waitFor(2);
		expect(bot.adapter.healthy()).toBe(true);
		const replaced = async (number: number | undefined) => {
			await stage.slack.until(
				"another socket",
				() => (sockets.open.length === 2 && !sockets.open.includes(number ?? 0) ? true : undefined),
				60_000,
			);
			expect(title(await command("help").reply())).toBe("What I can do, here and now");
		};
		for (const end of [
			() => sockets.drop(sockets.open[0]),
			() => sockets.disconnect("warning", sockets.open[0]),
			() => sockets.disconnect("refresh_requested", sockets.open[0]),
		]) {
			const [number] = sockets.open;
			end();
			await replaced(number);
		}
		expect(bot.connection.reconnects).toBe(3);
	});

	test("count as reconnected once one opens after a loss, even one that was already opening", async () => {
		const { slack } = stage;
		await slack.sockets.waitFor(2);
		// One ends, and its replacement cannot open while the other ends too.
		slack.faults.add({ method: "apps.connections.open", kind: "500", times: 3 });
		slack.sockets.drop(slack.sockets.open[0]);
		await slack.until("a refused socket", () => slack.faults.struck[0]);
		slack.sockets.drop();
		await slack.until("two new sockets", () => (slack.sockets.open.length === 2 ? true : undefined));
		await expect.poll(() => bot.connection.reconnects).toBe(2);
		slack.faults.clear();
	});

	test("that fall silent are noticed by missing pongs", async () => {
		await bot.stop();
		await startAgain(socketSettings(stage, 2_000));
		const { sockets } = stage.slack;
		const opened = sockets.opened;
		sockets.freeze();
		await vi.waitFor(() => expect(sockets.opened).toBeGreaterThanOrEqual(opened + 2), {
			timeout: 100_000,
			interval: 250,
		});
		// What is sent into a frozen socket is never answered, so ask again.
		const asked = async () => title(await command("help").reply(0, 4_000));
		await vi.waitFor(async () => expect(await asked()).toBe("What I can do, here and now"), {
			timeout: 100_000,
			interval: 500,
		});
	});

	test("are opened again after Slack has refused them all", async () => {
		const { sockets } = stage.slack;
		sockets.refusing = true;
		sockets.drop();
		await vi.waitFor(() => expect(bot.adapter.healthy()).toBe(false), { timeout: 100_000, interval: 50 });
		sockets.refusing = false;
		await vi.waitFor(() => expect(bot.adapter.healthy()).toBe(true), { timeout: 100_000, interval: 100 });
		expect(title(await command("help").reply())).toBe("What I can do, here and now");
	});

	test("need tokens that Slack accepts", async () => {
		const wrong = { ...socketSettings(stage), botToken: "xoxb-wrong" };
		await expect(startBot(wrong as ReturnType<typeof socketSettings>, database, stage.clock)).rejects.toThrow(
			UserError,
		);
		const wrongApp = { ...socketSettings(stage), appToken: "xapp-wrong" };
		await expect(startBot(wrongApp as ReturnType<typeof socketSettings>, database, stage.clock)).rejects.toThrow(
			/SLACK_APP_TOKEN/,
		);
	});
});

describe("answers", () => {
	test("come as ephemerals if the response_url is used up or too old, and as direct messages if the bot is not in the channel", async () => {
		const shown = await command("random").reply();
		const pressed = stage.slack.action({ user: stage.ana, message: shown, ...button(shown, "Answer") });
		const form = await formOf(stage.slack, pressed);
		stage.clock.moveTo(new Date(stage.clock.now().getTime() + 31 * 60_000));
		await stage.slack.viewSubmission({ view: form, values: { value: "Late words, and still my own." } }).acked();
		expect((await ephemeral(stage.slack, stage.ana, "✅ Compare · ")).source).toBe("api");
		stage.slack.faults.add({ method: "response_url", kind: "500", times: 1 });
		const failed = command("streak");
		expect((await ephemeral(stage.slack, stage.ana, "Your streak: ")).source).toBe("api");
		await failed.acked();
		stage.slack.settings.setBotIn(stage.channel, false);
		stage.slack.faults.add({ method: "response_url", kind: "500", times: 1 });
		command("help");
		const direct = await stage.slack.until("a direct message", () =>
			stage.slack.world.messages.find(
				(one) => one.channel.startsWith("D") && title(one) === "What I can do, here and now",
			),
		);
		expect(direct.ephemeralTo).toBeUndefined();
	});

	test("describe pictures in words if the app may not upload files", async () => {
		await stage.slack.command({ user: stage.admin, channel: stage.channel, text: "schedule add 09:00 UTC" }).reply();
		await stage.slack.command({ user: stage.admin, channel: stage.channel, text: "schedule post" }).reply();
		await command("check today A").reply();
		stage.slack.faults.add({ method: "files.getUploadURLExternal", kind: { error: "missing_scope" } });
		const streak = await command("streak").reply();
		expect(streak.blocks.some((block) => block.type === "image")).toBe(false);
		expect(JSON.stringify(streak.blocks)).toContain("week");
	});

	test("add descriptions to pictures for those who cannot see them", async () => {
		await stage.slack.command({ user: stage.admin, channel: stage.channel, text: "schedule add 09:00 UTC" }).reply();
		await stage.slack.command({ user: stage.admin, channel: stage.channel, text: "schedule post" }).reply();
		await command("check today A").reply();
		const streak = await command("streak").reply();
		const image = streak.blocks.find((block) => block.type === "image");
		expect(image?.type === "image" ? image.alt_text.length : 0).toBeGreaterThan(20);
		const [file] = stage.slack.world.files.values();
		expect(file).toMatchObject({ completed: true, altTxt: expect.stringMatching(/\w{3}/) });
		expect(file?.bytes?.subarray(1, 4).toString()).toBe("PNG");
	});

	test("send a member's data in their direct messages", async () => {
		await command("settings export").reply();
		const message = await stage.slack.until("the file", () =>
			stage.slack.world.messages.find((one) => one.files.length > 0),
		);
		expect(message.channel.startsWith("D")).toBe(true);
		expect(JSON.parse(String(message.files[0]?.bytes))).toBeTypeOf("object");
	});

	test("open a form although the database is slow, and say so if that was too slow for Slack", async () => {
		const shown = await command("random").reply();
		stage.slack.faults.add({ method: "users.info", kind: "slow", delayMs: 1_500 });
		const ben = stage.slack.action({ user: stage.ana, message: shown, ...button(shown, "Answer") });
		expect((await ben.view()).view).toMatchObject({ type: "modal" });
		stage.slack.faults.add({ method: "views.open", kind: { error: "expired_trigger_id" }, times: 1 });
		stage.slack.action({ user: stage.ana, message: shown, ...button(shown, "Answer") });
		expect(
			JSON.stringify((await ephemeral(stage.slack, stage.ana, "⛔ The form could not be opened")).blocks),
		).toContain("try again");
	});
});

test("a member who closes the modal that waits for a form gets neither the form nor a complaint", async () => {
	const shown = await command("random").reply();
	const before = stage.slack.world.messages.length;
	const { people } = bot.services.store;
	const enter = people.enter.bind(people);
	let go = () => {};
	const held = new Promise<void>((release) => {
		go = release;
	});
	vi.spyOn(people, "enter").mockImplementationOnce(async (...given) => {
		await held;
		return enter(...given);
	});
	const view = await stage.slack.action({ user: stage.ana, message: shown, ...button(shown, "Answer") }).view();
	expect(JSON.stringify(view.view)).toContain("One moment");
	view.closed = true;
	go();
	await bot.adapter.idle();
	expect(stage.slack.world.messages).toHaveLength(before);
});

describe("an interaction that was received", () => {
	test("is stored until it is answered, and then without its words", async () => {
		await command("search attention").reply();
		await bot.adapter.idle();
		const rows = await database.db.select().from(slackInbox);
		expect(rows.length).toBeGreaterThan(0);
		expect(await openKeys()).toEqual([]);
	});

	test("is answered by the next process if this one ends first", async () => {
		const given = command("help");
		await given.reply();
		await bot.adapter.idle();
		// As left by a process that was killed after the ack.
		const interaction = { ...readCommandBody(given.payload, stage.clock.now()), key: "slack:killed" };
		await new Inbox({ db: database.db, urgent: database.db }, "killed").accept(interaction);
		await database.db
			.update(slackInbox)
			.set({ heldUntil: sql`clock_timestamp() - interval '1 second'` })
			.where(eq(slackInbox.key, "slack:killed"));
		const next = await startBot(socketSettings(stage), database, stage.clock);
		await given.reply(1);
		await next.adapter.idle();
		expect(given.replies).toHaveLength(2);
		expect(await openKeys()).toEqual([]);
		await next.stop();
	});

	test("is finished before the program ends", async () => {
		const given = command("streak");
		await given.acked();
		await bot.stop();
		expect(given.replies).toHaveLength(1);
		expect(await openKeys()).toEqual([]);
	});

	test("acts once when two processes receive it", async () => {
		const other = await startBot(socketSettings(stage), database, stage.clock);
		await stage.slack.sockets.waitFor(4);
		// Another test's daily question may have been the same.
		const attempts = () => database.db.$count(answers, eq(answers.questionId, "kv-cache"));
		const before = await attempts();
		const given = command("check kv-cache A");
		for (let again = 0; again < 4; again += 1) stage.slack.redeliver(given);
		await given.reply();
		await bot.adapter.idle();
		await other.adapter.idle();
		expect(given.replies).toHaveLength(1);
		expect(await attempts()).toBe(before + 1);
		await other.stop();
	});

	test("is not dropped if only its redelivery arrives", async () => {
		await bot.stop();
		await startAgain(httpSettings(stage));
		await install();
		// Nobody listens there: the first delivery is lost, and Slack sends it again at once.
		stage.slack.requestUrl = "http://127.0.0.1:9/slack/events";
		const opened = stage.slack.homeOpened({ team: stage.team.id, user: stage.ana, via: "http" });
		stage.slack.requestUrl = `${origin}/slack/events`;
		await opened.tried(1);
		stage.slack.redeliver(opened);
		await stage.slack.until("a Home tab", () => stage.slack.home(stage.team.id, stage.ana));
	});
});

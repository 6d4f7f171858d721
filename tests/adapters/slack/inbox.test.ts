import { eq, sql } from "drizzle-orm";
import { expect, onTestFinished, test, vi } from "vitest";
import { handledInteractions } from "../../../drizzle/running.ts";
import { slackInbox } from "../../../drizzle/slack.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { Inbox } from "../../../src/adapters/slack/incoming/inbox.ts";
import type { Interaction } from "../../../src/adapters/slack/incoming/interaction.ts";
import { readCommandBody } from "../../../src/adapters/slack/incoming/read-body.ts";
import { bot, closeLegally, database, openForEachTest, stage } from "./opening.ts";
import { formOf, socketSettings, startBot, title } from "./support.ts";

openForEachTest({}, closeLegally);

const say = (text: string, user = stage.admin) => stage.slack.command({ user, channel: stage.channel, text });
const unfinishedEntries = () => database.db.select().from(slackInbox).where(sql`${slackInbox.body} is not null`);
const expireHolds = () =>
	database.db.update(slackInbox).set({ heldUntil: sql`clock_timestamp() - interval '1 second'` });

/** Leaves an interaction behind like a process that was killed before it replied. */
async function abandon(interaction: Interaction): Promise<void> {
	await new Inbox({ db: database.db, urgent: database.db }, "killed").accept(interaction);
}

async function nextProcess(): Promise<void> {
	await expireHolds();
	const next = await startBot(socketSettings(stage), database, stage.clock);
	await expect.poll(unfinishedEntries).toEqual([]);
	await next.adapter.idle();
	await next.stop();
}

async function schedules() {
	const workspace = await bot.services.store.people.findWorkspace("slack", stage.team.id);
	return workspace ? bot.services.store.schedules.list(workspace.id) : [];
}

/** Blocks writes to the inbox until the returned function is called. */
function lockInbox(): Promise<() => Promise<void>> {
	return new Promise((locked, refused) => {
		const locking = database.db.transaction(async (tx) => {
			await tx.execute(sql`lock table slack_inbox in access exclusive mode`);
			await new Promise<void>((release) =>
				locked(() => {
					release();
					return locking;
				}),
			);
		});
		locking.catch(refused);
	});
}

async function waitingForInbox(): Promise<number> {
	const waiting = sql`select pid from pg_locks where relation = 'slack_inbox'::regclass and not granted`;
	return (await rawRows(database.db, waiting)).length;
}

/** Says a command while nothing can be recorded. The ack's 1.5 s do not pass until the test calls `pass`. */
async function sayWhileLocked() {
	const unlock = await lockInbox();
	const { setTimeout } = globalThis;
	const waits: (() => void)[] = [];
	const timers = vi.spyOn(globalThis, "setTimeout").mockImplementation(((
		run: (...args: unknown[]) => void,
		milliseconds?: number,
		...args: unknown[]
	) => {
		if (milliseconds !== 1_500) return setTimeout(run, milliseconds, ...args);
		waits.push(() => run(...args));
		return setTimeout(() => undefined, 0);
	}) as typeof setTimeout);
	onTestFinished(async () => {
		timers.mockRestore();
		await unlock();
	});
	const command = say("help");
	await expect.poll(waitingForInbox).toBe(1);
	expect(waits).toHaveLength(1);
	return { command, unlock, pass: () => waits[0]?.() };
}

test("while the database is slow, an ack waits until the interaction is recorded", async () => {
	const { command, unlock } = await sayWhileLocked();
	// A form is acknowledged at once over the same socket, so an earlier ack would have arrived by now.
	await say("suggest", stage.ana).view();
	expect(command.acknowledged).toBe(false);
	await unlock();
	await expect.poll(() => command.acknowledged).toBe(true);
	expect(await database.db.select().from(slackInbox)).toHaveLength(1);
	expect(title(await command.reply())).toBe("What I can do, here and now");
});

test("an ack waits at most 1.5 s for the record, because Slack allows 3 s", async () => {
	const { command, unlock, pass } = await sayWhileLocked();
	pass();
	await expect.poll(() => command.acknowledged).toBe(true);
	expect(await waitingForInbox()).toBe(1);
	await unlock();
	expect(title(await command.reply())).toBe("What I can do, here and now");
	await bot.adapter.idle();
	expect(command.replies).toHaveLength(1);
});

test("checking a form and recording it delay its ack by at most 2.5 s together", async () => {
	const view = await formOf(stage.slack, say("schedule add"));
	const unlock = await lockInbox();
	vi.spyOn(bot.services.store.people, "enter").mockImplementationOnce(() => new Promise(() => undefined));
	const { setTimeout } = globalThis;
	let passed = 0;
	const waits: (() => void)[] = [];
	const spies = [
		vi.spyOn(performance, "now").mockImplementation(() => passed),
		vi.spyOn(globalThis, "setTimeout").mockImplementation(((
			run: (...args: unknown[]) => void,
			milliseconds?: number,
			...args: unknown[]
		) => {
			if (milliseconds === 1_800) {
				passed = 1_800;
				return setTimeout(run, 0, ...args);
			}
			if (milliseconds !== 700) return setTimeout(run, milliseconds, ...args);
			waits.push(() => run(...args));
			return setTimeout(() => undefined, 0);
		}) as typeof setTimeout),
	];
	onTestFinished(async () => {
		for (const spy of spies) spy.mockRestore();
		await unlock();
	});
	const submission = stage.slack.viewSubmission({ view });
	await expect.poll(waitingForInbox).toBe(1);
	expect(waits).toHaveLength(1);
	expect(submission.acknowledged).toBe(false);
	waits[0]?.();
	await expect.poll(() => submission.acknowledged).toBe(true);
	await unlock();
	await bot.adapter.idle();
	expect(await schedules()).toHaveLength(1);
});

test("a schedule added before the process was killed exists once, and the next process answers its admin", async () => {
	const command = say("schedule add 09:00 UTC");
	const first = title(await command.reply());
	await bot.adapter.idle();
	// The process ended between the commit and the reply.
	const [interaction] = await database.db.select().from(slackInbox);
	await database.db.delete(slackInbox);
	await abandon({ ...readCommandBody(command.payload, stage.clock.now()), key: interaction?.key ?? "" });
	await nextProcess();
	expect(await schedules()).toHaveLength(1);
	expect(command.replies).toHaveLength(2);
	expect(title(await command.reply(1))).toBe(first);
});

test("a schedule whose process was killed before the commit is added once, by the next process", async () => {
	const command = say("help");
	await command.reply();
	await bot.adapter.idle();
	const add = { ...readCommandBody(command.payload, stage.clock.now()), key: "slack:early" };
	await abandon({ ...add, act: { type: "command", text: "schedule add 09:00 UTC" } });
	await nextProcess();
	await expireHolds();
	expect(await schedules()).toHaveLength(1);
	expect(title(await command.reply(1))).toMatch(/^✅ Schedule #\d+ is set$/);
});

test("of two simultaneous deliveries of one interaction, only one counts as new", async () => {
	const command = say("help");
	await command.reply();
	await bot.adapter.idle();
	const body = readCommandBody(command.payload, stage.clock.now());
	const inbox = new Inbox({ db: database.db, urgent: database.db }, "other");
	const accept = (key: string) => inbox.accept({ ...body, key: `slack:${key}` });
	expect(await Promise.all(["once", "other", "once"].map(accept))).toEqual([true, true, false]);
	expect(await accept("other")).toBe(false);
	const keys = (await unfinishedEntries()).map(({ key }) => key);
	expect(keys.sort()).toEqual(["slack:once", "slack:other"]);
	await inbox.finish(keys);
});

test("an unreadable entry does not block the others, and its member is told the result", async () => {
	const command = say("help", stage.ana);
	await command.reply();
	await bot.adapter.idle();
	const good = { ...readCommandBody(command.payload, stage.clock.now()), key: "slack:good" };
	for (const key of ["saved", "unsaved", "nobody's", "no JSON"]) await abandon({ ...good, key: `slack:${key}` });
	const older = { workspaceId: stage.team.id, memberId: stage.ana, act: { type: "of old" } };
	const bodies = { saved: older, unsaved: older, "nobody's": { act: [] } };
	for (const [key, body] of Object.entries({ ...bodies, "no JSON": null }))
		await database.db
			.update(slackInbox)
			.set({ body: body === null ? "{" : JSON.stringify(body), version: 0 })
			.where(eq(slackInbox.key, `slack:${key}`));
	await bot.services.store.interactions.handle({
		key: "slack:saved",
		workspaceId: (await bot.services.store.people.findWorkspace("slack", stage.team.id))?.id ?? 0,
		memberId: null,
		command: "schedule add",
		at: stage.clock.now(),
	});
	await abandon(good);
	await nextProcess();
	expect(title(await command.reply(1))).toBe("What I can do, here and now");
	const direct = stage.slack.world.messages.filter(({ channel }) => channel.startsWith("D")).map(title);
	expect(direct.sort()).toEqual(["⚠️ Not saved: your last command", "✅ Saved: your last command"]);
	// What was set aside must not act later.
	const setAside = await database.db
		.select()
		.from(handledInteractions)
		.where(eq(handledInteractions.key, "slack:unsaved"));
	expect(setAside).toMatchObject([{ command: null }]);
});

test("an entry of a newer program is left to that program", async () => {
	const command = say("help", stage.ana);
	await command.reply();
	await bot.adapter.idle();
	await abandon({ ...readCommandBody(command.payload, stage.clock.now()), key: "slack:newer" });
	await database.db
		.update(slackInbox)
		.set({ version: 99, heldUntil: sql`clock_timestamp() - interval '1 second'` })
		.where(eq(slackInbox.key, "slack:newer"));
	const next = await startBot(socketSettings(stage), database, stage.clock);
	await next.adapter.idle();
	expect(await unfinishedEntries()).toMatchObject([{ key: "slack:newer" }]);
	await next.stop();
});

test("an interaction that a process holds is not taken over until it lets go", async () => {
	const inbox = new Inbox({ db: database.db, urgent: database.db }, "other");
	const command = say("help", stage.ana);
	await command.reply();
	await bot.adapter.idle();
	const interaction = { ...readCommandBody(command.payload, stage.clock.now()), key: "slack:unfinished" };
	await inbox.accept(interaction);
	await inbox.hold([interaction.key]);
	expect((await new Inbox({ db: database.db, urgent: database.db }, "third").takeOver(10)).interactions).toEqual([]);
	await inbox.letGo([interaction.key]);
	expect((await new Inbox({ db: database.db, urgent: database.db }, "third").takeOver(10)).interactions).toMatchObject([
		{ key: interaction.key },
	]);
	await inbox.finish([interaction.key]);
});

test("old words are erased and old keys deleted at most 500 at a time", async () => {
	const { db } = database;
	const hoursAgo = (hours: number) => sql`clock_timestamp() - make_interval(hours => ${hours})`;
	const rows = (count: number, hours: number) =>
		Array.from({ length: count }, (_, index) => ({
			key: `slack:${hours}:${index}`,
			receivedAt: hoursAgo(hours),
			body: "{}",
			version: 99,
			holder: "ended",
			heldUntil: hoursAgo(hours),
		}));
	await db.insert(slackInbox).values([...rows(1_100, 25), ...rows(700, 1), ...rows(1, 0)]);
	await db.execute(sql`create table steps (size integer)`);
	await db.execute(
		"create function note() returns trigger language plpgsql as 'begin insert into steps select count(*) from old_rows; return null; end'",
	);
	for (const change of ["update", "delete"])
		await db.execute(
			`create trigger note_${change} after ${change} on slack_inbox referencing old table as old_rows for each statement execute function note()`,
		);
	await new Inbox({ db, urgent: db }, "cleaner").tidy();
	const steps = await rawRows(db, sql`select size from steps where size > 0 order by size desc`);
	expect(steps.map(({ size }) => size)).toEqual([500, 500, 500, 500, 500, 300, 100]);
	const left = await db.select().from(slackInbox);
	expect(left).toHaveLength(701);
	expect((await unfinishedEntries()).map(({ key }) => key)).toEqual(["slack:0:0"]);
	await db.execute("drop function note cascade");
});

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { alertCardFor } from "../../src/chat/alerts.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { pauseLocked } from "../../src/core/daily/change-schedule.ts";
import type { Delivery, Schedule } from "../../src/core/model.ts";
import { openChat } from "../support/chat.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
let schedule: Schedule;
beforeAll(async () => {
	chat = await openChat();
});
afterAll(() => chat.close());
beforeEach(async () => {
	const { store, caller, dispatcher } = chat;
	await dispatcher.run(caller("boss", true), readCommand("schedule add 09:00 UTC second:yes", COMMANDS));
	const workspace = await store.people.findWorkspace("terminal", "home");
	schedule = (await store.schedules.list(workspace?.id ?? 0)).at(-1) ?? expect.fail("no schedule");
});

const say = (text: string) => chat.dispatcher.run(chat.caller("boss", true), readCommand(text, COMMANDS));

const titleOf = async (payload: Delivery["payload"]) => {
	const delivery = {
		workspaceId: schedule.workspaceId,
		payload: { schedule: schedule.id, channel: "nlp", ...payload },
	};
	return (await alertCardFor(chat.store, delivery as unknown as Delivery))?.title ?? null;
};

const pauseFor = (fault: string) =>
	chat.services.transaction(
		async (tx) => {
			const locked = (await tx.store.schedules.lock(schedule.id)) ?? expect.fail("no schedule");
			await pauseLocked(tx, locked, { fault, remedy: "Mend it", alertKey: fault }, chat.clock.now());
			return locked;
		},
		({ row }) => row.id,
	);

test("a notice of a pause is not shown once the schedule is paused for another reason", async () => {
	const lost = { alert: "paused", fault: "Lost Send Messages", remedy: "Give it back" };
	await pauseFor("Lost Send Messages");
	expect(await titleOf(lost)).toBe("A daily question is paused");
	await say(`schedule resume ${schedule.number}`);
	expect(await titleOf(lost)).toBeNull();
	await pauseFor("The channel is gone");
	expect(await titleOf(lost)).toBeNull();
	expect(await titleOf({ ...lost, fault: "The channel is gone" })).toBe("A daily question is paused");
	await say(`schedule resume ${schedule.number}`);
	await say(`schedule pause ${schedule.number}`);
	expect(await titleOf({ ...lost, fault: "The channel is gone" })).toBeNull();
});

test("a notice of a lost role or of a post that was not published is not shown once that setting has changed", async () => {
	const unpublished = { alert: "unpublished", fault: "No right", remedy: "Give it" };
	const change = (changes: { roleId?: string; publish?: boolean }) =>
		chat.services.transaction(
			async (tx) => {
				const locked = (await tx.store.schedules.lock(schedule.id)) ?? expect.fail("no schedule");
				return locked.change(changes);
			},
			({ id }) => id,
		);
	await change({ publish: true });
	expect(await titleOf({ alert: "role-gone" })).toBe("The role to notify is gone");
	expect(await titleOf(unpublished)).toBe("A daily question was not published");
	await change({ roleId: "1577042155128487945", publish: false });
	expect(await titleOf({ alert: "role-gone" })).toBeNull();
	expect(await titleOf(unpublished)).toBeNull();
});

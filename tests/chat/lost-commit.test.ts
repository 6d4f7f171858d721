import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { handledInteractions } from "../../drizzle/running.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import type { Caller } from "../../src/chat/caller.ts";
import type { Outcome } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { Dispatcher } from "../../src/chat/dispatch.ts";
import { Outage } from "../../src/core/errors.ts";
import type { RootStore, Store } from "../../src/core/ports/store.ts";
import { createServices } from "../../src/core/service/services.ts";
import { openChat } from "../support/chat.ts";
import type { Cut } from "../support/cutting-wire.ts";
import { testRandom } from "../support/dice.ts";
import { openOverCuttingWire } from "../support/postgres.ts";

type Chat = Awaited<ReturnType<typeof openChat>>;
/** What happens to a transaction's COMMIT. */
type Fate = "answered" | "answer-lost" | "lost" | "refused";

const TEXT = "Attention weighs every token against every other. ".repeat(60).trim();
/** The whole text, and its form filled in. */
const GIVEN_BACK = {
	type: "typed",
	fields: [{ name: "text", label: "Your text", text: TEXT }],
	reopen: { command: "answer", options: { question: "kv-cache" }, reopen: true },
};

/** A store whose database connection is lost at COMMIT, as the fates say one by one; the last one is repeated. */
function losing(store: RootStore, fates: Fate[]): RootStore {
	return {
		...store,
		transaction: async <T>(work: (inner: Store) => Promise<T>): Promise<T> => {
			const fate = (fates.length > 1 ? fates.shift() : fates[0]) ?? "answered";
			if (fate === "refused") throw new Outage(null);
			if (fate === "lost")
				await store
					.transaction(async (inner) => {
						await work(inner);
						throw new Outage(null);
					})
					.catch(() => undefined);
			const result = fate === "lost" ? null : await store.transaction(work);
			if (fate !== "answered" || result === null) throw new Outage(null);
			return result;
		},
	};
}

let chat: Chat;
beforeAll(async () => {
	chat = await openChat();
});
afterAll(() => chat.close());
beforeEach(() => chat.db.delete(handledInteractions));

function dispatcherWith(...fates: Fate[]): Dispatcher {
	const { bank, clock, platform, daily } = chat;
	const services = createServices(losing(createStore(chat.db), fates), bank, testRandom());
	const observer = { ran: () => undefined, fault: () => undefined };
	return new Dispatcher({ services, clock, commands: COMMANDS, platform, daily, observer });
}

const answer = (dispatcher: Dispatcher, caller: Caller) =>
	dispatcher.run(caller, { command: "answer", options: { question: "kv-cache", text: TEXT } });

async function answersOf(name: string): Promise<number> {
	const home = await chat.store.people.findWorkspace("terminal", "home");
	const member = home && (await chat.store.people.findMember(home.id, name));
	return member ? chat.store.answers.historyLength(member.id) : 0;
}

function replyOf(outcome: Outcome) {
	if (outcome.type === "form") throw new Error("a form came instead of a reply");
	return outcome;
}

test.each<[name: string, ...fates: Fate[]]>([
	["was saved and the word for it lost", "answer-lost", "answered"],
	["was lost on its way", "lost", "answered"],
	["was lost, and the database is back a little later", "lost", "refused", "refused", "answered"],
	["was saved, and the database is back a little later", "answer-lost", "refused", "answered"],
	["was lost twice", "lost", "lost", "answer-lost", "answered"],
])("an answer whose COMMIT %s is kept once, and the member gets the usual reply", async (name, ...fates) => {
	const caller = chat.caller(name);
	const { reply, unconfirmed } = replyOf(await answer(dispatcherWith(...fates), caller));
	expect(reply.card.title).toMatch(/^Compare · /);
	expect(unconfirmed).toBeFalsy();
	expect(await answersOf(name)).toBe(1);
});

test.each<[name: string, saved: number, first: Fate]>([
	["was saved", 1, "answer-lost"],
	["was not saved", 0, "lost"],
])(
	"if nobody can be asked, the member is told that it could not be confirmed, with the whole text: it %s",
	async (name, saved, first) => {
		const caller = chat.caller(name);
		const { reply, unconfirmed } = replyOf(await answer(dispatcherWith(first, "refused"), caller));
		expect(reply.card.title).toContain("I could not confirm whether this was saved.");
		expect(reply.card.blocks).toContainEqual(GIVEN_BACK);
		expect(unconfirmed).toBe(true);
		expect(await answersOf(name)).toBe(saved);
		// Handled once more, it ends as it should, with one answer.
		const repeated = { ...caller, interaction: { ...caller.interaction, repeated: true } };
		expect(replyOf(await answer(dispatcherWith("answered"), repeated)).reply.card.title).toMatch(/^Compare · /);
		expect(await answersOf(name)).toBe(1);
	},
);

test("if the database was down from the start, the member is told that nothing was saved, with the whole text", async () => {
	const { reply, unconfirmed } = replyOf(await answer(dispatcherWith("refused"), chat.caller("early")));
	expect(reply.card.title).toBe("The database isn't answering right now. Nothing was saved.");
	expect(reply.card.blocks).toContainEqual(GIVEN_BACK);
	expect(unconfirmed).toBeFalsy();
	expect(await answersOf("early")).toBe(0);
});

describe("on a real server whose connection is cut at COMMIT", () => {
	let server: Awaited<ReturnType<typeof openOverCuttingWire>>;
	let there: Chat;
	beforeAll(async () => {
		server = await openOverCuttingWire();
		there = await openChat({ database: server });
	});
	afterAll(async () => {
		expect(there.faults).toEqual([]);
		await there.close();
	});

	test.each<Cut>(["before the commit", "after the commit", "on our side before", "on our side after"])(
		"%s: the schedule exists once, and its admin gets the usual reply",
		async (cut) => {
			const caller = there.caller("boss", true, cut);
			await there.dispatcher.run(caller, { command: "help", options: {} });
			server.wire.cut = cut;
			const added = await there.dispatcher.run(caller, { command: "schedule add", options: { time: "09:00" } });
			expect(server.wire.cut).toBeNull();
			const { reply, unconfirmed } = replyOf(added);
			const home = await there.store.people.findWorkspace("terminal", cut);
			const [schedule, ...more] = home ? await there.store.schedules.list(home.id) : [];
			expect(reply.card.title).toBe(`Schedule #${schedule?.number} is set`);
			expect(reply.data).toMatchObject({ schedule: schedule?.number });
			expect(more).toEqual([]);
			expect(unconfirmed).toBeFalsy();
		},
	);
});

import { afterEach, beforeEach, expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { createServices } from "../../src/core/service/services.ts";
import { stepped, steppedStore } from "../support/chaos/steps.ts";
import { openChat } from "../support/chat.ts";
import { testRandom } from "../support/dice.ts";
import { byEffort } from "../support/effort.ts";
import { endLeases } from "../support/embedded.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeEach(async () => {
	chat = await openChat();
});
afterEach(() => chat.close());

/** How many steps lie between the steps at which a process dies. */
const STEP_INTERVAL = byEffort({ test: 9, ci: 1, full: 1 });
const DAY = 24 * 60 * 60 * 1000;
const MONDAY = Date.parse("2027-03-15T09:00:00Z");

async function say(name: string, line: string): Promise<void> {
	await chat.dispatcher.run(chat.caller(name, name === "boss"), readCommand(line, COMMANDS));
}

async function goTo(instant: number): Promise<void> {
	chat.clock.moveTo(new Date(instant));
	await chat.daily.run();
}

/** Runs a process that dies before this step. @returns whether it got that far */
async function runUntil(lastStep: number): Promise<boolean> {
	let steps = 0;
	const step = () => {
		steps += 1;
		if (steps >= lastStep) throw new Error("the process is gone");
	};
	const engine = new DailyEngine({
		services: createServices(steppedStore(chat.store, { step }), chat.bank, testRandom()),
		platforms: [stepped(chat.platform, step)],
		clock: chat.clock,
		worker: `dies at ${lastStep}`,
		observer: { delivered: () => undefined, fault: () => undefined },
	});
	await engine.run();
	return steps >= lastStep;
}

const recapsSince = (count: number) =>
	chat.platform.posts.slice(count).filter(({ card }) => card.title.startsWith("The week from"));

test("a process that dies anywhere while it plans and sends a recap leaves one that comes exactly once", async () => {
	await say("boss", "schedule add 09:00 UTC daily recap:yes");
	await goTo(MONDAY - 7 * DAY);
	await say("ana", "check today A");
	let isCutShort = true;
	let deaths = 0;
	for (let week = 0; isCutShort; week += 1) {
		const monday = MONDAY + week * 7 * DAY;
		// The other days' questions are sent beforehand, so that the dying process has little else to do.
		await goTo(monday - DAY);
		const posted = chat.platform.posts.length;
		chat.clock.moveTo(new Date(monday));
		isCutShort = await runUntil(1 + week * STEP_INTERVAL);
		if (isCutShort) deaths += 1;
		for (let hour = 0; hour < 3; hour += 1) {
			await endLeases(chat.db);
			await goTo(monday + hour * 60 * 60 * 1000);
		}
		expect.soft(recapsSince(posted), `after a death at step ${1 + week * STEP_INTERVAL}`).toHaveLength(1);
		await say("ana", "check today A");
	}
	expect(deaths).toBeGreaterThan(2);
	expect(chat.faults).toEqual([]);
});

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Pacer } from "../../src/chat/rate-limit.ts";
import { openChat } from "../support/chat.ts";

describe("Pacer", () => {
	test("lets a burst pass, then says how long to wait, then lets calls pass again", () => {
		const pacer = new Pacer({ burst: 3, perMinute: 6 });
		expect([1, 2, 3].map(() => pacer.take("ana", 0))).toEqual([0, 0, 0]);
		expect(pacer.take("ana", 0)).toBe(10);
		expect(pacer.take("ana", 10_000)).toBe(0);
		expect(pacer.take("ana", 10_000)).toBe(10);
	});

	test("counts each key separately: a burst of one slows no other", () => {
		const pacer = new Pacer({ burst: 1, perMinute: 1 });
		for (let storm = 0; storm < 100; storm += 1) pacer.take("storm", 0);
		expect(pacer.take("calm", 0)).toBe(0);
	});

	test("never lets more pass than burst and pace allow, at any times", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: 0, max: 2_000 }), { maxLength: 200 }), (steps) => {
				const pacer = new Pacer({ burst: 5, perMinute: 60 });
				let now = 0;
				let passed = 0;
				for (const step of steps) {
					now += step;
					if (pacer.take("ana", now) === 0) passed += 1;
				}
				expect(passed).toBeLessThanOrEqual(5 + Math.floor(now / 1000) + 1);
			}),
		);
	});
});

describe("a member who sends very many commands", () => {
	let chat: Awaited<ReturnType<typeof openChat>>;
	beforeAll(async () => {
		const pacer = new Pacer({ burst: 2, perMinute: 1 });
		chat = await openChat({ throttle: (_workspace, member) => pacer.take(member, 0) });
	});
	afterAll(() => chat.close());

	test("gets a friendly answer, and another member is served", async () => {
		const ask = (name: string) => chat.dispatcher.run(chat.caller(name), { command: "help", options: {} });
		await ask("ana");
		await ask("ana");
		const refused = await ask("ana");
		expect(refused.type === "reply" && refused.reply.card.title).toBe(
			"That was a lot in a short time. Nothing was done.",
		);
		const served = await ask("bob");
		expect(served.type === "reply" && served.reply.card.tone).toBe("plain");
	});
});

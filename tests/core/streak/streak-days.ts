import { expect } from "vitest";
import { differencesOf, verifyStreaks } from "../../../src/core/streak/verify.ts";
import { hoursOn, type World } from "../../support/world.ts";

/** Members answer on the given days, an hour after the post. Each word has one letter per day; `a` is an answer. */
export async function live(world: World, habits: Readonly<Record<string, string>>, from = 0): Promise<void> {
	const days = Math.max(...Object.values(habits).map((word) => word.length));
	for (let day = 0; day < days; day += 1) {
		await world.jumpTo(hoursOn(24 * (from + day)));
		world.clock.moveTo(hoursOn(24 * (from + day) + 1));
		for (const [name, word] of Object.entries(habits)) if (word[day] === "a") await world.answer(name);
	}
}

/** Checks that what is stored follows from the events. */
export async function expectSound(world: World): Promise<void> {
	expect(differencesOf(await verifyStreaks(world.store, world.now))).toBe(0);
}

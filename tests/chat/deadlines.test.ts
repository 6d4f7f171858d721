import { expect, test } from "vitest";
import { withDeadline } from "../../src/chat/deadlines.ts";

const never = new Promise<string>(() => undefined);

const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length;

test("work that ends in time returns its value, and leaves no timer that keeps the process alive", async () => {
	const before = timers();
	expect(await withDeadline(Promise.resolve("done"), 60_000, "late")).toBe("done");
	expect(timers()).toBe(before);
});

test("work that never ends is given up, and the fallback is returned", async () => {
	expect(await withDeadline(never, 1, "late")).toBe("late");
});

test("work that fails rejects", async () => {
	await expect(withDeadline(Promise.reject(new Error("no")), 60_000, "late")).rejects.toThrow("no");
});

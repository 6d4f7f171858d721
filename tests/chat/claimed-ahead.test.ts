import { expect, test } from "vitest";
import { ClaimedAhead } from "../../src/chat/daily/claimed-ahead.ts";
import type { ClaimedDelivery } from "../../src/core/ports/deliveries.ts";

const STEP = 32;
const MAX_AHEAD = 224;
const NOBODY: number[] = [];

function delivery(id: number, workspaceId: number): ClaimedDelivery {
	const at = new Date("2027-03-08T09:00:00Z");
	return {
		id,
		workspaceId,
		platform: "local",
		kind: "daily",
		key: `daily:${id}`,
		occurrenceId: id,
		memberId: null,
		payload: {},
		state: "sending",
		fairnessRank: 0,
		dueAt: at,
		expiresAt: at,
		nextTryAt: at,
		tries: 1,
		fence: 1,
		sendBegunAt: at,
		messageId: null,
		fault: null,
		isBegun: true,
		workspaceExternalId: "w",
		memberExternalId: null,
		occurrence: null,
	};
}

const many = (count: number, workspaceId = 1) => Array.from({ length: count }, (_, id) => delivery(id, workspaceId));

/**
 * Claims this many milliseconds apart, each full and sent before the next. @returns how much is claimed ahead after
 * each
 */
function claims(ahead: ClaimedAhead, apart: number, count: number, from = 0): number[] {
	return Array.from({ length: count }, (_, index) => {
		ahead.add([], from + (index + 1) * apart, true);
		return ahead.wanted(NOBODY);
	});
}

test("for a platform that answers fast, deliveries are claimed ahead, up to a limit", () => {
	expect(claims(new ClaimedAhead(STEP), 20, 6)).toEqual([0, 32, 64, 128, MAX_AHEAD, MAX_AHEAD]);
});

test("for a platform as slow as Discord's own limit, no more is claimed than may be in flight", () => {
	const ahead = new ClaimedAhead(STEP);
	expect(claims(ahead, 160, 5)).toEqual([0, 0, 0, 0, 0]);
	expect(ahead.worthwhile).toBe(STEP / 4);
});

test("for a platform that becomes slow, each claim is smaller", () => {
	const ahead = new ClaimedAhead(STEP);
	claims(ahead, 20, 6);
	expect(claims(ahead, 500, 5, 120)).toEqual([112, 56, 28, 0, 0]);
});

test("a claim that found less than it asked for does not lead to larger ones", () => {
	const ahead = new ClaimedAhead(STEP);
	claims(ahead, 20, 2);
	ahead.add([], 60, false);
	expect(ahead.wanted(NOBODY)).toBe(32);
});

test("held deliveries count, and leave in the order of their claims", async () => {
	const ahead = new ClaimedAhead(STEP);
	claims(ahead, 20, 2);
	const sends = ahead.add(many(3), 60, false);
	expect(ahead.wanted(NOBODY)).toBe(29);
	const left = [ahead.next(NOBODY), ahead.next(NOBODY), ahead.next(NOBODY)];
	expect(left.map((held) => held?.delivery.id)).toEqual([0, 1, 2]);
	expect(left.every((held) => held?.claimedAt === 60)).toBe(true);
	expect(ahead.next(NOBODY)).toBeNull();
	expect(ahead.empty).toBe(true);
	for (const [index, held] of left.entries()) held?.done(index !== 1);
	expect(await Promise.all(sends)).toEqual([true, false, true]);
});

test("a workspace whose sends hang is passed over, and takes no room from others", () => {
	const ahead = new ClaimedAhead(STEP);
	claims(ahead, 20, 2);
	ahead.add([...many(20, 1), ...many(1, 2)], 60, false);
	expect(ahead.next([1])?.delivery.workspaceId).toBe(2);
	expect(ahead.next([1])).toBeNull();
	expect(ahead.wanted([1])).toBe(32);
	expect(ahead.empty).toBe(false);
	expect(ahead.next(NOBODY)?.delivery.workspaceId).toBe(1);
});

import { describe, expect, test } from "vitest";
import { deliveryOf, type Message } from "../../../src/core/daily/enqueue.ts";
import { DAY, HOUR } from "../../../src/core/durations.ts";
import { DELIVERY_KINDS } from "../../../src/core/model.ts";

const NOW = new Date("2027-03-08T09:00:00Z");
const DUE = new Date("2027-03-08T08:00:00Z");

const alert = { alert: "low-bag", schedule: 3, channel: "general", left: 5 } as const;
const messages: readonly Message[] = [
	{ kind: "daily", workspaceId: 1, occurrenceId: 17, dueAt: DUE, fairnessRank: 4 },
	{ kind: "answer", workspaceId: 1, occurrenceId: 17, closesAt: new Date("2027-03-09T09:00:00Z") },
	{ kind: "alert", workspaceId: 1, key: "low-bag:3:2027-03-08", alert },
	{ kind: "milestone", workspaceId: 1, memberId: 2, scheduleId: 3, value: 7, occurrenceId: null },
	{
		kind: "reminder",
		workspaceId: 1,
		memberId: 2,
		occurrenceId: 17,
		date: "2027-03-08",
		title: "T",
		question: "t",
		isLast: false,
	},
	{ kind: "share", workspaceId: 1, memberId: 2, occurrenceId: 17, answerId: 5 },
	{ kind: "report", workspaceId: 1, report: 6 },
	{ kind: "report-outcome", workspaceId: 1, memberId: 2, report: 6 },
	{ kind: "recap", workspaceId: 1, scheduleId: 3, channelId: "c", week: "2027-03-01", dueAt: DUE },
	{ kind: "publish", workspaceId: 1, occurrenceId: 17, messageId: "m" },
	{ kind: "suggestion", workspaceId: 1, question: 8 },
	{ kind: "suggestion-outcome", workspaceId: 1, memberId: 2, question: 8 },
	{ kind: "welcome", workspaceId: 1, channelId: "c" },
];
const delivered = messages.map((message) => deliveryOf("slack", message, NOW));
const byKind = new Map(delivered.map((delivery) => [delivery.kind, delivery]));

describe("a message in the outbox", () => {
	test("of every kind is covered here", () => {
		expect([...byKind.keys()].sort()).toEqual([...DELIVERY_KINDS].sort());
	});

	test.each(delivered)("of kind $kind names its workspace and platform, and expires after it is due", (delivery) => {
		expect(delivery).toMatchObject({ workspaceId: 1, platform: "slack" });
		expect(delivery.expiresAt.getTime()).toBeGreaterThan(delivery.dueAt.getTime());
	});

	test("has a key that names its subject and is unique", () => {
		expect(delivered.map(({ key }) => key)).toEqual([
			"daily:17",
			"answer:17",
			"low-bag:3:2027-03-08",
			"milestone:2:3:7",
			"reminder:2:2027-03-08",
			"share:5",
			"report:6",
			"report-outcome:6:2",
			"recap:3:2027-03-01",
			"publish:17:m",
			"suggestion:1:8",
			"suggestion-outcome:1:8",
			"welcome:1:c",
		]);
	});
});

describe("a daily question", () => {
	test("is due at once if it is late, and may still come after exactly twelve hours", () => {
		expect(byKind.get("daily")).toMatchObject({
			dueAt: NOW,
			fairnessRank: 4,
			expiresAt: new Date(DUE.getTime() + 12 * HOUR + 1),
		});
	});

	test("waits for its instant when that is ahead", () => {
		const ahead = new Date(NOW.getTime() + HOUR);
		const message: Message = { kind: "daily", workspaceId: 1, occurrenceId: 17, dueAt: ahead, fairnessRank: 0 };
		expect(deliveryOf("slack", message, NOW).dueAt).toEqual(ahead);
	});

	test("has another key if its first delivery failed", () => {
		const message: Message = {
			kind: "daily",
			workspaceId: 1,
			occurrenceId: 17,
			dueAt: DUE,
			fairnessRank: 0,
			attempt: ":again",
		};
		expect(deliveryOf("slack", message, NOW).key).toBe("daily:17:again");
	});
});

test("only a daily question has a fairness rank; a notice to the admins is worth sending for a day", () => {
	expect(delivered.filter(({ fairnessRank }) => fairnessRank !== 0).map(({ kind }) => kind)).toEqual(["daily"]);
	expect(byKind.get("alert")?.expiresAt).toEqual(new Date(NOW.getTime() + DAY));
});

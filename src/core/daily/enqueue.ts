import { DAY, HOUR } from "../durations.ts";
import type { NewDelivery } from "../ports/deliveries.ts";
import type { Services } from "../service/services.ts";
import type { Alert } from "./alerts.ts";

/** The planner skips an occurrence that is later than this. */
export const MAX_LATENESS = 12 * HOUR;

/** A member or a platform may be unreachable for weeks, and no member should have to ask what became of a report. */
const OUTCOME_LIFETIME = 30 * DAY;

/** A message to send, with the values that its kind needs. */
export type Message =
	/** A daily question. `attempt` distinguishes a later delivery of an occurrence from a first one that failed. */
	| {
			readonly kind: "daily";
			readonly workspaceId: number;
			readonly occurrenceId: number;
			readonly dueAt: Date;
			readonly fairnessRank: number;
			readonly attempt?: string;
	  }
	/** The answer to a daily question, posted in its thread when its window closes. */
	| { readonly kind: "answer"; readonly workspaceId: number; readonly occurrenceId: number; readonly closesAt: Date }
	/** A notice to the admins. The key prevents a second copy. */
	| { readonly kind: "alert"; readonly workspaceId: number; readonly key: string; readonly alert: Alert }
	| {
			readonly kind: "milestone";
			readonly workspaceId: number;
			readonly memberId: number;
			readonly scheduleId: number;
			readonly value: number;
			/** The bot congratulates in this question's thread; null: in private. */
			readonly occurrenceId: number | null;
	  }
	| {
			readonly kind: "reminder";
			readonly workspaceId: number;
			readonly memberId: number;
			readonly occurrenceId: number;
			/** UTC date: a member gets at most one reminder a day. */
			readonly date: string;
			readonly title: string;
			readonly question: string;
			/** Whether this is the last reminder, because the member acted on none of the recent ones. */
			readonly isLast: boolean;
	  }
	| {
			readonly kind: "share";
			readonly workspaceId: number;
			readonly memberId: number;
			readonly occurrenceId: number;
			readonly answerId: number;
	  }
	| { readonly kind: "report"; readonly workspaceId: number; readonly report: number }
	/** The outcome of a report, to a member who filed it. */
	| {
			readonly kind: "report-outcome";
			readonly workspaceId: number;
			readonly memberId: number;
			readonly report: number;
	  }
	/** The recap of a schedule's week. `week` is the local date of its Monday. */
	| {
			readonly kind: "recap";
			readonly workspaceId: number;
			readonly scheduleId: number;
			readonly channelId: string;
			readonly week: string;
			readonly dueAt: Date;
	  }
	/** Publishes a delivered daily question to the followers of its channel. */
	| {
			readonly kind: "publish";
			readonly workspaceId: number;
			readonly occurrenceId: number;
			readonly messageId: string;
	  }
	/** A question that a member suggested, to the admins. */
	| { readonly kind: "suggestion"; readonly workspaceId: number; readonly question: number }
	/** The outcome of a suggestion, to its author. */
	| {
			readonly kind: "suggestion-outcome";
			readonly workspaceId: number;
			readonly memberId: number;
			readonly question: number;
	  }
	/** A greeting in a channel that invited the bot; without a channel, wherever the platform greets a workspace. */
	| { readonly kind: "welcome"; readonly workspaceId: number; readonly channelId: string | null };

/** The fields that depend on the kind: idempotency key, expiry, rank and so on. */
type Particulars = Pick<NewDelivery, "key"> &
	Partial<Pick<NewDelivery, "occurrenceId" | "memberId" | "payload" | "fairnessRank" | "dueAt">> & {
		readonly expiresAt: Date;
	};

/** A greeting's key. The outbox keeps it as long as the workspace, so a bot that leaves and returns greets once. */
export const welcomeKey = (workspaceId: number, channelId: string | null): string =>
	channelId === null ? `welcome:${workspaceId}` : `welcome:${workspaceId}:${channelId}`;

const later = (instant: Date, milliseconds: number) => new Date(instant.getTime() + milliseconds);

type Of<Kind extends Message["kind"]> = Extract<Message, { kind: Kind }>;

/** One entry per kind. */
const PARTICULARS: { readonly [Kind in Message["kind"]]: (message: Of<Kind>, now: Date) => Particulars } = {
	daily: ({ occurrenceId, dueAt, fairnessRank, attempt = "" }, now) => ({
		key: `daily:${occurrenceId}${attempt}`,
		occurrenceId,
		fairnessRank,
		dueAt: new Date(Math.max(now.getTime(), dueAt.getTime())),
		// Exactly 12 hours late is still in time.
		expiresAt: later(dueAt, MAX_LATENESS + 1),
	}),
	answer: ({ occurrenceId, closesAt }) => ({
		key: `answer:${occurrenceId}`,
		occurrenceId,
		dueAt: closesAt,
		expiresAt: later(closesAt, MAX_LATENESS),
	}),
	alert: ({ key, alert }, now) => ({ key, payload: alert, expiresAt: later(now, DAY) }),
	milestone: ({ memberId, scheduleId, value, occurrenceId }, now) => ({
		key: `milestone:${memberId}:${scheduleId}:${value}`,
		occurrenceId,
		memberId,
		payload: { value },
		expiresAt: later(now, DAY),
	}),
	reminder: ({ memberId, occurrenceId, date, title, question, isLast }, now) => ({
		key: `reminder:${memberId}:${date}`,
		occurrenceId,
		memberId,
		payload: { title, question, last: Number(isLast) },
		expiresAt: later(now, 6 * HOUR),
	}),
	share: ({ memberId, occurrenceId, answerId }, now) => ({
		key: `share:${answerId}`,
		occurrenceId,
		memberId,
		payload: { answer: answerId },
		expiresAt: later(now, HOUR),
	}),
	report: ({ report }, now) => ({ key: `report:${report}`, payload: { report }, expiresAt: later(now, DAY) }),
	"report-outcome": ({ memberId, report }, now) => ({
		key: `report-outcome:${report}:${memberId}`,
		memberId,
		payload: { report },
		expiresAt: later(now, OUTCOME_LIFETIME),
	}),
	recap: ({ scheduleId, channelId, week, dueAt }) => ({
		key: `recap:${scheduleId}:${week}`,
		payload: { schedule: scheduleId, channel: channelId, week },
		expiresAt: later(dueAt, MAX_LATENESS),
	}),
	publish: ({ occurrenceId, messageId }, now) => ({
		// A post that was sent a second time is another message, so its id is part of the key.
		key: `publish:${occurrenceId}:${messageId}`,
		occurrenceId,
		payload: { message: messageId },
		expiresAt: later(now, DAY),
	}),
	suggestion: ({ workspaceId, question }, now) => ({
		key: `suggestion:${workspaceId}:${question}`,
		payload: { question },
		expiresAt: later(now, DAY),
	}),
	"suggestion-outcome": ({ workspaceId, memberId, question }, now) => ({
		key: `suggestion-outcome:${workspaceId}:${question}`,
		memberId,
		payload: { question },
		expiresAt: later(now, OUTCOME_LIFETIME),
	}),
	welcome: ({ workspaceId, channelId }, now) => ({
		key: welcomeKey(workspaceId, channelId),
		payload: channelId === null ? {} : { channel: channelId },
		expiresAt: later(now, DAY),
	}),
};

/** Generic, so that the compiler can match the entry to the message. */
const particularsOf = <Kind extends Message["kind"]>(kind: Kind, message: Of<Kind>, now: Date): Particulars =>
	PARTICULARS[kind](message, now);

/** A message as the outbox takes it. */
export function deliveryOf(platform: string, message: Message, now: Date): NewDelivery {
	const { workspaceId, kind } = message;
	const defaults = { occurrenceId: null, memberId: null, payload: {}, fairnessRank: 0, dueAt: now };
	return { ...defaults, workspaceId, platform, kind, ...particularsOf(kind, message, now) };
}

/**
 * Adds a message to the outbox, in the transaction of the change that it announces.
 * @returns false when the outbox already has its key: every message goes out once
 */
export function enqueue(tx: Pick<Services, "store">, platform: string, message: Message, now: Date): Promise<boolean> {
	return tx.store.deliveries.add(deliveryOf(platform, message, now));
}

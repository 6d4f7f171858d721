import { localDateOf } from "../calendar/calendar.ts";
import { UserError } from "../errors.ts";
import { COUNT_UNKNOWN, type Occurrence, type Schedule } from "../model.ts";
import type { LockedSchedule } from "../ports/schedules.ts";
import type { ReadServices, Services } from "../service/services.ts";
import { asClause, asSentence } from "../text/sentences.ts";
import { lockSchedule, nextFreeInstant, type ScheduleKey } from "./change-schedule.ts";
import { drawFor, ownFor } from "./draw.ts";
import {
	addDailyDelivery,
	OVERTAKEN_REASON,
	platformOf,
	recordSkipped,
	reserveOccurrence,
	skipWaiting,
	unplannedDates,
} from "./occurrences.ts";

export type PostOutcome = "posted" | "replaced";

/** The result of a manual post: a new question, or another question in place of today's. */
export interface Posting {
	readonly outcome: PostOutcome;
	readonly occurrenceId: number;
}

const noQuestion = ({ number }: Schedule) =>
	new UserError(
		`No question fits the filter of schedule #${number}. Nothing was posted.`,
		`Widen it: \`/nlpq schedule edit ${number} categories:all difficulties:all\`.`,
	);

function paused({ number, pauseReason, pauseRemedy }: Schedule): UserError {
	const why = pauseReason === null ? "" : `: ${asClause(pauseReason)}`;
	const first = pauseRemedy === null ? "" : `${asSentence(pauseRemedy)} Then: `;
	return new UserError(
		`Schedule #${number} is paused${why}. Nothing was posted.`,
		`${first}\`/nlpq schedule resume ${number}\`.`,
	);
}

/** Today's question stays, because somebody has answered it. */
export class AnsweredToday extends UserError {
	/** When the schedule posts next; null if it has no further date. */
	readonly next: Date | null;

	constructor({ nextRunAt }: Schedule) {
		super(
			"Somebody has answered today's question already, so it stays.",
			"The schedule brings the next one; `/nlpq random` gives one at any time.",
		);
		this.name = "AnsweredToday";
		this.next = nextRunAt;
	}
}

/** A manual post goes ahead of the workspace's waiting deliveries. */
const FIRST_RANK = 0;

async function postNew(
	tx: Services,
	locked: LockedSchedule,
	platform: string,
	localDate: string,
	now: Date,
): Promise<Posting> {
	// It overtakes dates that are due but not yet planned.
	for (const due of unplannedDates(locked.row, now))
		if (due.localDate !== localDate) await recordSkipped(tx, locked.row, due, OVERTAKEN_REASON);
	const due = { localDate, dueAt: now };
	const reservation = { platform, fairnessRank: FIRST_RANK, changes: {} };
	const occurrence = await reserveOccurrence(tx, locked, due, reservation, now);
	if (!occurrence) throw noQuestion(locked.row);
	// Today's date is used now, so skip its regular instant. If the clock was set back, keep the later planned run.
	const { nextRunAt } = locked.row;
	const after = nextRunAt !== null && nextRunAt > now ? new Date(nextRunAt.getTime() - 1) : now;
	await locked.change({ nextRunAt: await nextFreeInstant(tx, locked.row, after) });
	await skipWaiting(tx, locked, OVERTAKEN_REASON, now, occurrence);
	return { outcome: "posted", occurrenceId: occurrence.id };
}

/** Gives today's occurrence another question: edits the post, or sends a new one if none is known to have arrived. */
async function postAgain(
	tx: Services,
	locked: LockedSchedule,
	platform: string,
	today: Occurrence,
	isGone: boolean,
	now: Date,
): Promise<Posting> {
	const { occurrences, answers } = tx.store;
	const occurrenceId = today.id;
	if (await occurrences.hasAttempts(today.id)) throw new AnsweredToday(locked.row);
	if (today.state === "due" || today.state === "sending") return { outcome: "posted", occurrenceId };
	const drawn = drawFor(tx, locked.row, await ownFor(tx, locked.row));
	if (!drawn) throw noQuestion(locked.row);
	const { draw, question } = drawn;
	await locked.change({ drawn: draw.bag.drawn, recent: draw.bag.recent });
	const changes = { questionId: question.id, questionRevision: question.revision };
	await answers.clearReveals(today.id);
	// For an unknown outcome, the admin has already checked the channel.
	if (today.messageId === null || isGone) {
		const unsent = { state: "due" as const, dueAt: now, fault: null, messageId: null, threadId: null };
		await occurrences.change(today.id, { ...changes, ...unsent });
		await addDailyDelivery(tx, platform, { ...today, dueAt: now }, now, FIRST_RANK, `:${now.getTime()}`);
		return { outcome: "posted", occurrenceId };
	}
	await occurrences.change(today.id, { ...changes, shownCount: COUNT_UNKNOWN });
	await occurrences.requestCount(today.id, now);
	return { outcome: "replaced", occurrenceId };
}

/**
 * Posts a schedule's question for today at once. If today already has one that nobody has attempted, another question
 * replaces it; one still waiting to be sent stays. A used date stays used. One transaction.
 * @param goneMessage id of today's message if the platform no longer has it: it is sent again rather than edited
 * @throws UserError when it is paused, no question fits the filter, or somebody has attempted today's
 */
export function postToday(
	services: ReadServices,
	key: ScheduleKey,
	now: Date,
	goneMessage: string | null = null,
): Promise<Posting> {
	return services.transaction(
		async (tx) => {
			const { occurrences } = tx.store;
			const platform = await platformOf(tx, key.workspaceId);
			const locked = await lockSchedule(tx, key);
			if (locked.row.state !== "active") throw paused(locked.row);
			const localDate = localDateOf(now, locked.row.zone);
			const used = await occurrences.ofDate(key.id, localDate);
			const today = used && (await occurrences.lock(used.id));
			const isGone = goneMessage !== null && today?.messageId === goneMessage;
			return today
				? postAgain(tx, locked, platform, today, isGone, now)
				: postNew(tx, locked, platform, localDate, now);
		},
		({ occurrenceId }) => occurrenceId,
	);
}

import { MINUTE } from "../../core/durations.ts";
import { COUNT_UNKNOWN, type Occurrence } from "../../core/model.ts";
import { questionOf } from "../../core/question/asking.ts";
import { COUNT_UPDATE_INTERVAL } from "../../core/service/answering.ts";
import { dailyCard } from "../cards/question.ts";
import { DeliveryFault, type Destination, type Platform } from "../platform.ts";
import type { EngineOptions } from "./engine-options.ts";

/** Posts per query. */
const BATCH = 100;
/** Concurrent edits. Kept low, because new posts come first. */
const IN_FLIGHT = 4;
/** Milliseconds after which another process may take over unfinished requests. */
const CLAIM_DURATION = MINUTE;

const isClosed = ({ closesAt }: Occurrence, now: Date): boolean => closesAt !== null && closesAt <= now;

/** Updates the answer counts in posts, and says when their windows have closed. */
export class Counts {
	readonly #parts: EngineOptions;

	constructor(parts: EngineOptions) {
		this.#parts = parts;
	}

	/** Handles a platform's due requests. If this process dies halfway, another one takes over the rest. */
	async refresh(platform: Platform, stopped: () => boolean): Promise<void> {
		const { services, clock, backoffs } = this.#parts;
		for (let more = true; more && !stopped(); ) {
			const now = clock.now();
			const until = new Date(now.getTime() + CLAIM_DURATION);
			const resting = backoffs.count.resting(now);
			const requests = await services.store.occurrences.takeCountRequests(platform.name, now, until, BATCH, resting);
			more = requests.length === BATCH;
			const work = async () => {
				for (let id = requests.pop(); id !== undefined && !stopped(); id = requests.pop()) {
					const occurrenceId = id;
					await backoffs.count.attempt(occurrenceId, now, () => this.#refreshOne(platform, occurrenceId));
				}
			};
			await Promise.all(Array.from({ length: IN_FLIGHT }, work));
		}
	}

	async #refreshOne(platform: Platform, occurrenceId: number): Promise<void> {
		const { occurrences, answers } = this.#parts.services.store;
		const shown = await occurrences.get(occurrenceId);
		if (!shown) return;
		// The send's outcome is not known yet: keep the request and retry later.
		if (shown.messageId === null && shown.state === "sending") return;
		const count = await answers.countAnswered(occurrenceId);
		const isShownClosed = isClosed(shown, this.#parts.clock.now());
		// Nobody requests a count of a closed window but its closing.
		if (count !== shown.shownCount || isShownClosed) {
			await this.#edit(platform, shown, count);
			await occurrences.change(occurrenceId, { shownCount: count });
		}
		await occurrences.endCountRequest(occurrenceId);
		await this.#catchUp(shown, count, isShownClosed);
	}

	async #edit(platform: Platform, occurrence: Occurrence, count: number): Promise<void> {
		const { services, settings, clock } = this.#parts;
		const { questionId, questionRevision, number, messageId, channelId, deliveredAt, closesAt } = occurrence;
		const workspace = await services.store.people.workspace(occurrence.workspaceId);
		if (!workspace || questionId === null || number === null || messageId === null) return;
		const question = await questionOf(services, occurrence.workspaceId, questionId, questionRevision);
		if (!question) return;
		const to: Destination = { type: "channel", workspaceId: workspace.externalId, channelId };
		try {
			const signal = AbortSignal.timeout(settings.sendDeadline);
			const schedule = await services.store.schedules.get(workspace.id, occurrence.scheduleId);
			const next = schedule?.state === "active" ? schedule.nextRunAt : null;
			const open = deliveredAt && { deliveredAt, closesAt, next, now: clock.now() };
			const card = dailyCard(question, number, count, open, schedule?.roleId ?? null);
			await platform.edit(to, messageId, card, signal);
		} catch (error) {
			// A message that is gone needs no count. Retry after any other fault.
			if (!(error instanceof DeliveryFault) || error.kind !== "permanent") throw error;
		}
	}

	/** Requests another update if an answer, a replacement or the end of the window came during the edit. */
	async #catchUp(shown: Occurrence, count: number, isShownClosed: boolean): Promise<void> {
		const { services, clock } = this.#parts;
		const { occurrences, answers } = services.store;
		const now = clock.now();
		const after = await occurrences.get(shown.id);
		if (after && after.questionId !== shown.questionId) {
			await occurrences.change(shown.id, { shownCount: COUNT_UNKNOWN });
			await occurrences.requestCount(shown.id, now);
		} else if (after && !isShownClosed && isClosed(after, now)) await occurrences.requestCount(shown.id, now);
		else if ((await answers.countAnswered(shown.id)) !== count)
			await occurrences.requestCount(shown.id, new Date(now.getTime() + COUNT_UPDATE_INTERVAL));
	}
}

import { localDateOf, nextInstant } from "../core/calendar.ts";
import type { Delivery, Occurrence } from "../core/model.ts";
import type { Clock } from "../core/ports.ts";
import { drawQuestion, returnQuestion } from "../core/rotation.ts";
import {
	addDailyDelivery,
	beginSend,
	pauseForFault,
	planSchedule,
	platformOf,
	recordGivenUp,
	recordSent,
	recordUnknown,
	reserveOccurrence,
} from "../core/service/daily.ts";
import { questionOf } from "../core/service/questions.ts";
import type { Services } from "../core/service/services.ts";
import { settleBatch } from "../core/service/streaks.ts";
import type { Card } from "./card.ts";
import { alertCard, milestoneCard, reminderCard, reportCard, sharedCard } from "./cards/notices.ts";
import { dailyCard, publicAnswerCard } from "./cards/question.ts";
import type { DailyDesk } from "./command.ts";
import { DeliveryFault, type Destination, type Platform, type Posted } from "./platform.ts";

/** Milliseconds after which a send is given up as uncertain. */
const SEND_DEADLINE = 10_000;
/** Seconds for which a claim holds: longer than a send may take, so that two never send at once. */
const LEASE = 30;
/** Deliveries in the air at a time. */
const IN_FLIGHT = 48;
/** Schedules planned, occurrences settled and counts refreshed in one pass. */
const BATCH = 200;
const FIRST_RETRY = 5_000;
const LONGEST_RETRY = 10 * 60_000;

/** What the engine tells its surroundings: for logs and metrics. Nothing here holds a member's text. */
export interface DailyObserver {
	delivered(delivery: Delivery, outcome: "sent" | "skipped" | "failed" | "unknown" | "retry"): void;
	fault(what: string, error: unknown): void;
}

export interface DailyParts {
	readonly services: Services;
	readonly platforms: readonly Platform[];
	readonly clock: Clock;
	/** Names this process in claims. */
	readonly worker: string;
	readonly observer: DailyObserver;
}

/**
 * The daily question, from due to settled. All state stands in the store, so that any number of processes
 * share the work and any of them may die between two lines.
 */
export class DailyEngine implements DailyDesk {
	readonly #parts: DailyParts;
	#running: Promise<void> | null = null;
	#again = false;
	#stopped = false;

	constructor(parts: DailyParts) {
		this.#parts = parts;
	}

	/** Looks for work soon; at most one pass runs at a time in a process, and one more is remembered. */
	wake(): void {
		void this.run();
	}

	/** One pass over all that is due at the clock's instant; settles when nothing is left to do now. */
	run(): Promise<void> {
		if (this.#running) {
			this.#again = true;
			return this.#running;
		}
		this.#running = this.#passes().finally(() => {
			this.#running = null;
		});
		return this.#running;
	}

	async #passes(): Promise<void> {
		do {
			this.#again = false;
			if (this.#stopped) return;
			const now = this.#parts.clock.now();
			await this.#guard("plan", () => this.#plan(now));
			await this.#guard("deliver", () => this.#deliver(now));
			await this.#guard("settle", () => this.#settle(now));
			await this.#guard("remind", () => this.#remind(now));
			// A settlement can bring congratulations.
			await this.#guard("deliver", () => this.#deliver(now));
			await this.#guard("count", () => this.#refreshCounts(now));
		} while (this.#again);
	}

	async #guard(what: string, work: () => Promise<void>): Promise<void> {
		try {
			await work();
		} catch (error) {
			this.#parts.observer.fault(what, error);
		}
	}

	/** Finishes what is in flight and takes nothing new. */
	async stop(): Promise<void> {
		this.#stopped = true;
		await this.#running;
	}

	/** The next instant at which something falls due on a platform, for a clock that is moved by hand. */
	async nextInstant(platform: string, after: Date): Promise<Date | null> {
		const { store } = this.#parts.services;
		const instants = [
			await store.schedules.nextInstant(platform),
			await store.occurrences.nextClosing(platform, after),
			await store.deliveries.nextTry(platform),
			await store.reminders.next(platform, after),
		];
		const ahead = instants.flatMap((instant) => (instant && instant > after ? [instant.getTime()] : []));
		return ahead.length > 0 ? new Date(Math.min(...ahead)) : null;
	}

	async #plan(now: Date): Promise<void> {
		const { services } = this.#parts;
		for (;;) {
			const due = await services.store.schedules.due(now, BATCH);
			let planned = 0;
			for (const id of due) {
				if (this.#stopped) return;
				if (await planSchedule(services, id, now)) planned += 1;
			}
			if (due.length < BATCH || planned === 0) return;
		}
	}

	/** Claims and sends until nothing more is due; as each send ends, the next claim may begin. */
	async #deliver(now: Date): Promise<void> {
		await Promise.all(this.#parts.platforms.map((platform) => this.#deliverOn(platform, now)));
	}

	async #deliverOn(platform: Platform, now: Date): Promise<void> {
		const { store } = this.#parts.services;
		const inFlight = new Set<Promise<void>>();
		while (!this.#stopped) {
			const claimed = await store.deliveries.claim(
				platform.name,
				this.#parts.worker,
				now,
				LEASE,
				IN_FLIGHT - inFlight.size,
			);
			for (const delivery of claimed) {
				const sending = this.#guard("send", () => this.#attend(platform, delivery, now)).finally(() =>
					inFlight.delete(sending),
				);
				inFlight.add(sending);
			}
			if (claimed.length === 0 && inFlight.size === 0) return;
			if (claimed.length === 0 || inFlight.size >= IN_FLIGHT) await Promise.race(inFlight);
		}
		await Promise.all(inFlight);
	}

	/** One claimed delivery: looks first whether an earlier send arrived, then sends. */
	async #attend(platform: Platform, delivery: Delivery, now: Date): Promise<void> {
		const { services } = this.#parts;
		const to = await this.#destination(delivery);
		if (!to) return recordGivenUp(services, delivery, "skipped", "nothing to send any more");
		if (delivery.state === "sending") {
			const found = await this.#lookUp(platform, to, delivery);
			if (found === "later") return;
			if (found === "cannot-tell") {
				this.#parts.observer.delivered(delivery, "unknown");
				return recordUnknown(services, delivery, now);
			}
			if (found !== "absent") return this.#arrived(delivery, found);
		}
		if (now >= delivery.expiresAt) {
			this.#parts.observer.delivered(delivery, "skipped");
			return recordGivenUp(services, delivery, "skipped", "more than 12 hours late");
		}
		await this.#send(platform, to, delivery, now);
	}

	async #lookUp(
		platform: Platform,
		to: Destination,
		delivery: Delivery,
	): Promise<Posted | "absent" | "cannot-tell" | "later"> {
		try {
			return await platform.lookUp(
				to,
				delivery.key,
				delivery.sendBegunAt ?? delivery.dueAt,
				AbortSignal.timeout(SEND_DEADLINE),
			);
		} catch (error) {
			if (error instanceof DeliveryFault && error.kind === "permanent") return "cannot-tell";
			await this.#later(delivery, error, "sending");
			return "later";
		}
	}

	async #send(platform: Platform, to: Destination, delivery: Delivery, now: Date): Promise<void> {
		const { services } = this.#parts;
		const begun = await beginSend(services, delivery, now);
		if (begun === false) return;
		const card = await this.#card(delivery, begun);
		if (!card) return recordGivenUp(services, delivery, "skipped", "nothing to send any more");
		try {
			await this.#arrived(delivery, await platform.post(to, card, delivery.key, AbortSignal.timeout(SEND_DEADLINE)));
		} catch (error) {
			await this.#failed(platform, { ...delivery, tries: delivery.tries + 1 }, error, now);
		}
	}

	async #arrived(delivery: Delivery, posted: Posted): Promise<void> {
		await recordSent(this.#parts.services, delivery, posted.messageId, posted.threadId);
		this.#parts.observer.delivered(delivery, "sent");
	}

	async #failed(_platform: Platform, delivery: Delivery, error: unknown, now: Date): Promise<void> {
		const fault = error instanceof DeliveryFault ? error : null;
		// What is no fault of the platform's own telling may have happened after the send.
		if (!fault || fault.kind === "uncertain") return this.#later(delivery, error, "sending");
		if (fault.kind === "not-sent") return this.#later(delivery, error, "pending");
		this.#parts.observer.delivered(delivery, "failed");
		await recordGivenUp(this.#parts.services, delivery, "failed", fault.message);
		if (delivery.kind === "daily")
			await pauseForFault(this.#parts.services, delivery, fault.message, fault.remedy, now);
	}

	/** Another try later: after what the platform asks, or by a backoff with jitter. */
	async #later(delivery: Delivery, error: unknown, state: "pending" | "sending"): Promise<void> {
		const { services, clock, observer } = this.#parts;
		const asked = error instanceof DeliveryFault ? error.retryAfter : null;
		const backoff = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** Math.min(delivery.tries, 10));
		const wait = asked ?? backoff * (0.5 + services.random());
		const fault = error instanceof DeliveryFault ? error.message : "no answer from the platform";
		const nextTryAt = new Date(clock.now().getTime() + wait);
		await services.store.deliveries.change(delivery, { state, nextTryAt, fault, tries: delivery.tries });
		observer.delivered(delivery, "retry");
		if (!(error instanceof DeliveryFault)) observer.fault("send", error);
	}

	async #destination(delivery: Delivery): Promise<Destination | null> {
		const { store } = this.#parts.services;
		const workspace = await store.people.workspace(delivery.workspaceId);
		if (!workspace) return null;
		const workspaceId = workspace.externalId;
		if (delivery.kind === "alert" || delivery.kind === "report") return { type: "admins", workspaceId };
		const isPrivate = delivery.kind === "reminder" || (delivery.kind === "milestone" && delivery.occurrenceId === null);
		if (isPrivate) {
			const member = delivery.memberId === null ? null : await store.people.member(delivery.memberId);
			return member ? { type: "member", workspaceId, memberId: member.externalId } : null;
		}
		const occurrence = delivery.occurrenceId === null ? null : await store.occurrences.get(delivery.occurrenceId);
		if (!occurrence) return null;
		const { channelId, messageId, threadId } = occurrence;
		if (delivery.kind === "daily") return { type: "channel", workspaceId, channelId };
		return messageId === null ? null : { type: "thread", workspaceId, channelId, messageId, threadId };
	}

	async #card(delivery: Delivery, begun: Occurrence | null): Promise<Card | null> {
		const { services } = this.#parts;
		const { store } = services;
		const member = delivery.memberId === null ? null : await store.people.member(delivery.memberId);
		switch (delivery.kind) {
			case "alert":
				return alertCard(delivery.facts);
			case "report": {
				const report = await store.bank.report(Number(delivery.facts.report));
				return report && reportCard(report.questionId, report.text);
			}
			case "milestone":
				return milestoneCard(
					delivery.occurrenceId === null ? null : (member?.name ?? null),
					Number(delivery.facts.value),
				);
			case "reminder": {
				const wanted =
					delivery.memberId !== null &&
					delivery.occurrenceId !== null &&
					(await store.reminders.stillWanted(delivery.memberId, delivery.occurrenceId));
				return wanted ? reminderCard(String(delivery.facts.title), String(delivery.facts.question)) : null;
			}
			case "share": {
				const answer = member && (await store.answers.answer(member.id, Number(delivery.facts.answer)));
				return member && answer?.text ? sharedCard(member.name, answer.text) : null;
			}
			case "daily":
			case "answer": {
				const occurrence =
					begun ??
					(delivery.occurrenceId === null ? null : await services.store.occurrences.get(delivery.occurrenceId));
				if (!occurrence?.questionId) return null;
				const question = await questionOf(services, occurrence.questionId, occurrence.questionRevision);
				if (!question || occurrence.number === null) return null;
				return delivery.kind === "daily"
					? dailyCard(question, occurrence.number, 0)
					: publicAnswerCard(question, occurrence.number);
			}
		}
	}

	/** Settles closed occurrences in their order, a batch of members a transaction. */
	async #settle(now: Date): Promise<void> {
		const { services, worker } = this.#parts;
		const { store } = services;
		for (const occurrence of await store.occurrences.toSettle(now, BATCH)) {
			if (this.#stopped) return;
			const lease = `settle:${occurrence.scheduleId}`;
			if (!(await store.running.takeLease(lease, worker, LEASE))) continue;
			await this.#settleOne(occurrence.id, lease, now);
			await store.running.giveUpLease(lease, worker);
		}
	}

	async #settleOne(occurrenceId: number, lease: string, now: Date): Promise<void> {
		const { services, worker } = this.#parts;
		for (let done = false; !done && !this.#stopped; ) {
			done = await services.store.transaction(async (store) => {
				const occurrence = await store.occurrences.get(occurrenceId);
				if (!occurrence || occurrence.settledAt !== null) return true;
				const batch = await settleBatch(store, occurrence, now);
				const platform = batch.milestones.length > 0 ? await platformOf(store, occurrence.workspaceId) : "";
				for (const { workspaceId, memberId, scheduleId, value } of batch.milestones)
					await store.deliveries.add({
						workspaceId,
						platform,
						kind: "milestone",
						key: `milestone:${memberId}:${scheduleId}:${value}`,
						occurrenceId: null,
						memberId,
						facts: { value },
						turn: 0,
						dueAt: now,
						expiresAt: new Date(now.getTime() + 24 * 60 * 60 * 1000),
					});
				return batch.done;
			});
			if (!done) await services.store.running.takeLease(lease, worker, LEASE);
		}
	}

	/** Nudges those who asked for it, at most once a day, never after they have answered. */
	async #remind(now: Date): Promise<void> {
		const { services } = this.#parts;
		const date = now.toISOString().slice(0, 10);
		for (const platform of this.#parts.platforms)
			for (const { memberId, workspaceId, occurrenceId, questionId } of await services.store.reminders.due(
				platform.name,
				now,
				BATCH,
			)) {
				const title = services.bank.get(questionId)?.title ?? "Today's question";
				await services.store.transaction(async (store) => {
					if (!(await store.reminders.claim(memberId, date))) return;
					await store.deliveries.add({
						workspaceId,
						platform: platform.name,
						kind: "reminder",
						key: `reminder:${memberId}:${date}`,
						occurrenceId,
						memberId,
						facts: { title, question: questionId },
						turn: 0,
						dueAt: now,
						expiresAt: new Date(now.getTime() + 6 * 60 * 60 * 1000),
					});
				});
			}
	}

	/** Brings the answered counts on the posts up to date. */
	async #refreshCounts(now: Date): Promise<void> {
		const { store } = this.#parts.services;
		for (const platform of this.#parts.platforms) {
			const until = new Date(now.getTime() + 60_000);
			const taken = await store.occurrences.takeCountRequests(platform.name, now, until, BATCH);
			await Promise.all(taken.map((id) => this.#guard("count", () => this.#refreshCount(platform, id))));
		}
	}

	async #refreshCount(platform: Platform, occurrenceId: number): Promise<void> {
		const { services, clock } = this.#parts;
		const { store } = services;
		const occurrence = await store.occurrences.get(occurrenceId);
		const workspace = occurrence && (await store.people.workspace(occurrence.workspaceId));
		if (!workspace || !occurrence.questionId || occurrence.number === null || occurrence.messageId === null) return;
		const question = await questionOf(services, occurrence.questionId, occurrence.questionRevision);
		const count = await store.answers.countAnswered(occurrenceId);
		if (question && count !== occurrence.shownCount) {
			const to: Destination = { type: "channel", workspaceId: workspace.externalId, channelId: occurrence.channelId };
			try {
				await platform.edit(
					to,
					occurrence.messageId,
					dailyCard(question, occurrence.number, count),
					AbortSignal.timeout(SEND_DEADLINE),
				);
			} catch (error) {
				if (!(error instanceof DeliveryFault) || error.kind !== "permanent") throw error;
			}
			await store.occurrences.change(occurrenceId, { shownCount: count });
		}
		await store.occurrences.endCountRequest(occurrenceId);
		if ((await store.answers.countAnswered(occurrenceId)) !== count)
			await store.occurrences.requestCount(occurrenceId, new Date(clock.now().getTime() + 30_000));
	}

	/**
	 * Delivers a schedule's question of the present local date at once: a new one, again after it was skipped,
	 * or another question instead while nobody has attempted it. A used date stays used.
	 */
	async postNow(scheduleId: number, workspaceId: number, now: Date): Promise<"posted" | "replaced" | "attempted"> {
		const { services } = this.#parts;
		const platform = await platformOf(services.store, workspaceId);
		const done = await services.store.transaction(async (store) => {
			const schedule = await store.schedules.lock(scheduleId, true);
			if (!schedule || schedule.workspaceId !== workspaceId)
				throw new Error(`no schedule ${scheduleId} in workspace ${workspaceId}`);
			const localDate = localDateOf(now, schedule.zone);
			const today = await store.occurrences.ofDate(scheduleId, localDate);
			if (!today) {
				await reserveOccurrence(services, store, platform, schedule, { localDate, dueAt: now }, now);
				const next = nextInstant(schedule, now);
				if (localDateOf(next, schedule.zone) === localDate)
					await store.schedules.change(scheduleId, { nextRunAt: nextInstant(schedule, next) });
				return "posted" as const;
			}
			return this.#replace(services, platform, today.id, now, store);
		});
		await this.run();
		return done;
	}

	async #replace(
		services: Services,
		platform: string,
		occurrenceId: number,
		now: Date,
		store: Services["store"],
	): Promise<"posted" | "replaced" | "attempted"> {
		const today = await store.occurrences.lock(occurrenceId);
		if (!today) throw new Error(`no occurrence ${occurrenceId}`);
		if (await store.occurrences.hasAttempts(today.id)) return "attempted";
		if (today.state === "due" || today.state === "sending") return "posted";
		const schedule = await store.schedules.lock(today.scheduleId, true);
		if (!schedule) throw new Error(`no schedule ${today.scheduleId}`);
		const draw = drawQuestion(schedule, services.bank.matching(schedule), services.random);
		const question = draw ? services.bank.get(draw.questionId) : undefined;
		if (!draw || !question) return "attempted";
		const kept = today.questionId === null ? draw.bag : returnQuestion(draw.bag, today.questionId);
		await store.schedules.change(schedule.id, { drawn: kept.drawn, recent: kept.recent });
		await store.occurrences.change(today.id, { questionId: question.id, questionRevision: question.revision });
		if (today.state === "skipped" || today.state === "failed") {
			await store.occurrences.change(today.id, { state: "due", dueAt: now, fault: null });
			await addDailyDelivery(store, platform, { ...today, dueAt: now, state: "due" }, now, `:${now.getTime()}`);
			return "posted";
		}
		// The post is edited to show the other question: an answered count that differs makes the engine do so.
		await store.occurrences.change(today.id, { shownCount: -1 });
		await store.occurrences.requestCount(today.id, now);
		return "replaced";
	}
}

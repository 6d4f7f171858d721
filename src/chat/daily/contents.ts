import { recapOf } from "../../core/daily/recap.ts";
import type { Delivery } from "../../core/model.ts";
import type { ClaimedDelivery } from "../../core/ports/deliveries.ts";
import type { Store } from "../../core/ports/store.ts";
import { questionOf } from "../../core/question/asking.ts";
import { questionAt } from "../../core/question/workspace-bank.ts";
import { dueCount } from "../../core/service/practising.ts";
import type { Services } from "../../core/service/services.ts";
import { alertCardFor } from "../alerts.ts";
import type { Card } from "../card.ts";
import { publicAnswerCard } from "../cards/answer.ts";
import { milestoneCard, reminderCard, sharedCard } from "../cards/notices.ts";
import { suggestionOutcomeCard, waitingCard } from "../cards/own.ts";
import { dailyCard } from "../cards/question.ts";
import { recapCard } from "../cards/recap.ts";
import { reportCard, reportOutcomeCard } from "../cards/reports.ts";
import { welcomeCard } from "../cards/welcome.ts";
import type { Destination } from "../platform.ts";

/** Where a delivery goes; null if the place no longer exists. */
export function destinationOf(delivery: ClaimedDelivery): Destination | null {
	const { kind, workspaceExternalId: workspaceId, memberExternalId: memberId, occurrence } = delivery;
	if (kind === "alert" || kind === "report" || kind === "suggestion") return { type: "admins", workspaceId };
	if (kind === "welcome" && delivery.payload.channel === undefined) return { type: "arrival", workspaceId };
	if (kind === "recap" || kind === "welcome")
		return { type: "channel", workspaceId, channelId: String(delivery.payload.channel) };
	const isPrivate =
		kind === "reminder" ||
		kind === "report-outcome" ||
		kind === "suggestion-outcome" ||
		(kind === "milestone" && delivery.occurrenceId === null);
	if (isPrivate) return memberId === null ? null : { type: "member", workspaceId, memberId };
	if (!occurrence) return null;
	const { channelId, messageId, threadId } = occurrence;
	if (kind === "daily" || kind === "publish") return { type: "channel", workspaceId, channelId };
	return messageId === null ? null : { type: "thread", workspaceId, channelId, messageId, threadId };
}

async function questionCard(
	services: Services,
	{ kind, workspaceId, occurrence }: ClaimedDelivery,
): Promise<Card | null> {
	if (!occurrence?.questionId || occurrence.number === null) return null;
	const question = await questionOf(services, workspaceId, occurrence.questionId, occurrence.questionRevision);
	if (!question) return null;
	if (kind !== "daily") return publicAnswerCard(question, occurrence.number);
	const { number, deliveredAt, nextRunAt: next, roleId } = occurrence;
	return dailyCard(question, number, 0, deliveredAt && { deliveredAt, next, now: deliveredAt }, roleId);
}

async function nudge(services: Services, delivery: Delivery): Promise<Card | null> {
	const { memberId, occurrenceId, payload } = delivery;
	const { store } = services;
	if (memberId === null || occurrenceId === null) return null;
	const isWanted = await store.reminders.stillWanted(memberId, occurrenceId);
	if (!isWanted) return null;
	const due = await dueCount(services, memberId, delivery.dueAt);
	return reminderCard(String(payload.title), String(payload.question), due, payload.last === 1);
}

/** The notice of a report to the admins, or of its outcome to the reporter. */
async function reportNotice(services: Services, { kind, workspaceId, payload }: ClaimedDelivery): Promise<Card | null> {
	const report = await services.store.reports.get(workspaceId, Number(payload.report));
	const isWanted = kind === "report" ? report?.state === "open" && report.text !== "" : report?.state !== "open";
	if (!report || !isWanted) return null;
	const question = await questionAt(services, workspaceId, report.questionId, report.revision);
	if (kind === "report") return reportCard(report, question);
	return reportOutcomeCard({ report, question, words: [] });
}

/** The recap of a schedule's week. */
async function weekCard(services: Services, { workspaceId, payload, dueAt }: ClaimedDelivery): Promise<Card | null> {
	const schedule = await services.store.schedules.get(workspaceId, Number(payload.schedule));
	if (!schedule || schedule.state === "removed") return null;
	const monday = String(payload.week);
	const recap = await recapOf(services, schedule, monday, dueAt);
	const { hardest, participants, participantsBefore } = recap.week;
	// A schedule that is new or inactive has nothing to recap.
	if (participants + participantsBefore === 0) return null;
	const question = hardest && (await questionOf(services, workspaceId, hardest.questionId, hardest.revision));
	return recapCard(recap, monday, question?.title ?? null);
}

/** The notice of a suggestion to the admins, or of its outcome to the author. */
async function suggestionNotice(store: Store, { kind, workspaceId, payload }: ClaimedDelivery): Promise<Card | null> {
	const question = await store.own.get(workspaceId, Number(payload.question));
	if (!question) return null;
	if (kind === "suggestion") return question.state === "waiting" ? waitingCard(question, "", []) : null;
	return question.state === "waiting" ? null : suggestionOutcomeCard(question);
}

/** A greeting, unless a daily question is already set up. */
async function welcome(store: Store, { workspaceId, payload }: ClaimedDelivery): Promise<Card | null> {
	const channelId = payload.channel === undefined ? null : String(payload.channel);
	const schedules = await store.schedules.list(workspaceId);
	if (schedules.some((schedule) => channelId === null || schedule.channelId === channelId)) return null;
	return welcomeCard(channelId !== null);
}

/** The card of a delivery; null when there is nothing left to say. */
export async function cardOf(services: Services, delivery: ClaimedDelivery): Promise<Card | null> {
	const { store } = services;
	const { payload, occurrenceId, memberId } = delivery;
	switch (delivery.kind) {
		case "alert":
			return alertCardFor(store, delivery);
		case "report":
		case "report-outcome":
			return reportNotice(services, delivery);
		case "recap":
			return weekCard(services, delivery);
		case "suggestion":
		case "suggestion-outcome":
			return suggestionNotice(store, delivery);
		case "welcome":
			return welcome(store, delivery);
		case "milestone": {
			const member = occurrenceId === null || memberId === null ? null : await store.people.member(memberId);
			return milestoneCard(member?.name ?? null, Number(payload.value));
		}
		case "reminder":
			return nudge(services, delivery);
		case "share": {
			const member = memberId === null ? null : await store.people.member(memberId);
			const answer = member && (await store.answers.answer(member.id, Number(payload.answer)));
			return member && answer?.text ? sharedCard(member.name, answer.text) : null;
		}
		// Publishing sends no card: the post is already in the channel.
		case "publish":
			return null;
		case "daily":
		case "answer":
			return questionCard(services, delivery);
	}
}

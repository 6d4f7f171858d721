import type { AnsweredToday, PostOutcome } from "../../core/daily/posting.ts";
import { COUNT_UNKNOWN, type Occurrence, type Schedule } from "../../core/model.ts";
import { asSentence } from "../../core/text/sentences.ts";
import { type Block, button, type Card, type Inline, instant, type Reply } from "../card.ts";
import { settleButtons } from "./alerts.ts";

/** The outcome of a manual post. */
export type PostFate = "posted" | "replaced" | "refused" | "unknown" | "on-its-way" | "not-posted";

/** @param occurrence the row after the send had time to finish */
export function postFate(outcome: PostOutcome, occurrence: Occurrence | null): PostFate {
	switch (occurrence?.state) {
		case "delivered":
			// The engine edits the post to show the new question, and then updates its count.
			if (outcome === "replaced") return occurrence.shownCount === COUNT_UNKNOWN ? "on-its-way" : "replaced";
			return "posted";
		case "failed":
			return "refused";
		case "unknown":
			return "unknown";
		case "due":
		case "sending":
			return "on-its-way";
		default:
			return "not-posted";
	}
}

const linkBlocks = (link: string | null): Block[] =>
	link === null ? [] : [{ type: "text", text: [{ type: "link", url: link }] }];

const SCHEDULES = button("Schedules", "schedule list");
const SCHEDULES_ONLY: Block = { type: "actions", buttons: [SCHEDULES] };

const optionsOf = ({ number }: Schedule) => ({ schedule: String(number) });
const channelOf = ({ channelId, channelName }: Schedule): Inline => ({
	type: "channel",
	id: channelId,
	name: channelName,
});

function arrivedCard(schedule: Schedule, link: string | null): Card {
	const next: Inline[] =
		schedule.state === "active" && schedule.nextRunAt
			? [" The next one comes ", instant(schedule.nextRunAt, schedule.zone), "."]
			: [];
	const text = ["Today's question is in ", channelOf(schedule), ".", ...next];
	return { tone: "good", title: "Posted", blocks: [{ type: "text", text }, ...linkBlocks(link), SCHEDULES_ONLY] };
}

function replacedCard(schedule: Schedule, link: string | null): Card {
	const text = ["The post in ", channelOf(schedule), " shows another question now. Its number stays."];
	return { tone: "good", title: "Replaced", blocks: [{ type: "text", text }, ...linkBlocks(link), SCHEDULES_ONLY] };
}

/** Tells an admin that today's question stays, and when the next one comes. */
export function stayedReply({ message, next }: AnsweredToday, schedule: Schedule): Reply {
	const comes: Inline[] = next === null ? [] : ["The next one comes ", instant(next, schedule.zone), "."];
	return {
		card: {
			tone: "error",
			title: message,
			blocks: [
				...(comes.length > 0 ? [{ type: "text" as const, text: comes }] : []),
				{
					type: "actions",
					buttons: [button("A question to practise with", "random", {}, "primary"), SCHEDULES],
				},
			],
		},
		data: { error: message },
	};
}

function refusedCard(schedule: Schedule, fault: string | null): Card {
	const options = optionsOf(schedule);
	const buttons = [
		button("Resume", "schedule resume", options, "primary"),
		button("Test it", "schedule test", options),
		SCHEDULES,
	];
	return {
		tone: "error",
		title: "Not posted",
		blocks: [
			{ type: "text", text: [channelOf(schedule), `: ${asSentence(fault ?? "The platform refused it")}`] },
			{
				type: "text",
				text: `${asSentence(schedule.pauseRemedy ?? "")} Then resume the schedule and post again.`.trim(),
			},
			{ type: "note", text: `Schedule #${schedule.number} is paused meanwhile. Nobody loses a streak.` },
			{ type: "actions", buttons },
		],
	};
}

/** @param date local date of the question that may not have arrived */
function unknownCard(schedule: Schedule, date: string): Card {
	return {
		tone: "warning",
		title: "I can't tell whether it was posted",
		blocks: [
			{ type: "text", text: ["The platform gave no answer. Please look in ", channelOf(schedule), "."] },
			{ type: "actions", buttons: settleButtons(String(schedule.number), date) },
		],
	};
}

function onItsWayCard(schedule: Schedule): Card {
	const begin = "The platform has not taken it yet. I keep trying, and tell the admins if it can't be posted in ";
	return {
		tone: "plain",
		title: "On its way",
		blocks: [
			{ type: "text", text: [begin, channelOf(schedule), "."] },
			{ type: "actions", buttons: [SCHEDULES] },
		],
	};
}

function notPostedCard(fault: string | null): Card {
	return {
		tone: "warning",
		title: "Not posted",
		blocks: [
			{ type: "text", text: asSentence(fault ?? "The schedule was changed meanwhile") },
			{ type: "actions", buttons: [SCHEDULES] },
		],
	};
}

/** Tells an admin the outcome of a manual post. @param link the post's URL, if the platform has URLs */
export function postedCard(
	fate: PostFate,
	schedule: Schedule,
	occurrence: Occurrence | null,
	link: string | null,
): Card {
	const fault = occurrence?.fault ?? null;
	switch (fate) {
		case "posted":
			return arrivedCard(schedule, link);
		case "replaced":
			return replacedCard(schedule, link);
		case "refused":
			return refusedCard(schedule, fault);
		case "unknown":
			return unknownCard(schedule, occurrence?.localDate ?? "");
		case "on-its-way":
			return onItsWayCard(schedule);
		case "not-posted":
			return notPostedCard(fault);
	}
}

import { dateText } from "../../core/calendar/date-words.ts";
import type { Alert } from "../../core/daily/alerts.ts";
import type { Schedule } from "../../core/model.ts";
import { counted } from "../../core/text/counted.ts";
import { asSentence } from "../../core/text/sentences.ts";
import { type Block, type Button, button, type Card, type Inline, plain } from "../card.ts";

/** The subject of a notice, read when the notice is shown. */
export interface AlertSubject {
	readonly workspaceName: string;
	/** Null if the schedule no longer exists. */
	readonly schedule: Schedule | null;
}

const LIST = button("Schedules", "schedule list");
const ALL_QUESTIONS = { categories: "all", difficulties: "all" };

/** "Schedule #2 in #general", with the platform's own mention. */
function subjectWords({ schedule }: AlertSubject): Inline[] {
	if (!schedule) return ["A daily question"];
	return [`Schedule #${schedule.number} in `, { type: "channel", id: schedule.channelId, name: schedule.channelName }];
}

/** Buttons for the schedule, unless it was removed, and one that lists all schedules. */
function buttonsFor({ schedule }: AlertSubject, buttons: (options: Record<string, string>) => Button[]): Block {
	const about = schedule && schedule.state !== "removed" ? buttons({ schedule: String(schedule.number) }) : [];
	return { type: "actions", buttons: [...about, LIST] };
}

/** The two verdicts that an admin can give on a question that may not have arrived. */
export const settleButtons = (schedule: string, date: string): Button[] => [
	button("It is there", "schedule settle", { schedule, date, seen: "there" }, "primary"),
	button("Post it now", "schedule settle", { schedule, date, seen: "post" }),
];

type Body = Omit<Card, "tone"> & { readonly tone?: Card["tone"] };
type Of<Kind extends Alert["alert"]> = Extract<Alert, { alert: Kind }>;

const useAllQuestions = (subject: AlertSubject): Block =>
	buttonsFor(subject, (options) =>
		asksOursAlone(subject)
			? [button("Ask the bank's too", "schedule edit", { ...options, source: "both" }, "primary")]
			: [button("Use all questions", "schedule edit", { ...options, ...ALL_QUESTIONS }, "primary")],
	);

/** The filter does not apply to a workspace's own questions. */
const asksOursAlone = ({ schedule }: AlertSubject): boolean => schedule?.source === "ours";

const UNKNOWN_POST_BODY: Body = {
	title: "A daily question needs a look",
	blocks: [
		{ type: "text", text: "The list of schedules shows how each one is doing." },
		{ type: "actions", buttons: [LIST] },
	],
};

/** Whether the remedy is another channel: then a resume cannot work yet. */
const isChannelLost = (remedy: string): boolean => remedy.includes("schedule edit");

function pausedBody({ fault, remedy }: Of<"paused">, subject: AlertSubject): Body {
	return {
		title: "A daily question is paused",
		blocks: [
			{ type: "text", text: [...subjectWords(subject), ` is paused. ${asSentence(fault)}`] },
			{ type: "text", text: `${asSentence(remedy)} Then press Resume.` },
			{
				type: "text",
				text: "Its settings are kept, and nobody loses a streak: a question that never came can't be missed.",
			},
			buttonsFor(subject, (options) => [
				...(isChannelLost(remedy) ? [button("Choose another channel", "schedule edit", options, "primary")] : []),
				button("Resume", "schedule resume", options, isChannelLost(remedy) ? "secondary" : "primary"),
				button("Test it", "schedule test", options),
			]),
		],
	};
}

function unknownBody({ date }: Of<"unknown">, subject: AlertSubject): Body {
	return {
		title: `Did the question of ${dateText(date, date)} arrive?`,
		blocks: [
			{
				type: "text",
				text: [
					...subjectWords(subject),
					": I could not see whether the question arrived. The platform took it and gave no answer. Please look in the channel.",
				],
			},
			{
				type: "text",
				text: "I won't send it again by myself, because it might appear twice. Answers to it count, and nobody gets a miss for it.",
			},
			buttonsFor(subject, ({ schedule = "" }) => settleButtons(schedule, date)),
		],
	};
}

function lowBagBody({ left }: Of<"low-bag">, subject: AlertSubject): Body {
	return {
		tone: "plain",
		title: `${counted(left, "question")} left before they repeat`,
		blocks: [
			{
				type: "text",
				text: [
					...subjectWords(subject),
					asksOursAlone(subject)
						? " asks your own questions alone. When they are used up, they repeat in another order."
						: " has a filter that few questions pass. When they are used up, they repeat in another order.",
				],
			},
			useAllQuestions(subject),
		],
	};
}

function roleGoneBody(subject: AlertSubject): Body {
	const text = [
		...subjectWords(subject),
		" was to notify a role that has been deleted. Its questions come without a mention from now on.",
	];
	return {
		title: "The role to notify is gone",
		blocks: [
			{ type: "text", text },
			buttonsFor(subject, (options) => [button("Choose another", "schedule edit", options, "primary")]),
		],
	};
}

function unpublishedBody({ fault, remedy }: Of<"unpublished">, subject: AlertSubject): Body {
	const text = [...subjectWords(subject), `: ${asSentence(fault)} The question itself is in the channel.`];
	return {
		title: "A daily question was not published",
		blocks: [
			{ type: "text", text },
			{ type: "text", text: asSentence(remedy) },
			buttonsFor(subject, (options) => [
				button("Test it", "schedule test", options, "primary"),
				button("Stop publishing", "schedule edit", { ...options, publish: "no" }),
			]),
		],
	};
}

function emptyFilterBody(subject: AlertSubject): Body {
	const text = [...subjectWords(subject), " found no question for today, and posted none. Nobody loses a streak."];
	const title = asksOursAlone(subject) ? "No question of your own is left to ask" : "No question fits a filter";
	return { title, blocks: [{ type: "text", text }, useAllQuestions(subject)] };
}

function body(alert: Alert | null, subject: AlertSubject): Body {
	switch (alert?.alert) {
		case "paused":
			return pausedBody(alert, subject);
		case "unknown":
			return unknownBody(alert, subject);
		case "low-bag":
			return lowBagBody(alert, subject);
		case "role-gone":
			return roleGoneBody(subject);
		case "unpublished":
			return unpublishedBody(alert, subject);
		case "empty-filter":
			return emptyFilterBody(subject);
		case undefined:
			return UNKNOWN_POST_BODY;
	}
}

/** A notice to the admins. Names the workspace, because an admin may manage several. */
export function alertCard(alert: Alert | null, subject: AlertSubject): Card {
	const { title, blocks, tone = "warning" } = body(alert, subject);
	const where: Block[] =
		subject.workspaceName === "" ? [] : [{ type: "note", text: ["In ", plain(subject.workspaceName)] }];
	return { tone, title, blocks: [...blocks.slice(0, -1), ...where, ...blocks.slice(-1)] };
}

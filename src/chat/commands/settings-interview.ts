import type { LocalDate } from "../../core/calendar/calendar.ts";
import { dateText, weekdayText } from "../../core/calendar/date-words.ts";
import { UserError } from "../../core/errors.ts";
import { localDateAt } from "../../core/practice/memory.ts";
import { latestInterview, USUAL_REVIEWS } from "../../core/service/forecasting.ts";
import { counted } from "../../core/text/counted.ts";
import { button, type Reply } from "../card.ts";
import { defineCommand } from "../command.ts";
import { numberOption, type Option, optional } from "../option.ts";
import { dateOption, type SaidDate } from "../time-options.ts";

const MAX_REVIEWS = 20;
const OFF = ["off", "none"];

const isOff = (text: string): boolean => OFF.includes(text.trim().toLowerCase());

/** An option that takes a date or `off`, which is null. */
function dateOrOff(description: string): Option<SaidDate | null> {
	const date = dateOption(description);
	return {
		...date,
		accepts: (text) => isOff(text) || date.accepts(text),
		parse: (text, now) => (isOff(text) ? null : date.parse(text, now)),
	};
}

function interviewReply(on: LocalDate | null, reviews: number, today: LocalDate): Reply {
	const text =
		on === null
			? "No interview date is set."
			: on === today
				? "Your interview is today. `/nlpq stats` says what you would recall now. What you answer today comes back after the interview, on its usual date."
				: `Your interview is on ${weekdayText(on, today)}. At ${counted(reviews, "review")} a day, \`/nlpq stats\` says what you would recall then; no question comes back later than that day.`;
	return {
		card: {
			tone: "good",
			title: "Interview date",
			blocks: [
				{ type: "text", text },
				{ type: "actions", buttons: [button("My statistics", "stats", {}, "primary"), button("Practise", "practice")] },
			],
		},
		data: { interviewOn: on, reviewsADay: on === null ? null : reviews },
	};
}

function checkDate(on: LocalDate, today: LocalDate): void {
	const last = latestInterview(today);
	if (on >= today && on <= last) return;
	throw new UserError(
		`${dateText(on, today)} is ${on < today ? "in the past" : "more than a year ahead"}. Nothing was changed.`,
		`Name a date from ${dateText(today, today)} to ${dateText(last, today)}, or \`off\`.`,
	);
}

export const settingsInterview = defineCommand({
	name: "settings interview",
	summary: "The date you prepare for, and how many reviews a day you mean to do; off for none",
	options: {
		date: dateOrOff("Such as 2027-06-12, 12 June or thursday, at most a year ahead; off for none"),
		reviews: optional(numberOption(`Reviews a day, 1 to ${MAX_REVIEWS}; ${USUAL_REVIEWS} if left out`, 1, MAX_REVIEWS)),
	},
	example: "settings interview 2027-06-12 5",
	async run({ services, workspace, member, now }, { date, reviews }) {
		const dates = await services.store.practice.dates(workspace.id, member.id);
		const today = localDateAt(now, dates.zone, dates.latest);
		const interviewOn = date?.(today) ?? null;
		if (interviewOn !== null) checkDate(interviewOn, today);
		const reviewsADay = reviews ?? member.reviewsADay ?? USUAL_REVIEWS;
		await services.transaction(({ store }) => store.people.changeSettings(member.id, { interviewOn, reviewsADay }));
		return interviewReply(interviewOn, reviewsADay, today);
	},
	async again({ member, now }) {
		return interviewReply(member.interviewOn, member.reviewsADay ?? USUAL_REVIEWS, now.toISOString().slice(0, 10));
	},
});

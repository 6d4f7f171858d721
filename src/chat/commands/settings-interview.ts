import { addDays, type LocalDate, weekdayOf } from "../../core/calendar/calendar.ts";
import { parseWeekdays } from "../../core/calendar/weekdays.ts";
import { UserError } from "../../core/errors.ts";
import { localDateAt } from "../../core/practice/memory.ts";
import { latestInterview, USUAL_REVIEWS } from "../../core/service/forecasting.ts";
import { counted } from "../../core/text/counted.ts";
import { button, type Reply } from "../card.ts";
import { defineCommand } from "../command.ts";
import { dateText } from "../dates.ts";
import { inQuotes } from "../in-quotes.ts";
import { numberOption, type Option, optional } from "../option.ts";
import { dateOption } from "../time-options.ts";

const MAX_REVIEWS = 20;
const OFF = ["off", "none"];

/** The next date that a word names: `today`, `tomorrow`, or a weekday, which is never today. */
function dayNamed(word: string, today: LocalDate): LocalDate | null {
	if (word === "today") return today;
	const week = [1, 2, 3, 4, 5, 6, 7].map((days) => addDays(today, days));
	if (word === "tomorrow") return week[0] ?? null;
	const weekdays = parseWeekdays(word);
	return week.find((date) => weekdays === 1 << weekdayOf(date)) ?? null;
}

/** Any date, to see whether a word names a day at all. */
const SOME_DAY = "2027-01-01";
/** Shorter words, such as "we", are more likely to be others. */
const SHORTEST_DAY = 3;
const isDayName = (text: string): boolean =>
	text.trim().length >= SHORTEST_DAY && dayNamed(text.trim().toLowerCase(), SOME_DAY) !== null;

/** An option that takes a date, the name of a day, or `off`. */
function dateOrOff(description: string): Option<string> {
	const date = dateOption(description);
	const isWord = (text: string) => OFF.includes(text.trim().toLowerCase()) || isDayName(text);
	return {
		...date,
		accepts: (text) => isWord(text) || date.accepts(text),
		parse: (text, now) => (isWord(text) ? text.trim().toLowerCase() : date.parse(text, now)),
	};
}

function interviewReply(on: LocalDate | null, reviews: number, today: LocalDate): Reply {
	const text =
		on === null
			? "No interview date is set."
			: `Your interview is on ${dateText(on, today)}. At ${counted(reviews, "review")} a day, \`/nlpq stats\` says what you would recall then; no question comes back later than that day.`;
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
		`${inQuotes(on)} is ${on < today ? "in the past" : "more than a year ahead"}. Nothing was changed.`,
		`Name a date from ${today} to ${last}, or \`off\`.`,
	);
}

export const settingsInterview = defineCommand({
	name: "settings interview",
	summary: "The date you prepare for, and how many reviews a day you mean to do; off for none",
	options: {
		date: dateOrOff("Year-month-day or a weekday, at most a year ahead; off for none"),
		reviews: optional(numberOption(`Reviews a day, 1 to ${MAX_REVIEWS}; ${USUAL_REVIEWS} if left out`, 1, MAX_REVIEWS)),
	},
	example: "settings interview 2027-06-12 5",
	async run({ services, workspace, member, now }, { date, reviews }) {
		const dates = await services.store.practice.dates(workspace.id, member.id);
		const today = localDateAt(now, dates.zone, dates.latest);
		const interviewOn = OFF.includes(date) ? null : (dayNamed(date, today) ?? date);
		if (interviewOn !== null) checkDate(interviewOn, today);
		const reviewsADay = reviews ?? member.reviewsADay ?? USUAL_REVIEWS;
		await services.transaction(({ store }) => store.people.changeSettings(member.id, { interviewOn, reviewsADay }));
		return interviewReply(interviewOn, reviewsADay, today);
	},
	async again({ member, now }) {
		return interviewReply(member.interviewOn, member.reviewsADay ?? USUAL_REVIEWS, now.toISOString().slice(0, 10));
	},
});

/** Counts the long way what boards and recaps must say about lived weeks. */
import {
	DAYS,
	dateOfDay,
	HOUR,
	instantOfDay,
	type LivedDay,
	type LivedMember,
	type LivedWorkspace,
	placeOf,
} from "./lived-weeks.ts";
import { type ModelStreak, modelStreak } from "./streaks/streak-model.ts";

const isSince = (day: number, since: Date | null, hour: number) =>
	since === null || instantOfDay(day).getTime() + hour * HOUR >= since.getTime();

/** A member's streak in a schedule, read off the whole history. */
function streakOf(
	{ id, days }: LivedWorkspace["schedules"][number],
	{ checkResults, excused }: Pick<LivedMember, "checkResults" | "excused">,
): ModelStreak {
	const numbered = days.map(({ day, number }) => ({ number, at: 24 * day + 1, place: placeOf(id, day) }));
	const occurrences = days.map(({ day, state }) => ({
		delivered: 24 * day,
		known: state === "delivered",
		date: dateOfDay(day),
	}));
	const answers = numbered.filter(({ place }) => checkResults.has(place));
	const repairs = numbered.filter(({ place }) => excused.has(place));
	return modelStreak({ occurrences, answers, repairs, away: [] }, 24 * (DAYS - 1) + 2);
}

/** A member's best streak among the schedules, by the current or the longest; the longest decides ties. */
const bestOf = (member: CountedMember, by: "current" | "longest", only: number | null): ModelStreak | undefined =>
	[...member.streaks]
		.flatMap(([scheduleId, streak]) => (only === null || scheduleId === only ? [streak] : []))
		.sort((a, b) => b[by] - a[by] || b.longest - a.longest)[0];

/** The longest run within a period, counted day by day. */
function runOf(
	{ schedules }: LivedWorkspace,
	{ checkResults, excused, streaks }: CountedMember,
	since: Date | null,
	only: number | null,
): number {
	let best = 0;
	for (const { id, days } of schedules) {
		if (only !== null && id !== only) continue;
		const frozen = new Set(streaks.get(id)?.ledger.filter((line) => line.endsWith(" freeze-used")));
		let run = 0;
		for (const { day, number, state } of days) {
			if (!isSince(day, since, 0)) continue;
			if (checkResults.has(placeOf(id, day))) run += 1;
			else if (!excused.has(placeOf(id, day)) && !frozen.has(`${number} freeze-used`) && state !== "unknown") run = 0;
			best = Math.max(best, run);
		}
	}
	return best;
}

function checkResultsSince({ checkResults }: LivedMember, since: Date | null, only: number | null): (boolean | null)[] {
	return [...checkResults].flatMap(([place, correct]) => {
		const [scheduleId, day = 0] = place.split(" ").map(Number);
		return (only === null || scheduleId === only) && isSince(day, since, 1) ? [correct] : [];
	});
}

function boardValue(
	lived: LivedWorkspace,
	member: CountedMember,
	board: string,
	since: Date | null,
	only: number | null,
): number | null {
	if (board === "current" || board === "longest") return bestOf(member, board, only)?.[board] || null;
	if (board === "run") return runOf(lived, member, since, only) || null;
	const answers = checkResultsSince(member, since, only);
	if (board === "answered") return answers.length || null;
	const checks = answers.filter((correct) => correct !== null);
	return checks.length < 10 ? null : checks.filter(Boolean).length / checks.length;
}

/** A member with their streaks, by schedule. */
interface CountedMember extends LivedMember {
	readonly streaks: ReadonlyMap<number, ModelStreak>;
}

/** Counts every streak of a workspace from scratch, once for all boards. */
export function countStreaks(lived: LivedWorkspace): CountedMember[] {
	return lived.members.map((member) => ({
		...member,
		streaks: new Map(lived.schedules.map((schedule) => [schedule.id, streakOf(schedule, member)])),
	}));
}

/** The expected board: `name value`, highest first. @param only a schedule; null for the workspace */
export function recountBoard(
	lived: LivedWorkspace,
	members: readonly CountedMember[],
	board: string,
	since: Date | null,
	only: number | null,
): string[] {
	return members
		.filter(({ hidden }) => !hidden)
		.flatMap((member) => {
			const value = boardValue(lived, member, board, since, only);
			const longest = bestOf(member, board === "current" ? "current" : "longest", only)?.longest ?? 0;
			return value === null ? [] : [{ name: member.name, longest, value }];
		})
		.sort((a, b) => b.value - a.value || b.longest - a.longest || (a.name < b.name ? -1 : 1))
		.map(({ name, value }) => `${name} ${value.toFixed(9)}`);
}

/** What a recap of a schedule's week must contain. @param monday a day's index */
export function recountWeek({ schedules, members }: LivedWorkspace, scheduleId: number, monday: number) {
	const days = schedules.find(({ id }) => id === scheduleId)?.days ?? [];
	const within = (from: number) => days.filter(({ day }) => day >= from && day < from + 7);
	const [week, before] = [within(monday), within(monday - 7)];
	const count = ({ checkResults }: LivedMember, some: readonly LivedDay[]) =>
		some.filter(({ day }) => checkResults.has(placeOf(scheduleId, day))).length;
	const visible = members.filter(({ hidden }) => !hidden);
	const gains = visible.map((member) => ({ name: member.name, gain: count(member, week) - count(member, before) }));
	const most = Math.max(0, ...gains.map(({ gain }) => gain).filter((gain) => gain >= 2));
	const began = (member: LivedMember) =>
		days.find(({ day }) => member.checkResults.has(placeOf(scheduleId, day)))?.day ?? -1;
	const hard = week
		.map(({ day, number }) => {
			const checks = members.flatMap(({ checkResults }) => checkResults.get(placeOf(scheduleId, day)) ?? []);
			return { number, checks: checks.length, wrong: checks.filter((correct) => !correct).length };
		})
		.filter(({ checks, wrong }) => checks >= 5 && wrong > 0)
		.sort((a, b) => b.wrong / b.checks - a.wrong / a.checks || a.number - b.number)[0];
	return {
		participants: members.filter((member) => count(member, week) > 0).length,
		participantsBefore: members.filter((member) => count(member, before) > 0).length,
		more: gains
			.filter(({ gain }) => most > 0 && gain === most)
			.map(({ name }) => name)
			.sort()
			.slice(0, 5),
		moreDays: most,
		first: visible
			.filter((member) => began(member) >= monday && began(member) < monday + 7)
			.map(({ name }) => name)
			.sort()
			.slice(0, 5),
		hardest: hard ? { questionId: "kv-cache", revision: 1, wrong: hard.wrong, checks: hard.checks } : null,
	};
}

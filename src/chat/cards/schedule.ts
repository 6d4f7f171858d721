import { weekdaysText } from "../../core/calendar/weekdays.ts";
import { FORTNIGHT } from "../../core/daily/schedules.ts";
import type { Schedule } from "../../core/model.ts";
import type { OccurrenceCounts } from "../../core/ports/schedules.ts";
import { counted } from "../../core/text/counted.ts";
import { asSentence } from "../../core/text/sentences.ts";
import { type Block, button, type Card, type Inline, instant, plain } from "../card.ts";
import type { Finding } from "../platform.ts";

/** A schedule in words: channel, time, zone, weekdays, filter, recap, publishing and mentioned role. */
export function scheduleWords(schedule: Schedule): Inline[] {
	const { categories, difficulties, source, roleId, publish } = schedule;
	const sources = { bank: ["the bank's questions alone"], ours: ["your own questions alone"], both: [] }[source];
	const recap = schedule.recapAt === null ? [] : ["a recap each Monday"];
	const published = publish ? ["published to those who follow the channel"] : [];
	const filter = [...categories, ...difficulties, ...sources, ...recap, ...published].join(", ");
	const notified: Inline[] = roleId === null ? [] : [", notifies ", { type: "role", id: roleId }];
	return [
		{ type: "channel", id: schedule.channelId, name: schedule.channelName },
		`: ${schedule.localTime} (${schedule.zone}), ${weekdaysText(schedule.weekdays)}${filter === "" ? "" : `, ${filter}`}`,
		...notified,
	];
}

/** When the next questions come, in the reader's own zone if the platform supports it. */
export function upcomingBlock(schedule: Schedule, instants: readonly Date[]): Block {
	if (instants.length === 0) return { type: "text", text: "Nothing comes until it is resumed." };
	return { type: "list", marker: "bullet", items: instants.map((at) => [instant(at, schedule.zone)]) };
}

/** A note if a schedule has few questions to ask. */
export function smallFilterNote(size: number, { source }: Pick<Schedule, "source">): Block[] {
	if (size >= FORTNIGHT) return [];
	const few = "less than two weeks of daily ones, so they come again soon.";
	const text =
		source === "ours"
			? `There ${size === 1 ? "is" : "are"} ${counted(size, "question")} of your own: ${few} \`source:both\` adds the bank's.`
			: `The filter admits ${counted(size, "question")}: ${few} \`categories:all\` widens it.`;
	return [{ type: "text", text }];
}

/** A schedule after a change, with its next five questions. */
export function scheduleCard(title: string, schedule: Schedule, size: number, next: readonly Date[]): Card {
	const options = { schedule: String(schedule.number) };
	return {
		tone: "good",
		title,
		blocks: [
			{ type: "text", text: scheduleWords(schedule) },
			...smallFilterNote(size, schedule),
			...(next.length > 0 ? [{ type: "heading" as const, text: "The next five" }] : []),
			upcomingBlock(schedule, next),
			{
				type: "actions",
				buttons: [
					...(schedule.state === "paused" ? [button("Resume", "schedule resume", options, "primary")] : []),
					button("Test it", "schedule test", options),
					...(schedule.state === "paused" ? [] : [button("Post one now", "schedule post", options)]),
					button("Filter and more", "schedule edit", { ...options, more: "yes" }),
					button("All schedules", "schedule list"),
				],
			},
		],
	};
}

function stateWords(schedule: Schedule, next: Date | null): Inline[] {
	if (schedule.state === "active") return next ? ["Active, next ", instant(next, schedule.zone)] : ["Active"];
	const why = schedule.pauseReason === null ? [] : [" (", plain(schedule.pauseReason), ")"];
	return schedule.pausedUntil === null
		? ["Paused", ...why]
		: ["Paused until ", instant(schedule.pausedUntil, schedule.zone), ...why];
}

function countsText({ delivered, skipped, unknown }: OccurrenceCounts): string {
	const rare = [skipped > 0 ? `, skipped ${skipped}` : "", unknown > 0 ? `, unknown ${unknown}` : ""];
	return `Delivered ${delivered}${rare.join("")}`;
}

/** One schedule in the list: its settings, state and history. */
export function scheduleItem(schedule: Schedule, counts: OccurrenceCounts, next: Date | null): Inline[] {
	const last: Inline[] = counts.last?.deliveredAt ? ["; last ", instant(counts.last.deliveredAt, schedule.zone)] : [];
	const { lastFault, pauseReason } = schedule;
	const fault: Inline[] = lastFault === null || pauseReason !== null ? [] : ["; last fault: ", plain(lastFault)];
	return [
		`#${schedule.number} `,
		...scheduleWords(schedule),
		". ",
		...stateWords(schedule, next),
		...last,
		`. ${countsText(counts)}`,
		...fault,
		".",
	];
}

/** The requirements of a post, and which of them are missing. */
export function findingsBlock(findings: readonly Finding[]): Block {
	return {
		type: "list",
		marker: "bullet",
		items: findings.map(({ ok, name, fault, remedy }) => {
			if (ok) return `OK: ${name}`;
			return `${fault ?? `Missing: ${name}.`} ${asSentence(remedy)}`;
		}),
	};
}

import { upcoming } from "../../core/daily/schedules.ts";
import type { Schedule } from "../../core/model.ts";
import { counted } from "../../core/text/counted.ts";
import { type Button, button, type Card } from "../card.ts";
import { scheduleItem } from "../cards/schedule.ts";
import { defineCommand, type Place } from "../command.ts";

/** With more schedules than this, none gets its own buttons: they would bury the list. */
const MAX_WITH_BUTTONS = 4;
const ADD_ANOTHER = button("Another one", "schedule add");

function buttonsOf({ number, state }: Schedule): Button[] {
	const options = { schedule: String(number) };
	const goesOn = state === "active";
	return [
		button(`Edit #${number}`, "schedule edit", options),
		goesOn
			? button(`Pause #${number}`, "schedule pause", options)
			: button(`Resume #${number}`, "schedule resume", options, "primary"),
	];
}

/** The card for a workspace without schedules. It leads to the first one. */
function firstScheduleCard(place: Place): Card {
	const here = button("Every day at 09:00 here", "schedule add", { time: "09:00" }, "primary");
	const elsewhere = button("Choose channel and time", "schedule add");
	return {
		tone: "plain",
		title: "No daily question is set here yet",
		blocks: [
			{ type: "text", text: "One line does it: `/nlpq schedule add 09:00 Europe/Berlin weekdays`." },
			{ type: "actions", buttons: place.kind === "direct" ? [elsewhere] : [here, elsewhere] },
		],
	};
}

export const scheduleList = defineCommand({
	name: "schedule list",
	summary: "This workspace's daily questions and their state",
	admin: true,
	groupDefault: true,
	options: {},
	example: "schedule list",
	async run(context) {
		const { store } = context.services;
		const schedules = await store.schedules.list(context.workspace.id);
		const entries = await Promise.all(
			schedules.map(async (schedule) => {
				const [counts, [next = null]] = await Promise.all([
					store.schedules.counts(schedule.id),
					upcoming(context.services, schedule, context.now),
				]);
				return { schedule, counts, next };
			}),
		);
		const data = {
			schedules: entries.map(({ schedule, counts, next }) => ({
				schedule: schedule.number,
				channel: schedule.channelName,
				time: schedule.localTime,
				zone: schedule.zone,
				state: schedule.state,
				next: schedule.state === "active" ? (next?.toISOString() ?? null) : null,
				last: counts.last?.deliveredAt?.toISOString() ?? null,
				delivered: counts.delivered,
				skipped: counts.skipped,
				unknown: counts.unknown,
				fault: schedule.lastFault,
			})),
		};
		if (entries.length === 0) return { card: firstScheduleCard(context.place), data };
		const items = entries.map(({ schedule, counts, next }) => scheduleItem(schedule, counts, next));
		return {
			card: {
				tone: "plain",
				title: counted(entries.length, "daily question"),
				blocks: [
					{ type: "list", marker: "bullet", items },
					{
						type: "note",
						text: "`/nlpq schedule edit <number> time:10:00` changes one; pause, resume, remove, test and post take the number too.",
					},
					{
						type: "actions",
						buttons: [...(schedules.length <= MAX_WITH_BUTTONS ? schedules.flatMap(buttonsOf) : []), ADD_ANOTHER],
					},
				],
			},
			data,
		};
	},
});

import { questionCard } from "../../chat/cards/question.ts";
import type { Dispatcher } from "../../chat/dispatch.ts";
import { localDateOf, nextInstant, weekdayOf } from "../../core/calendar/calendar.ts";
import { EVERY_DAY } from "../../core/calendar/weekdays.ts";
import type { Schedule } from "../../core/model.ts";
import { questionOf } from "../../core/question/asking.ts";
import type { Services } from "../../core/service/services.ts";
import { TERMINAL_CHANNEL } from "./caller.ts";
import type { Terminal } from "./terminal.ts";

const DEFAULT_TIME = "09:00";

/** Creates the terminal's workspace and default schedule once; its owner's later changes are kept. */
export async function ensureTerminalSchedule(services: Services, zone: string, now: Date): Promise<Schedule | null> {
	return services.transaction(async ({ store: { people, schedules } }) => {
		const workspace = await people.ensureWorkspace("terminal", "terminal", "Terminal", now);
		const known = await schedules.list(workspace.id, { withRemoved: true });
		if (known.length > 0) return known.find((schedule) => schedule.state === "active") ?? null;
		const timetable = { localTime: DEFAULT_TIME, zone, weekdays: EVERY_DAY };
		return schedules.add({
			workspaceId: workspace.id,
			channelId: TERMINAL_CHANNEL,
			channelName: TERMINAL_CHANNEL,
			...timetable,
			categories: [],
			difficulties: [],
			nextRunAt: nextInstant(timetable, now),
			createdAt: now,
		});
	});
}

/**
 * Tells members how commands ended that an earlier process left unanswered.
 * @param alone whether no other process can be using this database; otherwise members are told with their next command
 */
export async function tellEnds(
	services: Services,
	dispatcher: Dispatcher,
	terminal: Terminal,
	alone: boolean,
): Promise<void> {
	if (!alone) return;
	for (const interaction of await services.store.interactions.owedOn(terminal.name)) {
		terminal.tellEnd(interaction, await dispatcher.wasSaved(interaction));
		await dispatcher.confirmReply({ reportedKeys: [interaction.key] });
	}
}

/** Whether a schedule has not posted its question for the current local date yet. */
export async function owesToday({ store }: Services, schedule: Schedule, now: Date): Promise<boolean> {
	const today = localDateOf(now, schedule.zone);
	const wanted = (schedule.weekdays & (1 << weekdayOf(today))) !== 0;
	return wanted && (await store.occurrences.ofDate(schedule.id, today)) === null;
}

/**
 * Resumes today's question if an earlier process has posted it: shows it to a person who types, and makes its numbers
 * work.
 * @returns whether one is open
 */
export async function takeUpToday(
	services: Services,
	dispatcher: Dispatcher,
	terminal: Terminal,
	{ workspaceId }: Schedule,
	now: Date,
): Promise<boolean> {
	if (terminal.dialogue.seen.today !== null) return true;
	const [newest] = await services.store.occurrences.open(workspaceId, null, now);
	const question = newest?.questionId
		? await questionOf(services, workspaceId, newest.questionId, newest.questionRevision)
		: null;
	if (!question) return false;
	if (terminal.isTyped) await terminal.dialogue.runLine("today", dispatcher, terminal.dialogue.seen);
	else terminal.takeUp(questionCard(question));
	return true;
}

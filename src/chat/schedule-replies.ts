import { filterSize, upcoming } from "../core/daily/schedules.ts";
import type { Schedule } from "../core/model.ts";
import type { Reply } from "./card.ts";
import { scheduleCard } from "./cards/schedule.ts";
import type { Context } from "./command.ts";

/** A changed schedule, with its number of questions and its next dates. @param became the change, such as "resumed" */
export async function scheduleReply(context: Context, schedule: Schedule, became: string): Promise<Reply> {
	const { services, now } = context;
	const size = await filterSize(services, schedule.workspaceId, schedule);
	const next = await upcoming(services, schedule, now);
	return {
		card: scheduleCard(`Schedule #${schedule.number} ${became}`, schedule, size, next),
		data: { schedule: schedule.number, next: next[0]?.toISOString() ?? null, questions: size },
	};
}

/** The current state of a schedule that a command changed; null when it was removed. */
export async function changedSchedule({ services, workspace }: Context, id: number | null): Promise<Schedule | null> {
	const schedule = id === null ? null : await services.store.schedules.get(workspace.id, id);
	return schedule?.state === "removed" ? null : schedule;
}

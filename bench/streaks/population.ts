import type { Workspace } from "../../src/core/model.ts";
import type { Asker } from "../../src/core/service/services.ts";

/**
 * Members 1 to `members` with one streak each, in workspaces with one schedule each. The first workspace has a tenth of
 * them, the second a thousand, all with long histories. The others share the rest, who have short ones. All rules here
 * use integer arithmetic, which the database and pgbench compute alike.
 */
export interface Population {
	readonly members: number;
	readonly workspaces: number;
	/** How many members the first workspace has. */
	readonly big: number;
	/** The question that is open in every schedule, and the one after it. */
	readonly today: string;
	readonly tomorrow: string;
}

/** How many members the second workspace has. */
export const SMALL = 1000;
/** The number of the open occurrence in the first two workspaces, and in the others. */
export const LONG = 60;
export const SHORT = 8;
/** When the open occurrence was delivered. */
export const TODAY = new Date("2027-06-01T09:00:00Z");
/** An occurrence's id is its number plus this times its workspace's id. */
export const STRIDE = 1000;
/** Coprime to every number of members here, so its multiples visit each member once, in no particular order. */
const SCATTER = 7_919;

export function populationOf(members: number, today: string, tomorrow: string): Population {
	return { members, workspaces: members / 1000, big: members / 10, today, tomorrow };
}

export function workspaceOf({ big, workspaces }: Population, member: number): number {
	if (member <= big) return 1;
	return member <= big + SMALL ? 2 : 3 + (member % (workspaces - 2));
}

/** The member at a place in a walk that visits each of `members` once. */
export const scattered = (place: number, members: number): number => 1 + ((place * SCATTER) % members);

/**
 * The same rules as expressions that both SQL and pgbench accept.
 * @param member what the member's id is called there
 */
export function arithmetic({ big, workspaces }: Population, member: string) {
	const workspace = `case when ${member} <= ${big} then 1 when ${member} <= ${big + SMALL} then 2 else 3 + ${member} % ${workspaces - 2} end`;
	const last = `case when ${member} <= ${big + SMALL} then ${LONG} else ${SHORT} end`;
	// The cube of a number from 0 to 999 makes most streaks short and a few long.
	const lot = `((${member} * ${SCATTER}) % 1000)`;
	const streak = `1 + (${last} - 2) * ${lot} * ${lot} * ${lot} / 1000000000`;
	return { workspace, last, streak };
}

const workspace = (id: number): Workspace => ({
	id,
	platform: "bench",
	externalId: `W${id}`,
	name: `Workspace ${id}`,
	removedAt: null,
});

/** A member as a command finds it. */
export function askerOf(population: Population, id: number): Asker {
	const workspaceId = workspaceOf(population, id);
	const flags = {
		lastQuestionId: null,
		hidden: false,
		milestonesPublic: false,
		reminderHours: null,
		interviewOn: null,
		reviewsADay: null,
	};
	const member = { id, workspaceId, externalId: `M${id}`, name: `Member ${id}`, ...flags };
	return { workspace: workspace(workspaceId), member, channelId: "daily" };
}

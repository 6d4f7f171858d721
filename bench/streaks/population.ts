import type { Member, Workspace } from "../../src/core/model.ts";
import type { Asker } from "../../src/core/service/services.ts";

/**
 * Members with the ids 1 to `members`, each with one streak, in workspaces with one schedule each. The first workspace
 * has a tenth of the members, the second has 1,000; both have long histories. The other workspaces share the rest, whose
 * histories are short. Only integer arithmetic is used, which SQL and pgbench compute alike.
 */
export interface Population {
	readonly members: number;
	readonly workspaces: number;
	/** How many members the first workspace has. */
	readonly bigWorkspace: number;
	/** The question that is open in every schedule, and the one after it. */
	readonly today: string;
	readonly tomorrow: string;
}

/** How many members the second workspace has. */
export const SMALL_WORKSPACE = 1000;
/** How many occurrences a schedule has had, the open one included: in the first two workspaces, and in the others. */
export const LONG_HISTORY = 60;
export const SHORT_HISTORY = 8;
/** When the open occurrence was delivered. */
export const TODAY = new Date("2027-06-01T09:00:00Z");
/** An occurrence's id is its workspace's id times this, plus its number. */
export const OCCURRENCE_ID_STRIDE = 1000;
/** Coprime to every number of members here: a walk in such steps visits each member once, in scattered order. */
export const SCATTER_STEP = 7_919;

export function populationOf(members: number, today: string, tomorrow: string): Population {
	return { members, workspaces: members / 1000, bigWorkspace: members / 10, today, tomorrow };
}

export function workspaceOf({ bigWorkspace, workspaces }: Population, member: number): number {
	if (member <= bigWorkspace) return 1;
	return member <= bigWorkspace + SMALL_WORKSPACE ? 2 : 3 + (member % (workspaces - 2));
}

/** The member at this step of a walk that visits each of `members` once. */
export const memberAtStep = (step: number, members: number): number => 1 + ((step * SCATTER_STEP) % members);

/**
 * The same rules as expressions that both SQL and pgbench accept.
 * @param member the expression for the member's id
 */
export function populationExpressions({ bigWorkspace, workspaces }: Population, member: string) {
	const workspace = `case when ${member} <= ${bigWorkspace} then 1 when ${member} <= ${bigWorkspace + SMALL_WORKSPACE} then 2 else 3 + ${member} % ${workspaces - 2} end`;
	const last = `case when ${member} <= ${bigWorkspace + SMALL_WORKSPACE} then ${LONG_HISTORY} else ${SHORT_HISTORY} end`;
	// The cube of a number from 0 to 999 makes most streaks short and a few long.
	const spread = `((${member} * ${SCATTER_STEP}) % 1000)`;
	const streak = `1 + (${last} - 2) * ${spread} * ${spread} * ${spread} / 1000000000`;
	return { workspace, last, streak };
}

/** A member as a command finds it. */
export function askerOf(population: Population, id: number): Asker {
	return benchAsker(workspaceOf(population, id), id);
}

export function benchAsker(workspaceId: number, memberId: number): Asker {
	const workspace: Workspace = {
		id: workspaceId,
		platform: "bench",
		externalId: `W${workspaceId}`,
		name: `Workspace ${workspaceId}`,
		removedAt: null,
	};
	const member: Member = {
		id: memberId,
		workspaceId,
		externalId: `M${memberId}`,
		name: `Member ${memberId}`,
		lastQuestionId: null,
		hidden: false,
		milestonesPublic: false,
		reminderHours: null,
		interviewOn: null,
		reviewsADay: null,
	};
	return { workspace, member, channelId: "daily" };
}

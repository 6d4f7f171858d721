/** Compares what the service reports with what the model says. */
import type { Member, Schedule, Workspace } from "../../../src/core/model.ts";
import type { Asker, Services } from "../../../src/core/service/services.ts";
import { boardPage } from "../../../src/core/streak/boards.ts";
import { rankRows } from "../../../src/core/streak/leaderboard.ts";
import { evaluateStreaks } from "../../../src/core/streak/streaks.ts";
import type { ModelStreak } from "./streak-model.ts";

const NO_STREAK = { current: 0, longest: 0, freezes: 0, answered: 0 };

/** @returns how a member's streak in one schedule differs from the model; null if it does not */
export async function compareStreak(
	{ store }: Services,
	member: Member,
	schedule: Schedule,
	model: ModelStreak,
	now: Date,
): Promise<string | null> {
	const stored = await store.streaks.get(member.id, schedule.id);
	const [evaluated] = stored ? await evaluateStreaks(store, [stored], now) : [];
	const booked = await store.streaks.ledgerOfSchedule(member.id, schedule.id);
	const lines = [...booked, ...(evaluated?.ledger ?? [])].map((line) => `${line.number} ${line.kind}`).sort();
	const { current, longest, freezes, answered } = evaluated?.row ?? NO_STREAK;
	const actual = JSON.stringify([current, longest, freezes, answered, lines]);
	const ledger = [...model.ledger].sort();
	const expected = JSON.stringify([model.current, model.longest, model.freezes, model.answered, ledger]);
	if (actual === expected) return null;
	return `member ${member.id}, schedule ${schedule.id}, ${now.toISOString()}: ${actual}, the model ${expected}`;
}

/**
 * Compares the board that each member sees with a plain ranking.
 * @param values the model's current streaks, by member
 * @returns the differences
 */
export async function compareBoard(
	services: Services,
	workspace: Workspace,
	members: readonly Member[],
	schedule: Schedule,
	values: ReadonlyMap<number, number>,
	now: Date,
): Promise<string[]> {
	const scope = { workspaceId: workspace.id, scheduleId: schedule.id };
	const people = await Promise.all(members.map((member) => services.store.people.member(member.id)));
	const rows = people.flatMap((person) => {
		const value = person && !person.hidden ? (values.get(person.id) ?? 0) : 0;
		return person && value > 0 ? [{ memberId: person.id, name: person.name, value, longest: 0 }] : [];
	});
	const expected = rankRows(rows.sort((a, b) => b.value - a.value)).map(
		({ memberId, rank, value }) => `${memberId} ${rank} ${value}`,
	);
	const faults: string[] = [];
	for (const person of people) {
		if (!person) continue;
		const asker: Asker = { workspace, member: person, channelId: "c" };
		const page = await boardPage(services, asker, scope, "current", null, 0, now);
		const shown = page.rows.map(({ memberId, rank, value }) => `${memberId} ${rank} ${value}`);
		const value = values.get(person.id) ?? 0;
		const rank = 1 + rows.filter((row) => row.value > value).length;
		const own = value > 0 ? `${rank} ${value}` : "none";
		const shownOwn = page.own ? `${page.own.rank} ${page.own.value}` : "none";
		if (String(shown.sort()) !== String(expected.sort()) || own !== shownOwn)
			faults.push(
				`board of ${schedule.id}, ${now.toISOString()}: ${shown} and ${shownOwn}, expected ${expected} and ${own}`,
			);
	}
	return faults;
}

import type { Member, Schedule, Workspace } from "../../../src/core/model.ts";
import type { Board, BoardScope } from "../../../src/core/ports/boards.ts";
import type { StreakRow } from "../../../src/core/ports/streaks.ts";
import type { StoreFixture } from "./fixture.ts";
import { streakRow } from "./streaks.ts";

export interface Place {
	readonly workspace: Workspace;
	readonly schedule: Schedule;
	readonly members: readonly Member[];
}

/** What the contracts of boards set up and read. */
export function boardHelpers(fixture: StoreFixture) {
	async function place(...names: string[]): Promise<Place> {
		const workspace = await fixture.workspace();
		const schedule = await fixture.schedule(workspace);
		const members: Member[] = [];
		for (const name of names) members.push(await fixture.member(workspace, name));
		return { workspace, schedule, members };
	}
	const scopes = ({ workspace, schedule }: Place): BoardScope[] => [
		{ workspaceId: workspace.id, scheduleId: schedule.id },
		{ workspaceId: workspace.id, scheduleId: null },
	];
	const save = (...rows: StreakRow[]) => fixture.store.transaction((store) => store.streaks.save(rows));
	const rowOf = (
		{ workspace, schedule, members }: Place,
		index: number,
		value: number,
		changes: Partial<StreakRow> = {},
	) =>
		streakRow(
			{ memberId: fixture.known(members[index]).id, scheduleId: schedule.id, workspaceId: workspace.id },
			value,
			changes,
		);
	const top = async (scope: BoardScope, board: Board, since: Date | null, offset: number, limit: number) => {
		const { boards } = fixture.store;
		return board === "current"
			? boards.currentTop(await fixture.current(scope), offset, limit)
			: boards.top(scope, board, since, offset, limit);
	};
	const above = async (scope: BoardScope, board: Board, value: number) => {
		const { boards } = fixture.store;
		return board === "current"
			? boards.currentAbove(await fixture.current(scope), value)
			: boards.countAbove(scope, board, null, value);
	};
	const names = async (scope: BoardScope, board: Board, since: Date | null = null, offset = 0, limit = 100) =>
		(await top(scope, board, since, offset, limit)).map(({ name, value }) => `${name} ${value}`);

	return { place, scopes, save, rowOf, top, above, names };
}

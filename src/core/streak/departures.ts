import type { Asker, ReadServices } from "../service/services.ts";
import type { BoardPage } from "./boards.ts";

/** Pages drawn at most until nobody on one is known to have left: the next drawing goes on. */
const MOST_ROUNDS = 3;

/**
 * A page of a board without members who have left the workspace. Those about to be shown are asked for; who is gone is
 * hidden from now on, and others move up. Their own data stays, and any use brings them back.
 * @param whoLeft of members by the platform's ids, those whom it says are gone
 */
export async function withoutDeparted(
	{ store }: ReadServices,
	{ workspace, member }: Asker,
	draw: () => Promise<BoardPage>,
	whoLeft: (externalIds: readonly string[]) => Promise<ReadonlySet<string>>,
	now: Date,
): Promise<BoardPage> {
	for (let round = 1; ; round += 1) {
		const page = await draw();
		const shown = page.rows.map(({ memberId }) => memberId).filter((id) => id !== member.id);
		if (shown.length === 0 || round > MOST_ROUNDS) return page;
		const people = await store.people.externalIds(workspace.id, shown);
		const gone = await whoLeft(people.map(({ externalId }) => externalId));
		const departed = people.filter(({ externalId }) => gone.has(externalId)).map(({ id }) => id);
		if (departed.length === 0) return page;
		await store.people.noteDepartures(workspace.id, departed, now);
	}
}

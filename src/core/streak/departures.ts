import type { Asker, ReadServices } from "../service/services.ts";
import type { BoardPage } from "./boards.ts";

/** How often a page may be redrawn without departed members. The next request continues. */
const MAX_ROUNDS = 3;

/**
 * A page of a board without members who left the workspace. Asks the platform about the members on the page, hides those
 * who left, and draws the page again. Their data stays, and any use of the bot unhides them.
 * @param whoLeft asks the platform which of these external ids are gone
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
		if (shown.length === 0 || round > MAX_ROUNDS) return page;
		const people = await store.people.externalIds(workspace.id, shown);
		const leftIds = await whoLeft(people.map(({ externalId }) => externalId));
		const departed = people.filter(({ externalId }) => leftIds.has(externalId)).map(({ id }) => id);
		if (departed.length === 0) return page;
		await store.people.noteDepartures(workspace.id, departed, now);
	}
}

import { sql } from "drizzle-orm";
import { expect, onTestFinished, test } from "vitest";
import { attempts } from "../../drizzle/schema.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { readAddress } from "../../src/adapters/postgres/server/address.ts";
import { GuardedClient } from "../../src/adapters/postgres/server/guarded-client.ts";
import { queryBuilder } from "../../src/adapters/postgres/server/query-builder.ts";
import type { Member, Occurrence } from "../../src/core/model.ts";
import { StoreFixture } from "../contracts/store/fixture.ts";
import { byEffort } from "../support/effort.ts";
import { testDatabase } from "../support/embedded.ts";
import { migratedDatabase } from "../support/postgres.ts";

// Each waits for all before it, so on a busy machine many of them would wait longer than a statement may.
const { MEMBERS, AT_ONCE } = byEffort({
	test: { MEMBERS: 60, AT_ONCE: 4 },
	ci: { MEMBERS: 200, AT_ONCE: 8 },
	full: { MEMBERS: 200, AT_ONCE: 12 },
});
const DAYS = 30;

test(`${MEMBERS} members who forget themselves, ${AT_ONCE} at a time, never wait for one another in a circle`, async () => {
	const url = await migratedDatabase();
	const conflicts: number[] = [];
	const pacing = { random: () => 0.5, sleep: async (milliseconds: number) => conflicts.push(milliseconds) };
	const client = new GuardedClient(readAddress(url, {}), AT_ONCE + 4, pacing);
	onTestFinished(() => client.close());
	const db = queryBuilder(client);
	const database = testDatabase(db, () => client.close());
	const fixture = new StoreFixture(() => database);
	const workspace = await fixture.workspace();
	const schedule = await fixture.schedule(workspace);
	const days: Occurrence[] = [];
	for (let day = 0; day < DAYS; day += 1) days.push(await fixture.occurrence(schedule, day));
	/** Each member has answered all questions, in a different order. */
	const answerAll = async (member: Member) => {
		const answerId = await fixture.answer(member, 1);
		const order = days.map((day, index) => ({ day, place: (index * 7 + member.id * 11) % DAYS }));
		const rows = order.sort((one, other) => one.place - other.place).map(({ day }) => day);
		const common = { memberId: member.id, workspaceId: workspace.id, scheduleId: schedule.id, answerId };
		await db
			.insert(attempts)
			.values(rows.map(({ id, number }) => ({ ...common, occurrenceId: id, number: number ?? 0, at: new Date() })));
	};
	const members = await Promise.all(
		Array.from({ length: MEMBERS }, (_, index) => fixture.member(workspace, `member ${index}`)),
	);
	await Promise.all(members.map(answerAll));
	await Promise.all(
		Array.from({ length: AT_ONCE }, async () => {
			for (let member = members.pop(); member; member = members.pop()) {
				const { id } = member;
				await database.store.transaction(({ people }) => people.eraseMember(id, new Date()));
			}
		}),
	);
	expect(conflicts).toEqual([]);
	const erased = await rawRows(db, sql`select distinct erased_attempts as erased from occurrences`);
	expect(erased).toEqual([{ erased: MEMBERS }]);
	expect(await rawRows(db, sql`select id from members`)).toEqual([]);
});

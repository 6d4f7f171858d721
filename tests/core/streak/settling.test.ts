import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import * as schema from "../../../drizzle/schema.ts";
import type { Occurrence, Schedule } from "../../../src/core/model.ts";
import type { Store } from "../../../src/core/ports/store.ts";
import { boardPage } from "../../../src/core/streak/boards.ts";
import { currentStreaks } from "../../../src/core/streak/current-board.ts";
import { SETTLE_BATCH, settleBatch } from "../../../src/core/streak/streaks.ts";
import { differencesOf, verifyStreaks } from "../../../src/core/streak/verify.ts";
import { streakRow } from "../../contracts/store/streaks.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { hoursOn, NINE_O_CLOCK, World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

interface Crowd {
	readonly world: World;
	readonly schedule: Schedule;
	/** All have answered the first, and those at an even place the second. */
	readonly first: Occurrence;
	readonly second: Occurrence;
}

/** Many members with a streak of one. Every other one has answered the second question too, which has just closed. */
async function crowd(size: number): Promise<Crowd> {
	const world = await World.open(database);
	const schedule = await world.schedule();
	await world.jumpTo(NINE_O_CLOCK);
	await world.jumpTo(hoursOn(24));
	const [first, second] = [
		await world.occurrence(schedule, "2027-03-08"),
		await world.occurrence(schedule, "2027-03-09"),
	];
	const { db } = database;
	const workspaceId = world.workspace.id;
	await db.insert(schema.members).values(
		Array.from({ length: size }, (_, place) => {
			const name = `m${String(place).padStart(4, "0")}`;
			return { workspaceId, externalId: `id-${name}`, name, joinedAt: NINE_O_CLOCK, lastUsedAt: NINE_O_CLOCK };
		}),
	);
	for (const [occurrence, every] of [
		[first, 1],
		[second, 2],
	] as const)
		await db.execute(sql`
			with said as (
				insert into answers (workspace_id, member_id, question_id, revision, at, kind, text, hinted)
				select workspace_id, id, ${occurrence.questionId}, 1, ${occurrence.deliveredAt?.toISOString()}::timestamptz, 'text', 'words', false
				from members where substr(name, 2)::int % ${every} = 0 returning id, member_id, at
			)
			insert into attempts (member_id, occurrence_id, workspace_id, schedule_id, number, answer_id, at)
			select member_id, ${occurrence.id}, ${workspaceId}, ${schedule.id}, ${occurrence.number}, id, at from said`);
	// As every answer books it; the second one is still open to the others.
	const members = await db.select({ id: schema.members.id, name: schema.members.name }).from(schema.members);
	const rows = members.map(({ id: memberId, name }) => {
		const count = Number(name.slice(1)) % 2 === 0 ? 2 : 1;
		return streakRow({ memberId, scheduleId: schedule.id, workspaceId }, count);
	});
	await world.store.transaction((store) => store.streaks.save(rows));
	expect(differencesOf(await verifyStreaks(world.store, hoursOn(25)))).toBe(0);
	return { world, schedule, first, second };
}

const closed = async ({ store }: { readonly store: Store }, occurrence: Occurrence) => {
	const now = await store.occurrences.get(occurrence.id);
	if (!now) throw new Error("no occurrence");
	return now;
};

describe("settling a closed window", () => {
	test("goes batch by batch, and continues where it was stopped", async () => {
		const size = 2 * SETTLE_BATCH + 40;
		const { world, second, schedule } = await crowd(size);
		await world.store.occurrences.change(second.id, { closesAt: hoursOn(48) });
		world.clock.moveTo(hoursOn(49));
		const step = async () =>
			world.store.transaction(async (store) => settleBatch(store, await closed({ store }, second), world.now));
		expect((await step()).done).toBe(false);
		// The process dies here. What it has done is kept, and nothing false is shown.
		const half = await closed(world, second);
		expect(half).toMatchObject({ settledAt: null });
		expect(half.settledThrough).not.toBeNull();
		const missed = async () => Number((await database.db.select().from(schema.ledger)).length);
		const lines = await missed();
		expect(lines).toBeGreaterThan(0);
		expect(lines).toBeLessThanOrEqual(SETTLE_BATCH);
		expect(await world.board("m0000", schedule.id)).toHaveLength(10);
		// A failing batch leaves nothing behind.
		await expect(
			world.store.transaction(async (store) => {
				await settleBatch(store, await closed({ store }, second), world.now);
				throw new Error("killed");
			}),
		).rejects.toThrow("killed");
		expect(await missed()).toBe(lines);
		expect(await closed(world, second)).toEqual(half);
		await world.run(world.worker("survivor"));
		expect(await closed(world, second)).toMatchObject({ settledAt: hoursOn(49) });
		// Each member who missed has one line, and nobody has two.
		expect(await missed()).toBe(size / 2);
		expect(differencesOf(await verifyStreaks(world.store, world.now))).toBe(0);
		const scope = { workspaceId: world.workspace.id, scheduleId: schedule.id };
		const { current } = await currentStreaks(world.store, scope, 0, world.now);
		expect(await world.store.boards.currentAbove(current, 0)).toBe(size / 2);
	});

	test("is done once by several processes", async () => {
		const { world, second } = await crowd(60);
		await world.store.occurrences.change(second.id, { closesAt: hoursOn(48) });
		world.clock.moveTo(hoursOn(48));
		const workers = [world.engine, world.worker("second"), world.worker("third")];
		await Promise.all(workers.map((engine) => world.run(engine)));
		expect(await database.db.select().from(schema.ledger)).toHaveLength(30);
		expect(differencesOf(await verifyStreaks(world.store, world.now))).toBe(0);
	});
});

describe("before a closed window is settled", () => {
	test("a dead streak shows nowhere, and ranks are those of the living", async () => {
		const size = 130;
		const { world, second, schedule } = await crowd(size);
		await world.store.occurrences.change(second.id, { closesAt: hoursOn(48) });
		world.clock.moveTo(hoursOn(49));
		for (const scheduleId of [schedule.id, null]) {
			const scope = { workspaceId: world.workspace.id, scheduleId };
			const shown: string[] = [];
			for (let page = 0; page < 7; page += 1) {
				const { rows, more } = await boardPage(
					world.services,
					await world.asker("m0000"),
					scope,
					"current",
					null,
					page,
					world.now,
				);
				expect(more).toBe(page < 6);
				shown.push(...rows.map((row) => `${row.rank} ${row.name} ${row.value}`));
			}
			// Those at an even place have two in a row, and share the first rank; the others are gone.
			const living = Array.from({ length: size / 2 }, (_, place) => `1 m${String(2 * place).padStart(4, "0")} 2`);
			expect(shown).toEqual(living);
		}
		const odd = await boardPage(
			world.services,
			{ ...(await world.asker("m0000")), ...(await askerOf(world, "m0001")) },
			{ workspaceId: world.workspace.id, scheduleId: schedule.id },
			"current",
			null,
			0,
			world.now,
		);
		expect(odd.own).toBeNull();
		const even = await boardPage(
			world.services,
			{ ...(await world.asker("m0000")), ...(await askerOf(world, "m0128")) },
			{ workspaceId: world.workspace.id, scheduleId: schedule.id },
			"current",
			null,
			0,
			world.now,
		);
		expect(even.own).toEqual({ rank: 1, value: 2 });
	});

	test("streaks of many lengths, some dead: every page is a plain sort of what each member has now", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		const names = Array.from({ length: 24 }, (_, place) => `m${String(place).padStart(2, "0")}`);
		// The member at place p begins on day p % 4, and stops p % 3 days before the end.
		for (let day = 0; day < 5; day += 1) {
			await world.jumpTo(hoursOn(24 * day));
			for (const [place, name] of names.entries())
				if (day >= place % 4 && day <= 4 - (place % 3)) await world.answer(name);
		}
		// What has closed so far is settled. Two more windows close at once and stay unsettled: looking settles
		// nothing.
		await world.run();
		world.clock.moveTo(hoursOn(24 * 5));
		await world.engine.look();
		for (const [place, name] of names.entries()) if (place % 5 !== 0) await world.answer(name);
		const last = await world.occurrence(schedule, "2027-03-13");
		await world.store.occurrences.change(last.id, { closesAt: hoursOn(24 * 6) });
		world.clock.moveTo(hoursOn(24 * 6 + 1));
		expect(await world.store.occurrences.toSettle(world.now, 10)).toHaveLength(2);
		const current = await Promise.all(
			names.map(async (name) => ({ name, value: (await world.streak(name))?.current ?? 0 })),
		);
		const alive = current
			.filter(({ value }) => value > 0)
			.sort((a, b) => b.value - a.value || a.name.localeCompare(b.name));
		expect(new Set(alive.map(({ value }) => value)).size).toBeGreaterThan(2);
		expect(alive.length).toBeLessThan(names.length);
		const expected = alive.map(
			({ name, value }) => `${1 + alive.filter((other) => other.value > value).length} ${name} ${value}`,
		);
		const shown: string[] = [];
		for (let page = 0; page < 3; page += 1) {
			const scope = { workspaceId: world.workspace.id, scheduleId: schedule.id };
			const { rows } = await boardPage(
				world.services,
				await world.asker("m00"),
				scope,
				"current",
				null,
				page,
				world.now,
			);
			shown.push(...rows.map((row) => `${row.rank} ${row.name} ${row.value}`));
		}
		// Ties are ordered by the longest streak first, which this rule does not include, so names within a rank may
		// differ.
		const byRank = (lines: readonly string[]) => [...lines].sort();
		expect(byRank(shown)).toEqual(byRank(expected));
		expect(shown.map((line) => line.split(" ")[0])).toEqual(expected.map((line) => line.split(" ")[0]));
		// Once settled, the stored board says the same.
		await world.run();
		expect(await world.board("m00", schedule.id)).toEqual(shown.slice(0, 10));
	});
});

async function askerOf(world: World, name: string) {
	const member = await world.store.people.findMember(world.workspace.id, `id-${name}`);
	if (!member) throw new Error(`no ${name}`);
	return { member };
}

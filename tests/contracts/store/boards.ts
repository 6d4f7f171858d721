import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Member } from "../../../src/core/model.ts";
import { boardHelpers } from "./board-helpers.ts";
import { at, type StoreFixture } from "./fixture.ts";
import { streakRow } from "./streaks.ts";

const STORED = ["longest", "answered"] as const;

export function boardsContract(fixture: StoreFixture): void {
	const { place, scopes, save, rowOf, top, above, names } = boardHelpers(fixture);

	describe("stored boards", () => {
		test("are ordered by value, then longest, then name; members with nothing are left out", async () => {
			const here = await place("ana", "ben", "cid", "dan", "eve");
			await save(
				rowOf(here, 0, 3),
				rowOf(here, 1, 5, { longest: 5 }),
				rowOf(here, 2, 5, { longest: 9 }),
				rowOf(here, 3, 5, { longest: 5 }),
				rowOf(here, 4, 0),
			);
			for (const scope of scopes(here)) {
				expect(await names(scope, "current")).toEqual(["cid 5", "ben 5", "dan 5", "ana 3"]);
				expect(await names(scope, "longest")).toEqual(["cid 9", "ben 5", "dan 5", "ana 3"]);
				expect(await names(scope, "answered")).toEqual(["cid 5", "ben 5", "dan 5", "ana 3"]);
				expect(await names(scope, "current", null, 1, 2)).toEqual(["ben 5", "dan 5"]);
				expect(await names(scope, "current", null, 4, 2)).toEqual([]);
				expect(await top(scope, "current", null, 0, 1)).toEqual([
					{ memberId: here.members[2]?.id, name: "cid", value: 5, longest: 9 },
				]);
			}
		});

		test("count members above a value, and return a member's own place", async () => {
			const here = await place("ana", "ben", "cid", "dan");
			await save(rowOf(here, 0, 3), rowOf(here, 1, 5), rowOf(here, 2, 5), rowOf(here, 3, 0));
			for (const scope of scopes(here))
				for (const board of ["current", ...STORED] as const)
					expect(await Promise.all([0, 2, 3, 4, 5].map((value) => above(scope, board, value)))).toEqual([
						3, 3, 2, 2, 0,
					]);
			for (const scope of scopes(here))
				for (const board of STORED) {
					const own = (index: number) => fixture.store.boards.place(scope, board, null, here.members[index]?.id ?? 0);
					expect(await own(0)).toEqual({ value: 3, above: 2 });
					expect(await own(1)).toEqual({ value: 5, above: 0 });
					expect(await own(3)).toBeNull();
					expect(await fixture.store.boards.place(scope, board, null, 999_999)).toBeNull();
				}
		});

		test("keep workspaces and schedules apart", async () => {
			const here = await place("ana", "ben");
			const other = await fixture.schedule(here.workspace);
			await save(rowOf(here, 0, 4), rowOf(here, 1, 2), rowOf(here, 1, 6, { scheduleId: other.id }));
			const elsewhere = await fixture.workspace("elsewhere");
			expect(await names({ workspaceId: here.workspace.id, scheduleId: here.schedule.id }, "current")).toEqual([
				"ana 4",
				"ben 2",
			]);
			expect(await names({ workspaceId: here.workspace.id, scheduleId: other.id }, "current")).toEqual(["ben 6"]);
			expect(await names({ workspaceId: here.workspace.id, scheduleId: null }, "current")).toEqual(["ben 6", "ana 4"]);
			expect(await names({ workspaceId: elsewhere.id, scheduleId: null }, "current")).toEqual([]);
			expect(await names({ workspaceId: elsewhere.id, scheduleId: here.schedule.id }, "current")).toEqual([]);
		});

		test("a hidden member is on none that others see, and keeps a place of their own", async () => {
			const { store } = fixture;
			const here = await place("ana", "ben", "cid");
			await save(rowOf(here, 0, 9), rowOf(here, 1, 5), rowOf(here, 2, 3));
			await store.people.changeSettings(here.members[0]?.id ?? 0, { hidden: true });
			for (const scope of scopes(here)) {
				expect(await names(scope, "current")).toEqual(["ben 5", "cid 3"]);
				expect(await above(scope, "current", 0)).toBe(2);
				expect(await store.boards.place(scope, "longest", null, here.members[0]?.id ?? 0)).toEqual({
					value: 9,
					above: 0,
				});
				expect(await store.boards.place(scope, "longest", null, here.members[1]?.id ?? 0)).toEqual({
					value: 5,
					above: 0,
				});
			}
			// A hidden member's answers move nobody, and showing them again brings back what they have reached
			// meanwhile.
			await save(rowOf(here, 0, 10));
			for (const scope of scopes(here)) expect(await above(scope, "current", 4)).toBe(1);
			await store.people.changeSettings(here.members[0]?.id ?? 0, { hidden: false });
			for (const scope of scopes(here)) expect(await names(scope, "current")).toEqual(["ana 10", "ben 5", "cid 3"]);
		});

		test("names on boards follow the members' names", async () => {
			const here = await place("ana", "ben");
			await save(rowOf(here, 0, 5), rowOf(here, 1, 5));
			await fixture.store.people.ensureMember(here.workspace.id, "id-ana", "zoe", at(1));
			for (const scope of scopes(here)) expect(await names(scope, "current")).toEqual(["ben 5", "zoe 5"]);
		});
	});

	test("participation: how many attempted the newest occurrence, of those who attempted any of the last ones", async () => {
		const { boards } = fixture.store;
		const here = await place("ana", "ben", "cid", "dan");
		expect(await boards.participation(here.schedule.id, 3)).toBeNull();
		for (let days = 0; days < 5; days += 1) await fixture.occurrence(here.schedule, days);
		expect(await boards.participation(here.schedule.id, 3)).toEqual({ today: 0, active: 0 });
		for (const [index, latestNumber] of [5, 3, 2, 5].entries()) await save(rowOf(here, index, 1, { latestNumber }));
		await fixture.store.people.changeSettings(here.members[3]?.id ?? 0, { hidden: true });
		expect(await boards.participation(here.schedule.id, 3)).toEqual({ today: 2, active: 3 });
		expect(await boards.participation(here.schedule.id, 1)).toEqual({ today: 2, active: 2 });
		expect(await boards.participation(here.schedule.id, 14)).toEqual({ today: 2, active: 4 });
	});

	test("ranks and pages equal a plain count, whatever members do", async () => {
		type Change = {
			readonly who: number;
			readonly what: "save" | "hide" | "show" | "rename" | "erase";
			readonly value: number;
		};
		const changes: fc.Arbitrary<Change[]> = fc.array(
			fc.record({
				who: fc.nat({ max: 4 }),
				what: fc.constantFrom("save", "save", "save", "hide", "show", "rename", "erase"),
				value: fc.nat({ max: 6 }),
			}),
			{ minLength: 4, maxLength: 14 },
		);
		let run = 0;
		await fc.assert(
			fc.asyncProperty(changes, async (list) => {
				run += 1;
				const workspace = await fixture.workspace(`run ${run}`);
				const schedule = await fixture.schedule(workspace);
				const people: Member[] = [];
				for (const who of [0, 1, 2, 3, 4]) people.push(await fixture.member(workspace, `m${who}`));
				const model = new Map<number, { name: string; value: number; longest: number; hidden: boolean }>();
				const hidden = new Set<number>();
				const renamed = new Map<number, string>();
				for (const { who, what, value } of list) {
					const member = fixture.known(people[who]);
					if (what === "save") {
						const longest = Math.max(value, model.get(who)?.longest ?? 0);
						const name = renamed.get(who) ?? member.name;
						model.set(who, { name, value, longest, hidden: hidden.has(who) });
						await save(
							streakRow({ memberId: member.id, scheduleId: schedule.id, workspaceId: workspace.id }, value, {
								longest,
							}),
						);
					} else if (what === "hide" || what === "show") {
						if (what === "hide") hidden.add(who);
						else hidden.delete(who);
						const known = model.get(who);
						if (known) known.hidden = what === "hide";
						await fixture.store.people.changeSettings(member.id, { hidden: what === "hide" });
					} else if (what === "rename") {
						renamed.set(who, `n${value}${who}`);
						const known = model.get(who);
						if (known) known.name = `n${value}${who}`;
						await fixture.store.people.ensureMember(workspace.id, member.externalId, `n${value}${who}`, at(0));
					} else {
						model.delete(who);
						hidden.delete(who);
						renamed.delete(who);
						await fixture.store.transaction((store) => store.people.eraseMember(member.id, at(1)));
						people[who] = await fixture.member(workspace, `m${who}`);
					}
				}
				const visible = [...model.values()].filter((entry) => !entry.hidden && entry.value > 0);
				const order = visible.toSorted(
					(a, b) => b.value - a.value || b.longest - a.longest || (a.name < b.name ? -1 : 1),
				);
				for (const scope of scopes({ workspace, schedule, members: people })) {
					expect(await names(scope, "current")).toEqual(order.map(({ name, value }) => `${name} ${value}`));
					for (const [who, { value }] of model) {
						const own = value > 0 ? { value, above: visible.filter((entry) => entry.value > value).length } : null;
						if (own) expect(await above(scope, "current", value)).toBe(own.above);
						const { id } = fixture.known(people[who]);
						const stored = await fixture.store.boards.place(scope, "answered", null, id);
						expect(stored).toEqual(own);
					}
				}
				expect(await fixture.store.audit.wrongStandings(people.map(({ id }) => id))).toEqual([]);
			}),
			{ numRuns: 15 },
		);
	});
}

import { describe, expect, test } from "vitest";
import { at, day, type StoreFixture } from "./fixture.ts";

/** Names as people write them: they must come back unchanged. */
const HOSTILE = [
	"'; drop table members; --",
	"😀👩‍👩‍👧",
	"\u202eright to left שלום",
	"a\u001b[2Jb",
	"x".repeat(500),
	" ",
];

export function peopleContract(fixture: StoreFixture): void {
	describe("workspaces", () => {
		test("are created when first seen, once per platform and id, and keep their name current", async () => {
			const { people } = fixture.store;
			const first = await people.ensureWorkspace("slack", "T1", "Old name", at(0));
			const again = await people.ensureWorkspace("slack", "T1", "New name", at(1));
			expect(again).toEqual({ ...first, name: "New name" });
			expect(await people.workspace(first.id)).toEqual(again);
			expect(await people.findWorkspace("slack", "T1")).toEqual(again);
			const other = await people.ensureWorkspace("discord", "T1", "Another platform's", at(0));
			expect(other.id).not.toBe(first.id);
			expect(await people.findWorkspace("slack", "T2")).toBeNull();
			expect(await people.workspace(999_999)).toBeNull();
		});

		test("seen by many at once are created once", async () => {
			const workspaces = await Promise.all(Array.from({ length: 8 }, () => fixture.workspace("busy")));
			expect(new Set(workspaces.map(({ id }) => id)).size).toBe(1);
		});

		test("the one used last on a platform; a removed one is not used any more", async () => {
			const { people } = fixture.store;
			const [one, two] = [await fixture.workspace("one"), await fixture.workspace("two")];
			const elsewhere = await fixture.workspace("three", "other");
			for (const [workspace, hours] of [
				[two, 1],
				[one, 2],
				[elsewhere, 3],
			] as const)
				await people.ensureMember(workspace.id, "ana", "Ana", at(hours));
			expect((await people.lastWorkspaceOf("local", "ana"))?.id).toBe(one.id);
			await people.ensureMember(two.id, "ana", "Ana", at(4));
			expect((await people.lastWorkspaceOf("local", "ana"))?.id).toBe(two.id);
			await people.removeWorkspace(two.id, at(5));
			expect((await people.lastWorkspaceOf("local", "ana"))?.id).toBe(one.id);
			await people.restoreWorkspace(two.id);
			expect((await people.lastWorkspaceOf("local", "ana"))?.id).toBe(two.id);
			expect(await people.lastWorkspaceOf("local", "nobody")).toBeNull();
		});

		test("a use after the removal undoes it; one from before does not", async () => {
			const { people } = fixture.store;
			const { id } = await fixture.workspace();
			await people.removeWorkspace(id, at(5));
			const interact = (hours: number) => people.ensureWorkspace("local", "home", "Workspace home", at(hours));
			expect(await interact(4)).toMatchObject({ id, removedAt: at(5) });
			expect(await people.ensureWorkspace("local", "home", "Renamed", at(5))).toMatchObject({ id, removedAt: at(5) });
			expect(await interact(6)).toMatchObject({ id, removedAt: null });
			expect(await people.workspace(id)).toMatchObject({ removedAt: null });
		});

		test("one that is locked returns when it was used last", async () => {
			const { store } = fixture;
			const workspace = await fixture.workspace();
			const lockWorkspace = () => store.transaction(({ people }) => people.lockWorkspace(workspace.id));
			expect(await lockWorkspace()).toEqual({ workspace, usedAt: null });
			for (const [name, hours] of [
				["ana", 3],
				["ben", 7],
				["cid", 5],
			] as const)
				await store.people.ensureMember(workspace.id, name, name, at(hours));
			expect(await lockWorkspace()).toEqual({ workspace, usedAt: at(7) });
			expect(await store.transaction(({ people }) => people.lockWorkspace(999_999))).toBeNull();
		});

		test("the admin who used an admin command last is known until they are forgotten", async () => {
			const { people } = fixture.store;
			const workspace = await fixture.workspace();
			expect(await people.lastAdmin(workspace.id)).toBeNull();
			await people.setLastAdmin("local", "home", "id-ana");
			await people.setLastAdmin("other", "home", "id-eve");
			expect(await people.lastAdmin(workspace.id)).toBe("id-ana");
			const ana = await fixture.member(workspace, "ana");
			await fixture.store.transaction((store) => store.people.eraseMember(ana.id, at(1)));
			expect(await people.lastAdmin(workspace.id)).toBeNull();
		});
	});

	describe("members", () => {
		test("belong to one workspace, and keep their name current", async () => {
			const { people } = fixture.store;
			const [one, two] = [await fixture.workspace("one"), await fixture.workspace("two")];
			const ana = await people.ensureMember(one.id, "U1", "Ana", at(0));
			const renamed = await people.ensureMember(one.id, "U1", "Ana B.", at(1));
			expect(renamed).toMatchObject({ id: ana.id, workspaceId: one.id, externalId: "U1", name: "Ana B." });
			const twin = await people.ensureMember(two.id, "U1", "Ana", at(0));
			expect(twin.id).not.toBe(ana.id);
			expect((await people.findMember(one.id, "U1"))?.id).toBe(ana.id);
			expect(await people.findMember(one.id, "U2")).toBeNull();
			expect((await people.member(ana.id))?.name).toBe("Ana B.");
			expect(await people.member(999_999)).toBeNull();
		});

		test("begin visible, private and without reminders", async () => {
			const ana = await fixture.member(await fixture.workspace(), "ana");
			expect(ana).toMatchObject({ hidden: false, milestonesPublic: false, reminderHours: null, lastQuestionId: null });
		});

		test("are found by name in any case, unless two have it", async () => {
			const { people } = fixture.store;
			const [one, two] = [await fixture.workspace("one"), await fixture.workspace("two")];
			const ana = await people.ensureMember(one.id, "U1", "Ana Müller", at(0));
			await people.ensureMember(two.id, "U1", "Ben", at(0));
			expect((await people.findMemberByName(one.id, "ANA müller"))?.id).toBe(ana.id);
			expect(await people.findMemberByName(one.id, "ben")).toBeNull();
			await people.ensureMember(one.id, "U2", "ana müller", at(0));
			expect(await people.findMemberByName(one.id, "Ana Müller")).toBeNull();
		});

		test("names and ids come back unchanged", async () => {
			const { people } = fixture.store;
			const { id } = await fixture.workspace();
			for (const [index, name] of HOSTILE.entries()) {
				const member = await people.ensureMember(id, `U${index} ${name}`, name, at(0));
				expect(await people.findMember(id, `U${index} ${name}`)).toEqual(member);
				expect(member.name).toBe(name);
			}
		});

		test("settings are changed one by one", async () => {
			const { people } = fixture.store;
			const ana = await fixture.member(await fixture.workspace(), "ana");
			await people.changeSettings(ana.id, { hidden: true });
			await people.changeSettings(ana.id, { milestonesPublic: true, reminderHours: 3 });
			expect(await people.member(ana.id)).toMatchObject({ hidden: true, milestonesPublic: true, reminderHours: 3 });
			await people.changeSettings(ana.id, { hidden: false, reminderHours: null });
			expect(await people.member(ana.id)).toMatchObject({ hidden: false, milestonesPublic: true, reminderHours: null });
		});

		test("are locked until the transaction ends, and an error in it undoes everything", async () => {
			const ana = await fixture.member(await fixture.workspace(), "ana");
			const work = fixture.store.transaction(async (store) => {
				await store.people.lockMember(ana.id);
				await store.people.changeSettings(ana.id, { reminderHours: 3 });
				throw new Error("changed my mind");
			});
			await expect(work).rejects.toThrow("changed my mind");
			expect((await fixture.store.people.member(ana.id))?.reminderHours).toBeNull();
		});
	});

	describe("away dates", () => {
		test("are stored with the times at which they were set and withdrawn", async () => {
			const { people } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const ben = await fixture.member(workspace, "ben");
			await people.addAwayDates(workspace.id, ana.id, [day(3), day(2)], at(0));
			await people.addAwayDates(workspace.id, ben.id, [day(2)], at(0));
			await people.addAwayDates(workspace.id, ana.id, [], at(0));
			await people.withdrawAwayDates(ana.id, [day(2), day(9)], at(1));
			await people.withdrawAwayDates(ana.id, [], at(2));
			// Withdrawing a second time does not change when it was withdrawn.
			await people.withdrawAwayDates(ana.id, [day(2)], at(3));
			expect(await people.awayDates(ana.id)).toEqual([
				{ date: day(2), setAt: at(0), withdrawnAt: at(1) },
				{ date: day(3), setAt: at(0), withdrawnAt: null },
			]);
			await people.addAwayDates(workspace.id, ana.id, [day(2)], at(4));
			const again = (await people.awayDates(ana.id)).filter((entry) => entry.date === day(2));
			expect(again).toHaveLength(2);
			expect(again).toContainEqual({ date: day(2), setAt: at(4), withdrawnAt: null });
			expect(await people.awayDates(ben.id)).toEqual([{ date: day(2), setAt: at(0), withdrawnAt: null }]);
		});
	});

	describe("a member who gives a command", () => {
		const person = { externalId: "ana", name: "Ana" };
		const home = { externalId: "home", name: "Home" };

		test("is found with the workspace, both created when first seen", async () => {
			const { people } = fixture.store;
			const entered = fixture.known(await people.enter({ platform: "local", workspace: home, member: person }, at(0)));
			expect(entered).toEqual({
				workspace: await people.findWorkspace("local", "home"),
				member: await people.findMember(entered.workspace.id, "ana"),
				isNamedAdmin: false,
				mayBeOwed: false,
			});
			expect(await people.enter({ platform: "local", workspace: home, member: person }, at(0))).toEqual(entered);
		});

		test("has the current names, and is an admin if somebody has named them", async () => {
			const { people } = fixture.store;
			const first = fixture.known(await people.enter({ platform: "local", workspace: home, member: person }, at(0)));
			await people.setAdmin(first.workspace.id, "ana", true);
			const renamed = { platform: "local", workspace: { ...home, name: "New" }, member: { ...person, name: "Anna" } };
			const second = fixture.known(await people.enter(renamed, at(1)));
			expect(second).toEqual({
				workspace: { ...first.workspace, name: "New" },
				member: { ...first.member, name: "Anna" },
				isNamedAdmin: true,
				mayBeOwed: false,
			});
			const other = { platform: "local", workspace: { externalId: "other", name: "Other" }, member: person };
			expect((await people.enter(other, at(1)))?.isNamedAdmin).toBe(false);
		});

		test("is seen to await a reply, in that workspace alone", async () => {
			const { people, interactions } = fixture.store;
			const entry = { platform: "local", workspace: home, member: person };
			const { workspace } = fixture.known(await people.enter(entry, at(0)));
			const owed = { key: "local:1", platform: "local", memberExternalId: "ana", command: "answer", at: at(0) };
			await interactions.owe({ ...owed, workspaceId: workspace.id, ticket: null }, 60);
			expect(await people.enter(entry, at(0))).toMatchObject({ mayBeOwed: true });
			const other = { ...entry, workspace: { externalId: "other", name: "Other" } };
			await people.enter(other, at(0));
			expect(await people.enter(other, at(0))).toMatchObject({ mayBeOwed: false });
			await interactions.settle(["local:1"]);
			expect(await people.enter(entry, at(0))).toMatchObject({ mayBeOwed: false });
		});

		test("undoes a removal by a later use, but not by an earlier one", async () => {
			const { people } = fixture.store;
			const entry = { platform: "local", workspace: home, member: person };
			const { workspace } = fixture.known(await people.enter(entry, at(0)));
			await people.removeWorkspace(workspace.id, at(5));
			expect((await people.enter(entry, at(4)))?.workspace.removedAt).toEqual(at(5));
			expect((await people.enter(entry, at(6)))?.workspace.removedAt).toBeNull();
		});

		test("means in a direct message the workspace used last, which then counts as used", async () => {
			const { people } = fixture.store;
			const direct = (hours: number) => people.enter({ platform: "local", workspace: null, member: person }, at(hours));
			expect(await direct(0)).toBeNull();
			const [one, two] = [await fixture.workspace("one"), await fixture.workspace("two")];
			await people.ensureMember(one.id, "ana", "Ana", at(2));
			await people.ensureMember(two.id, "ana", "Ana", at(1));
			await people.ensureMember((await fixture.workspace("three", "other")).id, "ana", "Ana", at(3));
			await people.setAdmin(one.id, "ana", true);
			expect(await direct(30)).toMatchObject({ workspace: { id: one.id }, isNamedAdmin: true });
			await people.ensureMember(two.id, "ana", "Ana", at(29));
			expect((await direct(31))?.workspace.id).toBe(one.id);
			await people.removeWorkspace(one.id, at(32));
			expect(await direct(33)).toMatchObject({ workspace: { id: two.id }, isNamedAdmin: false });
		});
	});

	test("admins are named and unnamed, by workspace", async () => {
		const { people } = fixture.store;
		const [one, two] = [await fixture.workspace("one"), await fixture.workspace("two")];
		for (const id of ["U2", "U1", "U1"]) await people.setAdmin(one.id, id, true);
		expect(await people.admins(one.id)).toEqual(["U1", "U2"]);
		expect(await people.admins(two.id)).toEqual([]);
		await people.setAdmin(one.id, "U1", false);
		await people.setAdmin(one.id, "U9", false);
		expect(await people.admins(one.id)).toEqual(["U2"]);
	});
}

import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { Member, Workspace } from "../../../src/core/model.ts";
import type { InteractionRecord, UnansweredInteraction } from "../../../src/core/ports/interactions.ts";
import { at, type StoreFixture } from "./fixture.ts";

export function interactionsContract(fixture: StoreFixture): void {
	const facts = (key: string, workspace: Workspace, member: Member, hours = 0): InteractionRecord => ({
		key,
		workspaceId: workspace.id,
		memberId: member.id,
		command: "schedule add",
		at: at(hours),
	});
	const owed = (
		key: string,
		workspace: Workspace,
		changes: Partial<UnansweredInteraction> = {},
	): UnansweredInteraction => ({
		key,
		workspaceId: workspace.id,
		command: "schedule add",
		at: at(0),
		platform: "local",
		memberExternalId: "id-ana",
		ticket: "sealed",
		...changes,
	});

	describe("an interaction's key", () => {
		test("is inserted once, with the id of its effect", async () => {
			const { interactions } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			expect(await interactions.handled("local:1")).toBeNull();
			expect(await interactions.handle(facts("local:1", workspace, ana))).toBe(true);
			expect(await interactions.handle(facts("local:1", workspace, ana, 1))).toBe(false);
			await interactions.nameEffect("local:1", 17);
			expect(await interactions.handled("local:1")).toEqual({ ...facts("local:1", workspace, ana), effectId: 17 });
		});

		test("is not inserted by a transaction that is rolled back", async () => {
			const { store } = fixture;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const rolledBack = store.transaction(async ({ interactions }) => {
				await interactions.handle(facts("local:1", workspace, ana));
				throw new Error("changed its mind");
			});
			await expect(rolledBack).rejects.toThrow("changed its mind");
			expect(await store.interactions.handled("local:1")).toBeNull();
		});

		test("that is given up is used for ever, without a command; one that is used already is unchanged", async () => {
			const { interactions } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			expect(await interactions.giveUp("local:1", at(1))).toMatchObject({ command: null, effectId: null });
			expect(await interactions.handle(facts("local:1", workspace, ana))).toBe(false);
			await interactions.handle(facts("local:2", workspace, ana));
			expect(await interactions.giveUp("local:2", at(1))).toMatchObject({ command: "schedule add" });
		});

		test("outlives the member, without naming them", async () => {
			const { store } = fixture;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			await store.transaction(async ({ interactions, people }) => {
				await interactions.handle(facts("local:1", workspace, ana));
				await people.eraseMember(ana.id, at(1));
			});
			expect(await store.interactions.handled("local:1")).toMatchObject({ memberId: null, command: "schedule add" });
		});

		test("is deleted by its instant, a limited number at a time", async () => {
			const { interactions } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			for (let hour = 0; hour < 5; hour += 1) await interactions.handle(facts(`local:${hour}`, workspace, ana, hour));
			expect(await interactions.forgetHandledBefore(at(4), 3)).toBe(3);
			expect(await interactions.forgetHandledBefore(at(4), 3)).toBe(1);
			expect(await interactions.handled("local:4")).not.toBeNull();
		});
	});

	describe("a reply that is owed", () => {
		/** Lets the time pass for which only the first process may reply. */
		const passHolds = () =>
			fixture.db.execute(sql`update owed_replies set held_until = clock_timestamp() - interval '1 second'`);
		const keysOf = (rows: readonly UnansweredInteraction[]) => rows.map(({ key }) => key);

		test("is taken over by one process, once its time has passed and if its ticket is still valid", async () => {
			const { interactions } = fixture.store;
			const workspace = await fixture.workspace();
			await interactions.owe(owed("local:1", workspace), 60);
			await interactions.owe(owed("local:2", workspace, { ticket: null }), 60);
			await interactions.owe(owed("local:3", workspace, { at: at(-1) }), 60);
			await interactions.owe(owed("other:4", workspace, { platform: "other" }), 60);
			expect(await interactions.takeOver("local", at(0), 60, 10)).toEqual([]);
			await passHolds();
			expect(await interactions.takeOver("local", at(0), 60, 10)).toEqual([owed("local:1", workspace)]);
			expect(await interactions.takeOver("local", at(0), 60, 10)).toEqual([]);
			await passHolds();
			await interactions.settle(["local:1"]);
			expect(await interactions.takeOver("local", at(0), 60, 10)).toEqual([]);
		});

		test("is told with the member's next command if no other process can reply, oldest first", async () => {
			const { interactions } = fixture.store;
			const workspace = await fixture.workspace();
			const elsewhere = await fixture.workspace("elsewhere");
			await interactions.owe(owed("local:new", workspace, { ticket: null, at: at(2) }), 60);
			await interactions.owe(owed("local:late", workspace, { at: at(-1) }), 60);
			await interactions.owe(owed("local:serves", workspace, { at: at(1) }), 60);
			await interactions.owe(owed("local:ben", workspace, { ticket: null, memberExternalId: "id-ben" }), 60);
			await interactions.owe(owed("local:elsewhere", elsewhere, { ticket: null }), 60);
			const untold = async () => keysOf(await interactions.owedTo(workspace.id, "id-ana", at(0)));
			expect(await untold()).toEqual([]);
			await passHolds();
			expect(await untold()).toEqual(["local:late", "local:new"]);
			await interactions.dropTickets(["local:serves"]);
			expect(await untold()).toEqual(["local:late", "local:serves", "local:new"]);
			await interactions.settle(["local:late", "local:new"]);
			expect(await untold()).toEqual(["local:serves"]);
			expect(keysOf(await interactions.owedOn("local"))).toEqual(["local:ben", "local:elsewhere", "local:serves"]);
			expect(await interactions.forgetOwedBefore(at(1), 10)).toBe(2);
			expect(keysOf(await interactions.owedOn("local"))).toEqual(["local:serves"]);
		});
	});

	test("an admin is guided once", async () => {
		const { people } = fixture.store;
		const workspace = await fixture.workspace();
		expect(await people.guide(workspace.id, at(0))).toBe(true);
		expect(await people.guide(workspace.id, at(100 * 24))).toBe(false);
	});
}

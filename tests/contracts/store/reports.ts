import { describe, expect, test } from "vitest";
import type { Member, Workspace } from "../../../src/core/model.ts";
import { makeQuestion } from "../../support/question.ts";
import { at, type StoreFixture } from "./fixture.ts";

const QUOTED = "Wrong: it's '8' \u202e";

export function reportsContract(fixture: StoreFixture): void {
	const file = (workspace: Workspace, member: Member, revision = 1, text = "Wrong.") =>
		fixture.store.transaction(({ reports }) =>
			reports.add({
				workspaceId: workspace.id,
				memberId: member.id,
				questionId: "kv-cache",
				revision,
				text,
				at: at(0),
			}),
		);

	describe("reports", () => {
		test("are stored with their words, and the revision they are about", async () => {
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			const { id } = await file(workspace, ana, 3, QUOTED);
			expect(await fixture.store.reports.get(workspace.id, id)).toMatchObject({
				questionId: "kv-cache",
				revision: 3,
				text: QUOTED,
				memberId: ana.id,
				state: "open",
			});
			expect(await fixture.store.reports.get(workspace.id, id + 1)).toBeNull();
		});

		test("on the same question and revision are counted together while one is open; later ones begin again", async () => {
			const { reports } = fixture.store;
			const workspace = await fixture.workspace();
			const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
			const first = await file(workspace, ana, 1, "First.");
			const joined = await file(workspace, ben, 1, "Second.");
			const older = await file(workspace, ben, 2);
			expect([joined.repeatOf, older.repeatOf]).toEqual([first.id, null]);
			expect((await reports.list(workspace.id, "open", 0, 9)).map(({ id, repeats }) => [id, repeats])).toEqual([
				[older.id, 0],
				[first.id, 1],
			]);
			expect(await reports.words(workspace.id, first.id, 9)).toEqual(["First.", "Second."]);
			const decision = { state: "declined" as const, reason: "It is right.", decidedBy: ana.id, at: at(1) };
			expect(await reports.decide(workspace.id, first.id, decision)).toEqual([ana.id, ben.id]);
			expect((await reports.get(workspace.id, joined.id))?.state).toBe("declined");
			expect((await file(workspace, ana)).repeatOf).toBeNull();
			expect([await reports.count(workspace.id, "open"), await reports.count(workspace.id, "all")]).toEqual([2, 3]);
		});

		test("of another workspace can neither be found, joined nor decided", async () => {
			const { reports } = fixture.store;
			const [home, away] = [await fixture.workspace("home"), await fixture.workspace("away")];
			const mine = await file(home, await fixture.member(home, "ana"));
			const theirs = await file(away, await fixture.member(away, "ana"));
			expect(theirs.repeatOf).toBeNull();
			expect(await reports.get(away.id, mine.id)).toBeNull();
			expect(await reports.lock(away.id, mine.id)).toBeNull();
			expect(await reports.words(away.id, mine.id, 9)).toEqual([]);
			const decision = { state: "accepted" as const, reason: null, decidedBy: null, at: at(1) };
			expect(await reports.decide(away.id, mine.id, decision)).toEqual([]);
			expect((await reports.list(home.id, "open", 0, 9)).map(({ id }) => id)).toEqual([mine.id]);
		});

		test("are outdated when the bank has a newer revision, and the author's until then unless declined", async () => {
			const { bank, reports } = fixture.store;
			const workspace = await fixture.workspace();
			const ana = await fixture.member(workspace, "ana");
			await bank.synchronise([makeQuestion({ id: "kv-cache" })], at(0));
			const first = await file(workspace, ana, 1, "First.");
			await file(workspace, ana, 1, "Second.");
			expect(await reports.outdated(9)).toEqual([]);
			expect((await reports.unresolved()).map(({ id, words }) => [id, words])).toEqual([
				[first.id, ["First.", "Second."]],
			]);
			await bank.synchronise([makeQuestion({ id: "kv-cache", revision: 2 })], at(1));
			expect((await reports.outdated(9)).map(({ id }) => id)).toEqual([first.id]);
			expect(await reports.unresolved()).toEqual([]);
			const second = await file(workspace, ana, 2);
			const decision = { reason: null, decidedBy: ana.id, at: at(2) };
			await reports.decide(workspace.id, second.id, { ...decision, state: "accepted" });
			expect((await reports.unresolved()).map(({ id }) => id)).toEqual([second.id]);
			await reports.decide(workspace.id, second.id, { ...decision, state: "declined" });
			expect(await reports.unresolved()).toEqual([]);
		});

		test("that others have joined outlive a member who is forgotten, without name and words", async () => {
			const { people, reports } = fixture.store;
			const workspace = await fixture.workspace();
			const [ana, ben] = [await fixture.member(workspace, "ana"), await fixture.member(workspace, "ben")];
			const first = await file(workspace, ana, 1, "First.");
			await file(workspace, ben, 1, "Second.");
			const alone = await file(workspace, ana, 2);
			await fixture.store.transaction((tx) => tx.people.eraseMember(ana.id, at(1)));
			expect(await reports.get(workspace.id, alone.id)).toBeNull();
			expect(await reports.get(workspace.id, first.id)).toMatchObject({ memberId: null, text: "", repeats: 1 });
			expect(await reports.words(workspace.id, first.id, 9)).toEqual(["Second."]);
			await fixture.store.transaction((tx) => tx.people.eraseMember(ben.id, at(1)));
			expect(await people.member(ben.id)).toBeNull();
			expect(await reports.words(workspace.id, first.id, 9)).toEqual([]);
		});
	});
}

import { sql } from "drizzle-orm";
import { describe, expect, test } from "vitest";
import type { OpenDatabase } from "../../../src/adapters/postgres/open.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { UserError } from "../../../src/core/errors.ts";
import type { Member, Schedule, Workspace } from "../../../src/core/model.ts";
import type { RootStore } from "../../../src/core/ports/store.ts";
import { recordAnswer } from "../../../src/core/service/answering.ts";
import { settleBatch } from "../../../src/core/streak/streaks.ts";
import { servicesOf, sharedBank, storeInTurn, together } from "../../support/two-processes.ts";
import { at, type StoreFixture } from "./fixture.ts";

const question = sharedBank.find("question-1");

/** Answers from two processes at the same instant; only a server can have two. */
export function togetherContract(base: StoreFixture, pools: () => readonly OpenDatabase[]): void {
	const stores = () => pools().map(({ db }) => createStore(db));
	const asker = (workspace: Workspace, member: Member) => ({ workspace, member, channelId: "general" });
	const answer = { kind: "text", text: "An honest attempt, in my own words." } as const;
	const countOf = async (text: string) =>
		Number((await rawRows(base.db, sql.raw(`select count(*) as value from ${text}`)))[0]?.value);

	const wrongRecords = async () => base.store.audit.wrongStandings(await base.store.audit.membersAfter(0, 1000));

	async function openDaily(): Promise<{ workspace: Workspace; schedule: Schedule; occurrenceId: number }> {
		const workspace = await base.workspace();
		const schedule = await base.schedule(workspace);
		const occurrence = await base.occurrence(schedule, 0, { questionId: question.id });
		return { workspace, schedule, occurrenceId: occurrence.id };
	}

	describe("two processes at the same instant", () => {
		test("fifty answers of one member: exactly one is the first attempt", async () => {
			const { workspace, occurrenceId } = await openDaily();
			const ana = await base.member(workspace, "ana");
			const recorded = await together(stores(), 50, (store) =>
				recordAnswer(servicesOf(store), asker(workspace, ana), question, answer, at(1)),
			);
			expect(recorded.filter(({ counted }) => counted)).toHaveLength(1);
			expect(recorded.filter(({ reason }) => reason === "answered-before")).toHaveLength(49);
			expect(await base.store.answers.historyLength(ana.id)).toBe(50);
			expect(await base.store.answers.countAnswered(occurrenceId)).toBe(1);
			expect((await base.store.streaks.ofMember(ana.id))[0]).toMatchObject({ current: 1, answered: 1 });
		});

		test("fifty members answer twice each: each has one attempt, and the boards show all of them", async () => {
			const { workspace, schedule, occurrenceId } = await openDaily();
			const members: Member[] = [];
			for (let index = 0; index < 50; index += 1) members.push(await base.member(workspace, `member-${index}`));
			const recorded = await together(stores(), 100, (store, index) =>
				recordAnswer(servicesOf(store), asker(workspace, base.known(members[index % 50])), question, answer, at(1)),
			);
			expect(recorded.filter(({ counted }) => counted)).toHaveLength(50);
			expect(await base.store.answers.countAnswered(occurrenceId)).toBe(50);
			for (const scheduleId of [schedule.id, null])
				expect(
					await base.store.boards.currentAbove(await base.current({ workspaceId: workspace.id, scheduleId }), 0),
				).toBe(50);
			expect(await wrongRecords()).toEqual([]);
			expect(await countOf("count_requests")).toBe(1);
		});

		test("answers while the window is settled: no streak is lost, and none is counted twice", async () => {
			const { workspace, schedule, occurrenceId } = await openDaily();
			const members: Member[] = [];
			for (let index = 0; index < 40; index += 1) members.push(await base.member(workspace, `member-${index}`));
			for (const member of members)
				await recordAnswer(servicesOf(base.store), asker(workspace, member), question, answer, at(1));
			await base.store.occurrences.change(occurrenceId, { closesAt: at(24) });
			const second = await base.occurrence(schedule, 1, { questionId: question.id });
			const closed = await base.store.occurrences.get(occurrenceId);
			await together<unknown>(stores(), 41, (store, index) => {
				if (index === 20) return store.transaction((inside) => settleBatch(inside, base.known(closed), at(25)));
				return recordAnswer(
					servicesOf(store),
					asker(workspace, base.known(members[index % 40])),
					question,
					answer,
					at(25),
				);
			});
			const rows = await base.store.streaks.ofMembers(members.map(({ id }) => id));
			const answered = new Set(
				(
					await base.store.streaks.marks(
						schedule.id,
						members.map(({ id }) => id),
						1,
					)
				)
					.filter(({ attempted }) => attempted.includes(2))
					.map(({ memberId }) => memberId),
			);
			for (const row of rows) {
				const streak = answered.has(row.memberId) ? 2 : 1;
				expect(row).toMatchObject({ current: streak, booked: streak, longest: streak, answered: streak });
			}
			expect(second.number).toBe(2);
			expect(await wrongRecords()).toEqual([]);
		});

		test("a milestone is new once, a reminder is claimed once", async () => {
			const { workspace, schedule } = await openDaily();
			const ana = await base.member(workspace, "ana");
			const milestones = await together(stores(), 10, (store) =>
				store.streaks.addMilestones(workspace.id, ana.id, schedule.id, [7], at(0)),
			);
			expect(milestones.flat()).toEqual([7]);
			const claims = await together(stores(), 10, (store) => store.reminders.claim(ana.id, "2027-03-08", 5));
			expect(claims.filter(Boolean)).toHaveLength(1);
		});

		test("a member forgotten while they answer leaves nothing behind", async () => {
			const { workspace, occurrenceId } = await openDaily();
			const refused = (error: unknown) => {
				if (!(error instanceof UserError)) throw error;
			};
			for (let round = 0; round < 5; round += 1) {
				const ana = await base.member(workspace, `ana-${round}`);
				const answers = together(stores(), 6, async (store, index) => {
					if (index > 3)
						await store.answers.recordSeen(workspace.id, ana.id, question.id, at(1), index > 4 ? "hinted" : "shown");
					else await recordAnswer(servicesOf(store), asker(workspace, ana), question, answer, at(1)).catch(refused);
				});
				await storeInTurn(stores(), 1).transaction((store) => store.people.eraseMember(ana.id, at(2)));
				await answers;
				for (const table of ["answers", "attempts", "question_views", "streaks", "standings", "members"]) {
					const column = table === "members" ? "id" : "member_id";
					expect(`${table} ${await countOf(`${table} where ${column} = ${ana.id}`)}`).toBe(`${table} 0`);
				}
			}
			expect(await base.store.answers.countAnswered(occurrenceId)).toBeLessThanOrEqual(5);
			expect(await wrongRecords()).toEqual([]);
		});

		/** Settles once some connection of this database waits for another's lock. */
		async function someoneWaits(): Promise<void> {
			for (let looked = 0; looked < 500; looked += 1)
				if ((await countOf("pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")) > 0)
					return;
			throw new Error("nobody waits");
		}

		/** Records an answer and, before it is committed, does something that has to wait for it. */
		async function whileAnswering<Result>(
			work: (store: RootStore, occurrenceId: number) => Promise<Result>,
		): Promise<Result> {
			const { workspace, occurrenceId } = await openDaily();
			const [ana, ben] = [await base.member(workspace, "ana"), await base.member(workspace, "ben")];
			await recordAnswer(servicesOf(base.store), asker(workspace, ana), question, answer, at(1));
			const [one, two] = [storeInTurn(stores(), 0), storeInTurn(stores(), 1)];
			const answering = one.transaction(async (store) => {
				const storeInTransaction: RootStore = { ...store, transaction: (work) => work(store), sent: one.sent };
				await recordAnswer(servicesOf(storeInTransaction), asker(workspace, ben), question, answer, at(2));
				// Not awaited here: it can continue only after this transaction has ended.
				const waiting = work(two, occurrenceId);
				await someoneWaits();
				return { waiting };
			});
			return (await answering).waiting;
		}

		test("clearing a count request waits for the answer that made it, and sees it", async () => {
			const counted = await whileAnswering(async (store, occurrenceId) => {
				await store.occurrences.endCountRequest(occurrenceId);
				return store.answers.countAnswered(occurrenceId);
			});
			expect(counted).toBe(2);
		});

		test("replacing or abandoning a question waits for an answer to it, and sees it", async () => {
			const attempted = await whileAnswering((store, occurrenceId) =>
				store.transaction(async (inside) => {
					await inside.occurrences.lock(occurrenceId);
					return inside.answers.countAnswered(occurrenceId);
				}),
			);
			expect(attempted).toBe(2);
		});
	});
}

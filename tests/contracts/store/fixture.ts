import type { Db } from "../../../src/adapters/postgres/db.ts";
import { EVERY_DAY } from "../../../src/core/calendar/weekdays.ts";
import type { Answer, Member, Occurrence, Schedule, Workspace } from "../../../src/core/model.ts";
import type { AnswerRecord } from "../../../src/core/ports/answers.ts";
import type { BoardScope, CurrentStreaks } from "../../../src/core/ports/boards.ts";
import type { NewDelivery } from "../../../src/core/ports/deliveries.ts";
import type { OccurrenceChanges } from "../../../src/core/ports/occurrences.ts";
import type { NewSchedule, ScheduleChanges } from "../../../src/core/ports/schedules.ts";
import type { RootStore } from "../../../src/core/ports/store.ts";
import type { TestDatabase } from "../../support/embedded.ts";

const START = Date.parse("2027-03-08T09:00:00.000Z");
const HOUR = 60 * 60 * 1000;

/** The instant this many hours after the start of a test's world. */
export const at = (hours: number): Date => new Date(START + hours * HOUR);

/** The local date this many days after the first. */
export const day = (days: number): string =>
	at(24 * days)
		.toISOString()
		.slice(0, 10);

/** What an answer does to practice when it books nothing. */
export const noPractice = (at: Date): AnswerRecord["practice"] => ({
	localDate: at.toISOString().slice(0, 10),
	isRepeat: false,
	memory: null,
	books: false,
	run: null,
});

/** A contract's database, which the runner opens and empties, with shortcuts to fill it. */
export class StoreFixture {
	readonly #database: () => TestDatabase;

	constructor(database: () => TestDatabase) {
		this.#database = database;
	}

	get store(): RootStore {
		return this.#database().store;
	}

	get db(): Db {
		return this.#database().db;
	}

	workspace(externalId = "home", platform = "local"): Promise<Workspace> {
		return this.store.people.ensureWorkspace(platform, externalId, `Workspace ${externalId}`, at(0));
	}

	member(workspace: Workspace, name: string): Promise<Member> {
		return this.store.people.ensureMember(workspace.id, `id-${name}`, name, at(0));
	}

	schedule(workspace: Workspace, changes: Partial<NewSchedule> = {}): Promise<Schedule> {
		return this.store.schedules.add({
			workspaceId: workspace.id,
			channelId: "general",
			channelName: "General",
			localTime: "09:00",
			zone: "UTC",
			weekdays: EVERY_DAY,
			categories: [],
			difficulties: [],
			nextRunAt: at(24),
			createdAt: at(0),
			...changes,
		});
	}

	/** Changes a schedule in any way, even one that the rules forbid. */
	changeSchedule({ id }: Pick<Schedule, "id">, changes: ScheduleChanges): Promise<Schedule> {
		return this.store.transaction(async ({ schedules }) => this.known(await schedules.lock(id)).change(changes));
	}

	/** An occurrence of a day, numbered from 1; by default delivered at the day's hour. */
	async occurrence(
		schedule: Schedule,
		days: number,
		changes: OccurrenceChanges & { questionId?: string } = {},
	): Promise<Occurrence> {
		const added = await this.store.occurrences.add({
			workspaceId: schedule.workspaceId,
			scheduleId: schedule.id,
			localDate: day(days),
			dueAt: at(24 * days),
			state: "due",
			questionId: "kv-cache",
			questionRevision: 1,
			channelId: schedule.channelId,
			fault: null,
		});
		if (!added) throw new Error(`day ${days} is used`);
		const delivered = {
			state: "delivered" as const,
			number: days + 1,
			deliveredAt: at(24 * days),
			messageId: `message ${days}`,
		};
		await this.store.occurrences.change(added.id, { ...delivered, ...changes });
		return this.known(await this.store.occurrences.get(added.id));
	}

	/** Stores a member's answer, as an attempt at the given occurrences. */
	answer(
		member: Member,
		hours: number,
		changes: Partial<AnswerRecord["answer"]> = {},
		attempts: readonly Occurrence[] = [],
		practice: AnswerRecord["practice"] = noPractice(changes.at ?? at(hours)),
	): Promise<number> {
		return this.store.transaction(async (store) => {
			await store.people.lockMember(member.id);
			return store.answers.record({
				answer: {
					workspaceId: member.workspaceId,
					memberId: member.id,
					questionId: "kv-cache",
					revision: 1,
					at: at(hours),
					kind: "text",
					text: "It keeps keys and values.",
					option: null,
					correct: null,
					hinted: false,
					grade: null,
					...changes,
				},
				attempts,
				countFrom: at(hours + 1),
				regraded: null,
				practice,
			});
		});
	}

	async answerOf(member: Member, id: number): Promise<Answer> {
		return this.known(await this.store.answers.answer(member.id, id));
	}

	/** A delivery of a workspace, with a unique key. */
	async delivery(workspace: Workspace, key: string, changes: Partial<NewDelivery> = {}): Promise<void> {
		const added = await this.store.deliveries.add({
			workspaceId: workspace.id,
			platform: "local",
			kind: "daily",
			key,
			occurrenceId: null,
			memberId: null,
			payload: {},
			fairnessRank: 0,
			dueAt: at(0),
			expiresAt: at(12),
			...changes,
		});
		if (!added) throw new Error(`${key} is taken`);
	}

	/** Every living streak of a scope, as if nothing had closed. */
	async current(scope: BoardScope): Promise<CurrentStreaks> {
		const all = await this.store.boards.windows(scope, at(0));
		return { standing: all.map(({ scheduleId }) => ({ scheduleId, from: 0, to: 99 })), judged: [] };
	}

	/** A value that must exist. */
	known<Value>(value: Value | null | undefined): Value {
		if (value === null || value === undefined) throw new Error("nothing found");
		return value;
	}
}

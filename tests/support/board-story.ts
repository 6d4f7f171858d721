import { closeWindow } from "../../src/core/daily/deliveries.ts";
import { removeSchedule, repairMiss } from "../../src/core/daily/schedules.ts";
import type { Member, Occurrence, Schedule } from "../../src/core/model.ts";
import type { BoardRow } from "../../src/core/ports/boards.ts";
import type { StreakRow } from "../../src/core/ports/streaks.ts";
import { recordAnswer } from "../../src/core/service/answering.ts";
import { boardPage } from "../../src/core/streak/boards.ts";
import { compareRows } from "../../src/core/streak/leaderboard.ts";
import { evaluateStreaks, settleBatch } from "../../src/core/streak/streaks.ts";
import { hoursOn, type World } from "./world.ts";

/** Enough for a second page of the board. */
export const MEMBERS = 12;
/** How many members look at the board, which takes most of the time. */
const LOOK_SHARE = 4;
const DAY = 24;

export type StoryEvent =
	| { readonly what: "deliver"; readonly schedule: number; readonly after: number; readonly known: boolean }
	| { readonly what: "answer"; readonly who: readonly number[]; readonly schedule: number; readonly back: number }
	| { readonly what: "away"; readonly who: number; readonly days: number }
	| { readonly what: "repair" | "hide" | "show"; readonly who: number }
	| { readonly what: "settle" | "remove" }
	| { readonly what: "wait"; readonly after: number };

/** A member's streak before the story. */
export interface Past {
	readonly current: number;
	/** How much longer the longest streak was. */
	readonly longer: number;
	readonly freezes: number;
}

/** A board, line by line, and what each viewer is told about themselves. */
export interface ShownBoard {
	readonly lines: readonly string[];
	readonly own: ReadonlyMap<string, string>;
}

/** One workspace with two schedules, in which members do as the test tells them. */
export class BoardStory {
	readonly #world: World;
	readonly schedules: Schedule[] = [];
	readonly names = Array.from({ length: MEMBERS }, (_, place) => `m${String(place).padStart(2, "0")}`);
	readonly #members = new Map<string, Member>();
	#hours = 0;

	constructor(world: World) {
		this.#world = world;
	}

	/** @param past of each member, in both schedules */
	async begin(past: readonly Past[]): Promise<void> {
		const { store } = this.#world;
		for (const name of this.names) this.#members.set(name, (await this.#world.asker(name)).member);
		for (const channelId of ["general", "random"]) this.schedules.push(await this.#world.schedule({ channelId }));
		for (const { id } of this.schedules) await this.#deliver(id, true);
		const rows: StreakRow[] = [];
		for (const [place, name] of this.names.entries()) {
			const member = this.#member(name);
			for (const [index, { id: scheduleId }] of this.schedules.entries()) {
				const { current, longer, freezes } = past[2 * place + index] ?? { current: 1, longer: 0, freezes: 0 };
				const counts = { current, booked: current, longest: current + longer, answered: current, freezes };
				const numbers = { bookedTo: 1, firstNumber: 1, latestNumber: 1 };
				const key = { memberId: member.id, scheduleId, workspaceId: member.workspaceId };
				// Only some members take part in the second schedule.
				if (index === 0 || place % 3 === 0) rows.push({ ...key, ...counts, ...numbers });
			}
		}
		await store.transaction((transaction) => transaction.streaks.save(rows));
	}

	get now(): Date {
		return this.#world.now;
	}

	#member(name: string): Member {
		const member = this.#members.get(name);
		if (!member) throw new Error(`no ${name}`);
		return member;
	}

	#asker(name: string) {
		return { workspace: this.#world.workspace, member: this.#member(name), channelId: "general" };
	}

	#wait(hours: number): void {
		this.#hours += hours;
		this.#world.clock.moveTo(hoursOn(this.#hours));
	}

	async #numbered(scheduleId: number): Promise<Occurrence[]> {
		return this.#world.store.streaks.occurrencesAfter(scheduleId, 0);
	}

	async #deliver(scheduleId: number, known: boolean): Promise<void> {
		const { services, workspace, now } = this.#world;
		const before = await this.#numbered(scheduleId);
		const number = before.length + 1;
		await services.transaction(async (tx) => {
			const { occurrences } = tx.store;
			const added = await occurrences.add({
				workspaceId: workspace.id,
				scheduleId,
				channelId: "general",
				localDate: hoursOn(DAY * number)
					.toISOString()
					.slice(0, 10),
				dueAt: now,
				state: "due",
				questionId: `question-${1 + ((2 * number + scheduleId) % 30)}`,
				questionRevision: 1,
				fault: null,
			});
			if (!added) throw new Error("the date is used");
			const state = known ? ("delivered" as const) : ("unknown" as const);
			await occurrences.change(added.id, { state, number, deliveredAt: now });
			for (const earlier of before.filter(({ closesAt }) => closesAt === null))
				await closeWindow(tx, "local", earlier, now);
		});
	}

	async #answer(name: string, scheduleId: number, back: number): Promise<void> {
		const { services, now } = this.#world;
		const occurrence = (await this.#numbered(scheduleId)).at(-1 - back);
		const question = occurrence && services.bank.get(occurrence.questionId ?? "");
		if (question)
			await recordAnswer(
				services,
				this.#asker(name),
				question,
				{ kind: "text", text: "So it is, in words of my own." },
				now,
			);
	}

	async #repair(name: string): Promise<void> {
		const [first] = this.schedules;
		const member = this.#member(name);
		const dates = first ? (await this.#numbered(first.id)).map(({ localDate }) => localDate) : [];
		for (const date of first ? dates.reverse() : [])
			if (
				first &&
				(await repairMiss(this.#world.services, first, member.id, date, this.now).then(
					() => true,
					() => false,
				))
			)
				return;
	}

	async #settle(): Promise<void> {
		const [first] = await this.#world.store.occurrences.toSettle(this.now, 1);
		if (first) await this.#world.store.transaction((store) => settleBatch(store, first, this.now));
	}

	async do(deed: StoryEvent): Promise<void> {
		const { store, workspace, services } = this.#world;
		const nameOf = (place: number) => this.names[place] ?? "";
		const idOf = (index: number) => this.schedules[index]?.id ?? 0;
		if (deed.what === "deliver" || deed.what === "wait") this.#wait(deed.after);
		switch (deed.what) {
			case "deliver":
				return this.#deliver(idOf(deed.schedule), deed.known);
			case "answer":
				for (const place of deed.who) await this.#answer(nameOf(place), idOf(deed.schedule), deed.back);
				return;
			case "away": {
				const member = this.#member(nameOf(deed.who));
				const next = DAY * ((await this.#numbered(idOf(0))).length + deed.days);
				return store.people.addAwayDates(workspace.id, member.id, [hoursOn(next).toISOString().slice(0, 10)], this.now);
			}
			case "repair":
				return this.#repair(nameOf(deed.who));
			case "hide":
			case "show": {
				const member = this.#member(nameOf(deed.who));
				this.#members.set(member.name, { ...member, hidden: deed.what === "hide" });
				return store.people.changeSettings(member.id, { hidden: deed.what === "hide" });
			}
			case "settle":
				return this.#settle();
			case "remove": {
				const [first] = this.schedules;
				return first && removeSchedule(services, first, this.now);
			}
			case "wait":
		}
	}

	/** The board according to the rule: every streak folded up to now, sorted, and ranked. */
	async due(scheduleIds: readonly number[]): Promise<ShownBoard> {
		const { store } = this.#world;
		const all: (BoardRow & { hidden: boolean })[] = [];
		const stored = (await store.streaks.ofMembers([...this.#members.values()].map(({ id }) => id))).filter((row) =>
			scheduleIds.includes(row.scheduleId),
		);
		const evaluated = await evaluateStreaks(store, stored, this.now);
		for (const name of this.names) {
			const { id: memberId, hidden } = this.#member(name);
			const best = evaluated
				.map(({ row }, index) => ({ ...row, value: row.current, longest: stored[index]?.longest ?? 0 }))
				.filter((row) => row.memberId === memberId)
				.sort((a, b) => b.value - a.value || b.longest - a.longest)[0];
			if (best && best.value > 0) all.push({ memberId, name, value: best.value, longest: best.longest, hidden });
		}
		const visible = all.filter(({ hidden }) => !hidden).sort(compareRows);
		const rankOf = (value: number) => 1 + visible.filter((other) => other.value > value).length;
		return {
			lines: visible.map(({ name, value }) => `${rankOf(value)} ${name} ${value}`),
			own: new Map(
				all
					.filter(({ name }) => this.names.indexOf(name) < LOOK_SHARE)
					.map(({ name, value }) => [name, `${rankOf(value)} ${value}`]),
			),
		};
	}

	async shown(scheduleId: number | null): Promise<ShownBoard> {
		const scope = { workspaceId: this.#world.workspace.id, scheduleId };
		const lines: string[] = [];
		const own = new Map<string, string>();
		let first = false;
		for (const [place, name] of this.names.slice(0, LOOK_SHARE).entries()) {
			const page = place % 2;
			const shown = await boardPage(this.#world.services, this.#asker(name), scope, "current", null, page, this.now);
			if (place < 2) lines.push(...shown.rows.map((row) => `${row.rank} ${row.name} ${row.value}`));
			if (place === 0) first = shown.more;
			if (place === 1 && first !== shown.rows.length > 0)
				throw new Error("the first page misjudges whether there is more");
			if (shown.own) own.set(name, `${shown.own.rank} ${shown.own.value}`);
		}
		return { lines, own };
	}
}

import { ManualClock } from "../../../src/adapters/clock.ts";
import { DailyEngine } from "../../../src/chat/daily.ts";
import {
	addSchedule,
	editSchedule,
	pauseSchedule,
	repairMiss,
	resumeSchedule,
} from "../../../src/core/daily/schedules.ts";
import { UserError } from "../../../src/core/errors.ts";
import type { Member, Occurrence, Schedule, Workspace } from "../../../src/core/model.ts";
import type { RootStore } from "../../../src/core/ports/store.ts";
import type { Bank } from "../../../src/core/question/bank.ts";
import type { Question } from "../../../src/core/question/question.ts";
import { recordAnswer } from "../../../src/core/service/answering.ts";
import { recordReveal } from "../../../src/core/service/revealing.ts";
import type { Asker, Services } from "../../../src/core/service/services.ts";
import { createServices } from "../../../src/core/service/services.ts";
import type { Dice } from "../dice.ts";
import { type ModelHistory, type ModelStreak, modelStreak } from "./streak-model.ts";
import { compareBoard, compareStreak } from "./trial-comparison.ts";
import { TrialPlatform } from "./trial-platform.ts";

const HOUR = 60 * 60 * 1000;
const MINUTE = 60_000;
const DAYS = 24;
const MEMBERS = 4;
const SCHEDULES = 2;
/** How many histories one trial has: one per member and schedule. */
export const HISTORIES_A_TRIAL = MEMBERS * SCHEDULES;
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "Australia/Lord_Howe"];

/** What a member did about a question, noted by the trial itself. */
interface MemberAction {
	readonly memberId: number;
	readonly questionId: string;
	readonly at: number;
	readonly type: "answer" | "reveal";
}

/**
 * A workspace that lives through some weeks: two processes deliver and settle on one store; members answer early, late,
 * twice and in any order; admins edit, pause and repair. What the service reports is compared with the model.
 */
export class Trial {
	readonly #services: Services;
	readonly #dice: Dice;
	readonly #clock: ManualClock;
	readonly #engines: readonly DailyEngine[];
	readonly #faults: string[] = [];
	readonly #actions: MemberAction[] = [];
	readonly #repairs: { memberId: number; scheduleId: number; number: number; at: number }[] = [];
	#workspace: Workspace | null = null;
	#members: Member[] = [];
	#schedules: Schedule[] = [];
	/** The engines are down until this instant. */
	#downUntil = 0;

	constructor(store: RootStore, bank: Bank, dice: Dice, start: Date) {
		this.#services = createServices(store, bank, dice.next);
		this.#dice = dice;
		this.#clock = new ManualClock(start);
		const observer = {
			delivered: () => undefined,
			fault: (what: string, error: unknown) => {
				this.#faults.push(`${what}: ${error instanceof Error ? error.stack : String(error)}`);
			},
		};
		const platforms = [new TrialPlatform(dice)];
		const parts = { services: this.#services, platforms, clock: this.#clock, observer };
		this.#engines = ["one", "two"].map((worker) => new DailyEngine({ ...parts, worker }));
	}

	/** @returns the differences from the model, in words */
	async run(): Promise<string[]> {
		await this.#open();
		const end = this.#clock.now().getTime() + DAYS * 24 * HOUR;
		while (this.#clock.now().getTime() < end && this.#faults.length === 0) {
			await this.#move();
			for (const member of this.#members) if (this.#dice.chance(0.35)) await this.#practise(member);
			if (this.#dice.chance(0.12)) await this.#changeSettings();
			if (this.#dice.chance(0.1)) await this.#compareWithModel();
		}
		this.#downUntil = 0;
		await this.#work();
		await this.#compareWithModel();
		await this.#services.store.people.removeWorkspace(this.#home.id, this.#clock.now());
		for (const engine of this.#engines) await engine.stop();
		return this.#faults;
	}

	get #home(): Workspace {
		if (!this.#workspace) throw new Error("the trial has not begun");
		return this.#workspace;
	}

	async #open(): Promise<void> {
		const { store } = this.#services;
		const now = this.#clock.now();
		const id = `trial ${Math.floor(this.#dice.next() * 1e9)}`;
		this.#workspace = await store.people.ensureWorkspace("trial", id, id, now);
		for (let index = 0; index < MEMBERS; index += 1)
			this.#members.push(await store.people.ensureMember(this.#home.id, `id ${index}`, `Member ${index}`, now));
		for (let index = 0; index < SCHEDULES; index += 1)
			this.#schedules.push(await addSchedule(this.#services, this.#home.id, this.#randomSchedule(), now));
	}

	/** All schedules use one bank, so that two sometimes ask the same question at once. */
	#randomSchedule() {
		const hour = String(this.#dice.between(0, 23)).padStart(2, "0");
		const weekdays = this.#dice.chance(0.6) ? 127 : this.#dice.between(1, 127);
		const timetable = { localTime: `${hour}:30`, zone: this.#dice.pick(ZONES), weekdays };
		return { ...timetable, channelId: "c", channelName: "c", categories: [], difficulties: [] };
	}

	async #move(): Promise<void> {
		const now = this.#clock.now().getTime();
		const next = await this.#engines[0]?.nextInstant("trial", this.#clock.now());
		const random = now + this.#dice.between(1, 600) * MINUTE;
		this.#clock.moveTo(new Date(next && next.getTime() < random ? next.getTime() : random));
		if (this.#dice.chance(0.015)) this.#downUntil = now + this.#dice.between(10, 100) * HOUR;
		const isDue = next !== null && next !== undefined && next.getTime() <= random;
		if (now >= this.#downUntil && (isDue || this.#dice.chance(0.2))) await this.#work();
	}

	/** Mostly runs both processes at once, sometimes one of them or none. */
	async #work(): Promise<void> {
		const [one, other] = this.#engines;
		const chance = this.#dice.next();
		if (chance < 0.1) return;
		await Promise.all([
			chance < 0.8 || this.#downUntil === 0 ? one?.run() : undefined,
			chance > 0.3 ? other?.run() : one?.run(),
		]);
	}

	#asker(member: Member): Asker {
		return { workspace: this.#home, member, channelId: "c" };
	}

	/** An answer (or two at once) to an open daily question, received just now or some hours ago. */
	async #practise(member: Member): Promise<void> {
		const { store, bank } = this.#services;
		const isReveal = this.#dice.chance(0.03);
		const late = !isReveal && this.#dice.chance(0.15) ? this.#dice.between(1, 20) * HOUR : 0;
		// Nothing else happens in this millisecond, or the order would decide whether a window was open.
		this.#tick();
		const at = new Date(this.#clock.now().getTime() - late);
		const open = await store.occurrences.open(this.#home.id, null, at);
		const question = open.length > 0 ? bank.get(this.#dice.pick(open).questionId ?? "") : this.#dice.pick(bank.all());
		if (!question) return;
		if (isReveal) {
			this.#actions.push({ memberId: member.id, questionId: question.id, at: at.getTime(), type: "reveal" });
			await recordReveal(this.#services, this.#asker(member), question, at);
		} else {
			const times = this.#dice.chance(0.1) ? 2 : 1;
			this.#actions.push({ memberId: member.id, questionId: question.id, at: at.getTime(), type: "answer" });
			await Promise.all(Array.from({ length: times }, () => this.#answer(member, question, at)));
		}
		this.#tick();
	}

	#tick(): void {
		this.#clock.moveTo(new Date(this.#clock.now().getTime() + 1));
	}

	async #answer(member: Member, question: Question, at: Date): Promise<void> {
		const answer = this.#dice.chance(0.5)
			? { kind: "text" as const, text: "What I would say of it, in my own words." }
			: { kind: "check" as const, option: this.#dice.pick(["A", "B", "C", "D"] as const) };
		await recordAnswer(this.#services, this.#asker(member), question, answer, at);
	}

	/** Something that a member or an admin changes. */
	async #changeSettings(): Promise<void> {
		const { store } = this.#services;
		const member = this.#dice.pick(this.#members);
		const now = this.#clock.now();
		const index = this.#dice.between(0, SCHEDULES - 1);
		const schedule = await store.schedules.get(this.#home.id, this.#schedules[index]?.id ?? 0);
		if (!schedule) throw new Error("there is no such schedule");
		const chance = this.#dice.next();
		if (chance < 0.2) await editSchedule(this.#services, schedule, this.#randomSchedule(), now);
		else if (chance < 0.3 && schedule.state === "active") await pauseSchedule(this.#services, schedule, null, now);
		else if (chance < 0.45) await resumeSchedule(this.#services, schedule, now);
		else if (chance < 0.7) await this.#away(member, now);
		else if (chance < 0.85) await this.#repair(member, schedule, now);
		else if (chance < 0.93) await store.people.changeSettings(member.id, { hidden: this.#dice.chance(0.5) });
		else await store.people.ensureMember(this.#home.id, member.externalId, `Called ${this.#dice.next()}`, now);
	}

	async #away(member: Member, now: Date): Promise<void> {
		const dates = [-1, 0, 1, 2, 3].map((days) => new Date(now.getTime() + days * 24 * HOUR).toISOString().slice(0, 10));
		const chosenDates = dates.filter(() => this.#dice.chance(0.5));
		const isWithdrawn = this.#dice.chance(0.3);
		await this.#services.transaction(async ({ store }) => {
			await store.people.lockMember(member.id);
			if (isWithdrawn) await store.people.withdrawAwayDates(member.id, chosenDates, now);
			else await store.people.addAwayDates(this.#home.id, member.id, chosenDates, now);
		});
	}

	async #repair(member: Member, schedule: Schedule, now: Date): Promise<void> {
		const occurrences = await this.#services.store.streaks.occurrencesAfter(schedule.id, 0);
		if (occurrences.length === 0) return;
		const { localDate, number } = this.#dice.pick(occurrences);
		try {
			await repairMiss(this.#services, schedule, member.id, localDate, now);
			this.#repairs.push({ memberId: member.id, scheduleId: schedule.id, number: number ?? 0, at: now.getTime() });
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
		}
	}

	/** The member's answers as the model takes them: by number, without those that came after a reveal. */
	#answers(memberId: number, occurrences: readonly Occurrence[]): ModelHistory["answers"] {
		const own = this.#actions.filter((action) => action.memberId === memberId);
		return occurrences.flatMap(({ number, questionId, deliveredAt }) => {
			const about = own.filter((action) => action.questionId === questionId);
			const revealed = about.find((action) => action.type === "reveal" && action.at >= (deliveredAt?.getTime() ?? 0));
			const answers = about.filter(
				(action) => action.type === "answer" && action.at < (revealed?.at ?? Number.POSITIVE_INFINITY),
			);
			return answers.map((action) => ({ number: number ?? 0, at: action.at / HOUR }));
		});
	}

	async #modelOf(member: Member, schedule: Schedule, occurrences: readonly Occurrence[]): Promise<ModelStreak> {
		const away = await this.#services.store.people.awayDates(member.id);
		const history: ModelHistory = {
			occurrences: occurrences.map(({ deliveredAt, state, localDate }) => ({
				delivered: (deliveredAt?.getTime() ?? 0) / HOUR,
				known: state === "delivered",
				date: localDate,
			})),
			answers: this.#answers(member.id, occurrences),
			away: away.map(({ date, setAt, withdrawnAt }) => ({
				date,
				set: setAt.getTime() / HOUR,
				withdrawn: withdrawnAt && withdrawnAt.getTime() / HOUR,
			})),
			repairs: this.#repairs
				.filter((repair) => repair.memberId === member.id && repair.scheduleId === schedule.id)
				.map(({ number, at }) => ({ number, at: at / HOUR })),
		};
		return modelStreak(history, this.#clock.now().getTime() / HOUR);
	}

	/** Compares every streak and both boards, as the service reports them now, with the model. */
	async #compareWithModel(): Promise<void> {
		const { store } = this.#services;
		const now = this.#clock.now();
		for (const schedule of this.#schedules) {
			const occurrences = await store.streaks.occurrencesAfter(schedule.id, 0);
			// A send that is still running is neither known nor unknown.
			if (occurrences.some(({ state }) => state === "sending")) continue;
			const values = new Map<number, number>();
			for (const member of this.#members) {
				const expected = await this.#modelOf(member, schedule, occurrences);
				values.set(member.id, expected.current);
				const difference = await compareStreak(this.#services, member, schedule, expected, now);
				if (difference) this.#faults.push(difference);
			}
			this.#faults.push(...(await compareBoard(this.#services, this.#home, this.#members, schedule, values, now)));
		}
	}
}

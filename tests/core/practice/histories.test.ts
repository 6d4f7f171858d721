import fc from "fast-check";
import { expect, test } from "vitest";
import type { Grade } from "../../../src/core/model.ts";
import {
	afterAnswer,
	afterRating,
	afterReveal,
	localDateAt,
	type Memory,
	rebuildMemory,
	type StoredReview,
} from "../../../src/core/practice/memory.ts";
import { cappedGrade } from "../../../src/core/question/grading.ts";
import { byEffort } from "../../support/effort.ts";
import { type MemoryEvent, naiveMemory } from "../../support/practice/naive.ts";

const KEY = { workspaceId: 1, memberId: 2, questionId: "kv-cache" };
const HOUR = 3_600_000;
const ZONES = ["UTC", "Asia/Tokyo", "America/Los_Angeles", "Pacific/Kiritimati", null] as const;
const grades = fc.constantFrom<Grade>("again", "hard", "good", "easy");

/** One event, at an instant of one of two processes, whose clocks and banks differ. */
const steps = fc.array(
	fc.record({
		type: fc.constantFrom("text", "check", "rate", "rate", "reveal" as const),
		/** Hours since the event before; clocks are also set back. */
		hours: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 30 }) }, fc.integer({ min: -50, max: 2000 })),
		zone: fc.constantFrom(...ZONES),
		right: fc.boolean(),
		repeat: fc.integer({ min: 0, max: 5 }).map((value) => value === 0),
		hinted: fc.boolean(),
		missedEssential: fc.boolean(),
		raises: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
		stale: fc.integer({ min: 0, max: 9 }).map((value) => value === 0),
		grade: grades,
	}),
	{ maxLength: 14 },
);
type Step = typeof steps extends fc.Arbitrary<infer Value> ? (Value extends (infer One)[] ? One : never) : never;

/** The program's side: the stored memory, and the rows that a rebuild reads. */
class Kept {
	memory: Memory | null = null;
	readonly rows: StoredReview[] = [];
	readonly deeds: MemoryEvent[] = [];
	readonly #facts = new Map<number, { hinted: boolean; wrong: boolean }>();
	#at = Date.parse("2027-03-08T08:00:00Z");
	#latest: string | null = null;
	#revision = 1;

	do(step: Step): void {
		this.#at += step.hours * HOUR;
		if (step.raises) this.#revision += 1;
		const revision = step.stale ? Math.max(1, this.#revision - 1) : this.#revision;
		if (step.type === "rate") this.#rate(step);
		else this.#review(step, step.type, revision, localDateAt(new Date(this.#at), step.zone, this.#latest));
	}

	#review(step: Step, kind: "text" | "check" | "reveal", revision: number, localDate: string): void {
		const id = this.rows.length + 1;
		const at = new Date(this.#at);
		if (kind === "reveal") {
			this.deeds.push({ type: "reveal", date: localDate, revision });
			if (this.rows.some((row) => row.kind !== "reveal" && row.localDate === localDate)) return;
			const { memory, books } = afterReveal(KEY, this.memory, { revision, localDate });
			if (!books) return;
			this.memory = memory;
			this.#keep({ kind, id, revision, at, localDate, isRepeat: false, grade: "again", bookedGrade: "again" });
			return;
		}
		const grade = kind === "check" ? (step.right ? "good" : "again") : null;
		// Only what was missed is repeated.
		const isRepeat = step.repeat && this.memory?.state != null;
		const { memory, books } = afterAnswer(KEY, this.memory, { id, revision, localDate, isRepeat }, grade);
		this.memory = memory;
		this.#facts.set(id, { hinted: step.hinted, wrong: kind === "check" && !step.right });
		this.#keep({ kind, id, revision, at, localDate, isRepeat, grade, bookedGrade: books ? grade : null });
		const common = { id, date: localDate, revision, repeat: isRepeat };
		this.deeds.push(kind === "check" ? { type: kind, ...common, right: step.right } : { type: kind, ...common });
	}

	/** Rates the latest answer, as the program does. */
	#rate(step: Step): void {
		const index = this.rows.findLastIndex((row) => row.kind !== "reveal");
		const row = this.rows[index];
		if (!row) return;
		const { hinted = false, wrong = false } = this.#facts.get(row.id) ?? {};
		const grade = cappedGrade(step.grade, { hinted, missedEssential: step.missedEssential, wrongCheck: wrong });
		const { memory, books } = afterRating(KEY, this.memory, row, grade);
		this.memory = memory;
		this.rows[index] = { ...row, grade, bookedGrade: books ? grade : row.bookedGrade };
		this.deeds.push({ type: "rate", id: row.id, grade });
	}

	#keep(row: StoredReview): void {
		this.rows.push(row);
		this.#latest = row.localDate;
	}
}

test("random histories: the stored memory equals the rebuilt one, and the naive model's", () => {
	fc.assert(
		fc.property(steps, fc.infiniteStream(fc.nat()), (history, order) => {
			const stored = new Kept();
			for (const step of history) {
				stored.do(step);
				const shuffled = stored.rows.toSorted(() => ((order.next().value ?? 0) % 3) - 1);
				expect(rebuildMemory(KEY, shuffled)).toEqual(stored.memory);
			}
			const naive = naiveMemory(stored.deeds);
			const { memory } = stored;
			expect(
				memory && {
					stability: memory.state?.stability ?? null,
					difficulty: memory.state?.difficulty ?? null,
					grade: memory.grade,
					due: memory.dueOn,
					revision: memory.revision,
				},
			).toEqual(naive);
		}),
		{ numRuns: byEffort({ test: 2_000, ci: 20_000, full: 100_000 }) },
	);
});

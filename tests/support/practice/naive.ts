/**
 * A second, naive implementation of the rules of memories. It keeps every event, and replays all of them for each
 * question that it is asked about. It shares nothing with the program except ts-fsrs.
 */
import { type Card, createEmptyCard, fsrs, Rating } from "ts-fsrs";

export type NaiveGrade = "again" | "hard" | "good" | "easy";

/** What happened to one question, in the order of processing. */
export type MemoryEvent =
	| { type: "text"; id: number; date: string; revision: number; repeat: boolean }
	| { type: "check"; id: number; date: string; revision: number; repeat: boolean; right: boolean }
	/** `grade` is what counts after the caps. */
	| { type: "rate"; id: number; grade: NaiveGrade }
	/** The reveal of a question that was put to the member. */
	| { type: "reveal"; date: string; revision: number };

export interface NaiveMemory {
	stability: number | null;
	difficulty: number | null;
	grade: NaiveGrade | null;
	due: string;
	revision: number;
}

const scheduler = fsrs({ enable_short_term: false, enable_fuzz: false, request_retention: 0.9 });
const ratings = { again: Rating.Again, hard: Rating.Hard, good: Rating.Good, easy: Rating.Easy } as const;
const dayAfter = (date: string) => new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** The memory after all events; null if there is none. */
export function naiveMemory(events: readonly MemoryEvent[]): NaiveMemory | null {
	// A date's booking: the answer (null for a reveal) that took the date, and its latest grade.
	const days: { date: string; id: number | null; grade: NaiveGrade }[] = [];
	const texts: { id: number; date: string; repeat: boolean; graded: boolean }[] = [];
	let revision = 0;
	const isBookedFrom = (date: string) => days.some((day) => day.date >= date);
	// Text of a later date that waits for its ticks: what is older books nothing any more.
	const isTickPending = (date: string) => texts.some((text) => !text.graded && !text.repeat && text.date > date);
	for (const event of events)
		switch (event.type) {
			case "text":
				texts.push({ id: event.id, date: event.date, repeat: event.repeat, graded: false });
				revision = Math.max(revision, event.revision);
				break;
			case "check":
				texts.push({ id: event.id, date: event.date, repeat: event.repeat, graded: true });
				revision = Math.max(revision, event.revision);
				if (!event.repeat && !isBookedFrom(event.date))
					days.push({ date: event.date, id: event.id, grade: event.right ? "good" : "again" });
				break;
			case "rate": {
				const text = texts.find((text) => text.id === event.id);
				if (!text) break;
				text.graded = true;
				const last = days.at(-1);
				if (last?.id === event.id) last.grade = event.grade;
				else if (!text.repeat && !isBookedFrom(text.date) && !isTickPending(text.date))
					days.push({ date: text.date, id: text.id, grade: event.grade });
				break;
			}
			case "reveal": {
				const answered = texts.some((text) => text.date === event.date);
				if (answered || isBookedFrom(event.date)) break;
				days.push({ date: event.date, id: null, grade: "again" });
				revision = Math.max(revision, event.revision);
			}
		}
	let card: Card | null = null;
	for (const { date, grade } of days) {
		const instant = new Date(`${date}T00:00:00Z`);
		card = scheduler.next(card ?? createEmptyCard(instant), instant, ratings[grade]).card;
	}
	const open = texts.filter((text) => !text.graded && !text.repeat && !isBookedFrom(text.date)).at(-1);
	if (!card && !open) return null;
	return {
		stability: card?.stability ?? null,
		difficulty: card?.difficulty ?? null,
		grade: days.at(-1)?.grade ?? null,
		due: open ? dayAfter(open.date) : (card?.due.toISOString().slice(0, 10) ?? ""),
		revision,
	};
}

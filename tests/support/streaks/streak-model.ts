/**
 * The streak rule, replayed from scratch: slow, simple, and unlike the program. A member's history becomes a word with
 * one letter per occurrence, and the streak is read off the word. All instants are hours since a start.
 */

/** One numbered occurrence. Its number is its place in the list, from 1. */
export interface ModelOccurrence {
	readonly delivered: number;
	/** Whether its post certainly arrived. */
	readonly known: boolean;
	readonly date: string;
}

export interface ModelAway {
	readonly date: string;
	readonly set: number;
	readonly withdrawn: number | null;
}

export interface ModelHistory {
	readonly occurrences: readonly ModelOccurrence[];
	/**
	 * Everything the member sent: number of the occurrence and instant, including answers too early, too late and
	 * twice.
	 */
	readonly answers: readonly { readonly number: number; readonly at: number }[];
	readonly away: readonly ModelAway[];
	readonly repairs: readonly { readonly number: number; readonly at: number }[];
}

export interface ModelStreak {
	readonly current: number;
	readonly longest: number;
	readonly freezes: number;
	/** `number kind`, in order. */
	readonly ledger: readonly string[];
	readonly milestones: readonly number[];
	readonly answered: number;
}

const MILESTONES = [7, 30, 50, 100, 200, 365];

/** When an occurrence's window closes, as far as that is settled at `now`; null while no later post has arrived. */
export function closing(history: ModelHistory, number: number, now: number): number | null {
	const own = history.occurrences[number - 1];
	const next = history.occurrences.find((later, index) => index >= number && later.known && later.delivered <= now);
	return own && next ? Math.max(next.delivered, own.delivered + 24) : null;
}

/** Whether the member has answered an occurrence within its window by `now`. */
export function hasAnswered(history: ModelHistory, number: number, now: number): boolean {
	const own = history.occurrences[number - 1];
	return history.answers.some(({ number: which, at }) => {
		if (which !== number || at > now || !own || at < own.delivered) return false;
		const closes = closing(history, number, at);
		return closes === null || at < closes;
	});
}

/**
 * The letter of one occurrence: `a`nswered, still `o`pen, `m`issed, a`w`ay, `r`epaired, or `-` for a post that may not
 * have arrived.
 */
function letter(history: ModelHistory, number: number, now: number): string {
	const own = history.occurrences[number - 1];
	if (!own) return "";
	if (hasAnswered(history, number, now)) return "a";
	const closes = closing(history, number, now);
	if (closes === null || now < closes) return "o";
	if (!own.known) return "-";
	if (history.repairs.some((repair) => repair.number === number && repair.at <= now)) return "r";
	const excused = history.away.some(
		({ date, set, withdrawn }) =>
			date === own.date && set < own.delivered && (withdrawn === null || withdrawn > now || withdrawn >= own.delivered),
	);
	return excused ? "w" : "m";
}

/** The word of a history, from the member's first answered occurrence to the last one delivered by `now`. */
export function wordOf(history: ModelHistory, now: number): { first: number; word: string } {
	const delivered = history.occurrences.filter((occurrence) => occurrence.delivered <= now).length;
	const letters = Array.from({ length: delivered }, (_, index) => letter(history, index + 1, now));
	const first = letters.indexOf("a");
	return { first: first + 1, word: first < 0 ? "" : letters.slice(first).join("") };
}

interface Reading {
	readonly run: number;
	readonly best: number;
	readonly freezes: number;
	readonly ledger: readonly string[];
	readonly milestones: readonly number[];
}

/** Reads a word without open letters. */
function read(word: string, first: number): Reading {
	let reading: Reading = { run: 0, best: 0, freezes: 0, ledger: [], milestones: [] };
	for (const [place, mark] of [...word].entries()) {
		const number = first + place;
		const { run, best, freezes: held, ledger, milestones } = reading;
		if (mark === "a") {
			const seven = (run + 1) % 7 === 0 && held < 2;
			reading = {
				run: run + 1,
				best: Math.max(run + 1, best),
				freezes: seven ? held + 1 : held,
				ledger: seven ? [...ledger, `${number} freeze-earned`] : ledger,
				milestones: MILESTONES.includes(run + 1) ? [...milestones, run + 1] : milestones,
			};
		} else if (mark === "m" && held > 0)
			reading = { ...reading, freezes: held - 1, ledger: [...ledger, `${number} freeze-used`] };
		else if (mark === "m") reading = { ...reading, run: 0, ledger: run > 0 ? [...ledger, `${number} missed`] : ledger };
		else if (mark === "w") reading = { ...reading, ledger: [...ledger, `${number} away`] };
		else if (mark === "r") reading = { ...reading, ledger: [...ledger, `${number} repaired`] };
	}
	return reading;
}

/** The streak of a history at an instant. */
export function modelStreak(history: ModelHistory, now: number): ModelStreak {
	const { first, word } = wordOf(history, now);
	// The shown streak skips open occurrences; nothing after one is booked yet.
	const booked = read(word.includes("o") ? word.slice(0, word.indexOf("o")) : word, first);
	return {
		current: read(word.replaceAll("o", ""), first).run,
		longest: booked.best,
		freezes: booked.freezes,
		ledger: booked.ledger,
		milestones: booked.milestones,
		answered: [...word].filter((mark) => mark === "a").length,
	};
}

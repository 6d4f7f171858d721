import { suggestZones } from "../core/calendar/zones.ts";
import { FOCUSES } from "../core/practice/queue.ts";
import type { Bank } from "../core/question/bank.ts";
import type { Command } from "./command.ts";

/** One value offered for an option while a member types. */
export interface Suggestion {
	readonly label: string;
	readonly value: string;
}

/** Offers values, best first, without any request. A platform shows as many as it can. */
export type Suggest = (typed: string, bank: Bank, commands: readonly Command[]) => readonly Suggestion[];

/** No platform shows more than this. */
const MAX_ZONES = 25;
const WEEKDAYS = ["daily", "weekdays", "weekends", "mon,wed,fri", "tue,thu"];

const same = (value: string): Suggestion => ({ label: value, value });

export const suggestQuestions: Suggest = (typed, bank) => {
	const text = typed.trim();
	const words = ["today", "last"].filter((word) => word.startsWith(text.toLowerCase()));
	const found = text === "" ? [] : bank.search(text);
	return [
		...words.map(same),
		...found.map(({ id, title, category, difficulty }) => ({
			label: `${title} (${category}, ${difficulty})`,
			value: id,
		})),
	];
};

export const suggestFocuses: Suggest = (typed) => {
	const text = typed.trim().toLowerCase();
	const matches = FOCUSES.filter((focus) => focus.startsWith(text));
	return [...matches, ...FOCUSES.filter((focus) => !matches.includes(focus) && focus.includes(text))].map(same);
};

export const suggestZoneNames: Suggest = (typed) => suggestZones(typed, MAX_ZONES).map(same);

export const suggestWeekdays: Suggest = (typed) =>
	WEEKDAYS.filter((choice) => choice.startsWith(typed.trim().toLowerCase())).map(same);

/** Completes the last of several values joined by commas. */
export function suggestSeveral(choices: readonly string[]): Suggest {
	return (typed) => {
		const parts = typed.split(",").map((part) => part.trim().toLowerCase());
		const last = parts.pop() ?? "";
		const before = parts.filter((part) => choices.includes(part));
		const offered = choices.filter((choice) => choice.startsWith(last) && !before.includes(choice));
		const all = before.length === 0 && "all".startsWith(last) ? ["all"] : [];
		return [...all, ...offered.map((choice) => [...before, choice].join(","))].map(same);
	};
}

/** Command names that start with the text, then those that contain it. Omits text-only commands. */
export const suggestCommands: Suggest = (typed, _bank, commands) => {
	const text = typed.trim().toLowerCase();
	const names = commands.filter(({ textOnly }) => !textOnly).map(({ name }) => name);
	const begins = names.filter((name) => name.startsWith(text));
	return [...begins, ...names.filter((name) => name.includes(text) && !name.startsWith(text))].map(same);
};

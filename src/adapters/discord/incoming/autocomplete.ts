import type { Command } from "../../../chat/command.ts";
import { suggestZones } from "../../../core/calendar/zones.ts";
import type { Bank } from "../../../core/question/bank.ts";
import { cut } from "../outgoing/cut.ts";
import { CHOICE, CHOICES } from "../outgoing/limits.ts";

export interface Choice {
	readonly name: string;
	readonly value: string;
}

const WEEKDAYS = ["daily", "weekdays", "weekends", "mon,wed,fri", "tue,thu"];

const same = (value: string): Choice => ({ name: cut(value, CHOICE), value });

function questions(typed: string, bank: Bank): Choice[] {
	const text = typed.trim();
	const words = ["today", "last"].filter((word) => word.startsWith(text.toLowerCase()));
	const found = text === "" ? [] : bank.search(text);
	return [
		...words.map(same),
		...found.map((question) => ({
			name: cut(`${question.title} (${question.category}, ${question.difficulty})`, CHOICE),
			value: question.id,
		})),
	];
}

/** Completes the last of several values that are joined by commas. */
function several(typed: string, choices: readonly string[]): Choice[] {
	const parts = typed.split(",").map((part) => part.trim().toLowerCase());
	const last = parts.pop() ?? "";
	const before = parts.filter((part) => choices.includes(part));
	const offered = choices.filter((choice) => choice.startsWith(last) && !before.includes(choice));
	const all = before.length === 0 && "all".startsWith(last) ? ["all"] : [];
	return [...all, ...offered.map((choice) => [...before, choice].join(","))]
		.filter((value) => value.length <= CHOICE)
		.map(same);
}

/** What to offer for an option while it is typed: at most 25 choices, found without asking anybody. */
export function suggestions(command: Command | undefined, optionName: string, typed: string, bank: Bank): Choice[] {
	const option = command?.options[optionName];
	switch (option?.kind) {
		case "question":
			return questions(typed, bank).slice(0, CHOICES);
		case "zone":
			return suggestZones(typed, CHOICES).map(same);
		case "weekdays":
			return WEEKDAYS.filter((choice) => choice.startsWith(typed.trim().toLowerCase())).map(same);
		case "choices":
			return several(typed, option.choices).slice(0, CHOICES);
		default:
			return [];
	}
}

import type { Command } from "../../../chat/command.ts";
import type { Bank } from "../../../core/question/bank.ts";
import { cut } from "../outgoing/cut.ts";
import { CHOICE, CHOICES } from "../outgoing/limits.ts";

export interface Choice {
	readonly name: string;
	readonly value: string;
}

/** The choices to offer while an option is typed: at most 25. */
export function suggestions(
	name: string,
	optionName: string,
	typed: string,
	bank: Bank,
	commands: readonly Command[],
): Choice[] {
	const command = commands.find((candidate) => candidate.name === name);
	const offered = command?.options[optionName]?.suggest?.(typed, bank, commands) ?? [];
	return offered
		.filter(({ value }) => value.length <= CHOICE)
		.slice(0, CHOICES)
		.map(({ label, value }) => ({ name: cut(label, CHOICE), value }));
}

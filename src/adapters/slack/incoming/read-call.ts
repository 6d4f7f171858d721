import type { Call } from "../../../chat/card.ts";
import type { Command } from "../../../chat/command.ts";
import { readWords } from "../../../chat/small-talk.ts";
import type { Bank } from "../../../core/question/bank.ts";
import { readCall, readDone, readReopen } from "./calls.ts";
import { plainCommand } from "./incoming-text.ts";
import type { Interaction } from "./interaction.ts";

/** An interaction's call, with the names it mentions. */
export interface Read {
	readonly call: Call;
	readonly mentioned: ReadonlyMap<string, string>;
}

/** @throws UserError for words that are neither a command nor a plain wish */
export function readInteraction({ act }: Interaction, commands: readonly Command[], bank: Bank): Read {
	const mentioned = new Map<string, string>();
	switch (act.type) {
		case "command": {
			const plain = plainCommand(act.text);
			return { call: readWords(plain.text, commands, bank), mentioned: plain.mentioned };
		}
		case "call":
			return { call: readCall(act.value, commands), mentioned };
		case "done":
			return { call: readDone(act.value, act.ticked, commands), mentioned };
		case "reopen":
			return { call: readReopen(act.value, commands), mentioned };
		case "form": {
			const { command, options } = readCall(act.value, commands);
			return { call: { command, options: { ...options, ...act.fields } }, mentioned };
		}
		case "said":
		case "home":
		case "joined":
		case "removed":
			throw new Error(`an interaction of the kind ${act.type} has no call`);
	}
}

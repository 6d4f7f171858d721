import type { Call } from "../../../chat/card.ts";
import type { Command } from "../../../chat/command.ts";
import { readCommand, writeCommand } from "../../../chat/grammar.ts";

/**
 * What controls carry: a call in the text grammar. Nothing is kept for them on our side, so a button of last year
 * still works. A control's block_id begins with the workspace that it belongs to.
 */

/** Action ids of our controls; a number keeps them apart within a block. */
export const CALL_ACTION = "call";
export const MENU_ACTION = "menu";
export const TICK_ACTION = "tick";
export const DONE_ACTION = "done";
/** The callback_id of every form. */
export const FORM_CALLBACK = "form";

export const actionId = (kind: string, index: number) => `${kind}:${index}`;
export const blockId = (workspaceId: string, index: number) => `${workspaceId}/${index}`;

/** The workspace that a block_id names; null when the block is not one of ours. */
export function workspaceOfBlock(id: string): string | null {
	return /^([TE][A-Z0-9]+)\/\d+$/.exec(id)?.[1] ?? null;
}

export const callValue = writeCommand;

/** @throws UserError for a call of a command that no longer exists */
export function readCall(value: string, commands: readonly Command[]): Call {
	return readCommand(value, commands);
}

/** A checklist's button carries the option that the ticked numbers fill. */
export const doneValue = (call: Call, option: string) => `${option} ${writeCommand(call)}`;

/** @throws UserError for a call of a command that no longer exists */
export function readDone(value: string, ticked: readonly string[], commands: readonly Command[]): Call {
	const [, option = "", text = ""] = /^(\S+) ([\s\S]+)$/.exec(value) ?? [];
	const call = readCommand(text, commands);
	return { command: call.command, options: { ...call.options, [option]: ticked.length > 0 ? ticked.join(",") : "0" } };
}

import * as z from "zod";
import { button, type Call, type TypedField } from "../../../chat/card.ts";
import type { Command } from "../../../chat/command.ts";
import { readCommand, writeCommand } from "../../../chat/grammar.ts";
import { Refusal } from "../../../chat/refused-command.ts";
import { UserError } from "../../../core/errors.ts";
import { wellFormed } from "../../../core/text/well-formed.ts";
import { pack, unpack } from "./packed-text.ts";

/**
 * Controls carry a call in the text grammar. We keep nothing for them, so a button from last year still works.
 * A control's block_id begins with the workspace it belongs to.
 */

/** Action ids of our controls; a number makes them unique within a block. */
export const CALL_ACTION = "call";
export const MENU_ACTION = "menu";
export const TICK_ACTION = "tick";
export const DONE_ACTION = "done";
export const REOPEN_ACTION = "reopen";
/** The callback_id of every form. */
export const FORM_CALLBACK = "form";

export const actionId = (kind: string, index: number) => `${kind}:${index}`;
export const blockId = (workspaceId: string, index: number) => `${workspaceId}/${index}`;

/** The workspace that a block_id names; null if the block is not ours. */
export function workspaceOfBlock(id: string): string | null {
	return /^([TE][A-Z0-9]+)\/\d+$/.exec(id)?.[1] ?? null;
}

export const callValue = (call: Call): string => wellFormed(writeCommand(call));

/** @throws UserError if the command no longer exists */
export function readCall(value: string, commands: readonly Command[]): Call {
	return readCommand(value, commands);
}

/** A button that opens a form again carries the form's texts, after the call and a line break. */
export function reopenValue(call: Call, fields: readonly TypedField[]): string {
	const typed = Object.fromEntries(fields.map(({ name, text }) => [name, text]));
	return `${writeCommand(call)}\n${pack(JSON.stringify(typed))}`;
}

const typedSchema = z.record(z.string(), z.string());

/** @throws UserError if the command no longer exists */
export function readReopen(value: string, commands: readonly Command[]): Call {
	const [text = "", packed = ""] = value.split("\n");
	const call = readCommand(text, commands);
	const typed = typedSchema.parse(JSON.parse(unpack(packed)));
	return { command: call.command, options: { ...call.options, ...typed }, reopen: true };
}

/** A checklist's button carries the option that receives the ticked numbers. */
export const doneValue = (call: Call, option: string) => `${option} ${writeCommand(call)}`;

/**
 * Reads a press of Done. Done without a tick may be a slip, so that a member says "none of these" with a button.
 * @throws UserError if nothing is ticked, or the command no longer exists
 */
export function readDone(value: string, ticked: readonly string[], commands: readonly Command[]): Call {
	const [, option = "", text = ""] = /^(\S+) ([\s\S]+)$/.exec(value) ?? [];
	const { command, options } = readCommand(text, commands);
	if (ticked.length > 0) return { command, options: { ...options, [option]: ticked.join(",") } };
	throw new Refusal(
		new UserError(
			"Nothing is ticked, so nothing was graded.",
			"Tick what you had and press Done, or say that it was none.",
		),
		[
			button("None of these", command, { ...options, [option]: "0" }),
			button("Tick again", command, options, "primary"),
		],
	);
}

/**
 * The custom id of a button or select carries its call in the text grammar. It works for as long as the message exists,
 * in any process. After the call may come ` @` and the server (in direct messages), and ` ~` and a tag that makes the
 * id unique on its message or marks the delivery.
 */
import type { Call } from "../../../chat/card.ts";
import type { Command } from "../../../chat/command.ts";
import { readCommand, writeCommand } from "../../../chat/grammar.ts";
import { UserError } from "../../../core/errors.ts";
import { beginning } from "../../../core/text/cut.ts";
import { CUSTOM_ID } from "../outgoing/limits.ts";

export interface ControlId {
	readonly call: Call;
	/** The option that receives the ticked numbers of a list. */
	readonly ticks: string | null;
	/** The options whose texts are in the control's message, in its order: the control opens their form again. */
	readonly typed: readonly string[] | null;
	/** The server of a control in a direct message. */
	readonly workspaceId: string | null;
}

/** What comes after the call. */
export interface Suffix {
	readonly workspaceId?: string | undefined;
	readonly tag?: string | undefined;
}

const BACK = /^([\s\S]*?)(?: @(\d{1,20}))?(?: ~([\w-]{1,25}))?$/;
const TICKS = /^\[([\w-]{1,32})\] /;
const TYPED = /^\{([\w,-]{1,60})\} /;

/** What comes before the call. */
export interface Front {
	readonly ticks?: string;
	readonly typed?: readonly string[];
}

function frontText({ ticks, typed }: Front): string {
	if (typed) return `{${typed.join(",")}} `;
	return ticks === undefined ? "" : `[${ticks}] `;
}

export function suffixText({ workspaceId, tag }: Suffix): string {
	return `${workspaceId === undefined ? "" : ` @${workspaceId}`}${tag === undefined ? "" : ` ~${tag}`}`;
}

/** `=search|wkey value|cllm-apps|p2`: each option is named by its first letter. */
function shortForm(call: Call): string {
	const names = Object.keys(call.options);
	const letters = new Set(names.map((name) => name[0]));
	const key = (name: string) => (letters.size === names.length ? (name[0] ?? "") : `${name}:`);
	const options = Object.entries(call.options).map(([name, value]) => `|${key(name)}${value.replaceAll("|", " ")}`);
	return `=${call.command}${options.join("")}`;
}

/** Shortens the longest value until the short form fits. Only search words are ever that long. */
function cutForm(call: Call, most: number): string {
	const [longest] = Object.entries(call.options).toSorted(([, one], [, other]) => other.length - one.length);
	const over = shortForm(call).length - most;
	if (!longest || over <= 0) return shortForm(call);
	const [name, value] = longest;
	if (value.length <= over) throw new Error(`the call of ${call.command} is too long for a button`);
	return shortForm({ ...call, options: { ...call.options, [name]: beginning(value, value.length - over).trimEnd() } });
}

/** Writes a custom id of at most 100 characters. */
export function controlId(call: Call, suffix: Suffix = {}, before: Front = {}): string {
	const front = frontText(before);
	const back = suffixText(suffix);
	const room = CUSTOM_ID - front.length - back.length;
	const whole = writeCommand(call);
	if (whole.length <= room) return `${front}${whole}${back}`;
	return `${front}${cutForm(call, room)}${back}`;
}

/**
 * Writes a form's custom id. A form that opens again may carry options that it has no fields for. Those that do not fit
 * are left out, longest first, since half a value is useless. The card that opened the form still shows them.
 */
export function formId(call: Call, suffix: Suffix): string {
	const room = CUSTOM_ID - suffixText(suffix).length;
	let options = Object.entries(call.options);
	while (options.length > 0 && shortForm({ ...call, options: Object.fromEntries(options) }).length > room) {
		const [longest] = options.toSorted(([, one], [, other]) => other.length - one.length);
		options = options.filter((option) => option !== longest);
	}
	return controlId({ ...call, options: Object.fromEntries(options) }, suffix);
}

function readShortForm(text: string, commands: readonly Command[]): Call {
	const [name = "", ...parts] = text.slice(1).split("|");
	const command = commands.find((candidate) => candidate.name === name);
	const known = Object.keys(command?.options ?? {});
	const options: Record<string, string> = {};
	for (const part of parts) {
		const full = known.find((option) => part.startsWith(`${option}:`));
		const option = full ?? known.find((candidate) => candidate[0] === part[0]);
		if (option !== undefined) options[option] = part.slice(full === undefined ? 1 : full.length + 1);
	}
	return { command: name, options };
}

/**
 * Reads a custom id, including one that an older version wrote.
 * @throws UserError when its command no longer exists
 */
export function readControlId(text: string, commands: readonly Command[]): ControlId {
	const [, front = "", workspaceId] = BACK.exec(text) ?? [];
	const ticks = TICKS.exec(front);
	const typed = TYPED.exec(front);
	const body = front.slice((ticks ?? typed)?.[0].length ?? 0);
	return {
		call: readBody(body, commands),
		ticks: ticks?.[1] ?? null,
		typed: typed?.[1]?.split(",") ?? null,
		workspaceId: workspaceId ?? null,
	};
}

function readBody(body: string, commands: readonly Command[]): Call {
	try {
		return body.startsWith("=") ? readShortForm(body, commands) : readCommand(body, commands);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		throw new UserError(
			"This button belongs to an older version.",
			`${error.remedy} \`/nlpq help\` shows all there is.`,
		);
	}
}

/** The delivery mark in a custom id; null without one. */
export function markOf(customId: string): string | null {
	return BACK.exec(customId)?.[3] ?? null;
}

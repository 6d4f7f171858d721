import type { Member, Workspace } from "../core/model.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { ReadServices } from "../core/service/services.ts";
import type { Audience, Form, Reply } from "./card.ts";
import type { Option } from "./option.ts";
import type { Platform } from "./platform.ts";

/** Where a command was given. */
export interface Place {
	readonly kind: "channel" | "thread" | "direct";
	/** The channel; of a thread, the one that it belongs to. */
	readonly channelId: string;
	readonly channelName: string;
}

/** The part of the daily engine that commands may use. */
export interface PostingApi {
	/** Sends what is due, and waits for it a little. */
	deliverSoon(): Promise<void>;
	/** Looks at once for work, instead of at the next tick. */
	wake(): void;
}

/** What every command is given. */
export interface Context {
	readonly services: ReadServices;
	readonly clock: Clock;
	readonly workspace: Workspace;
	readonly member: Member;
	readonly admin: boolean;
	readonly place: Place;
	/** Names of the members and channels that the options mention by id. */
	readonly mentioned: ReadonlyMap<string, string>;
	/** The instant of receipt, before any queue. */
	readonly now: Date;
	/** The platform that the workspace lives on. */
	readonly platform: Platform;
	readonly daily: PostingApi;
	/** All commands, for help. */
	readonly commands: readonly Command[];
}

// biome-ignore lint/suspicious/noExplicitAny: a variance marker; values are typed by each command's own options
type AnyOption = Option<any>;
export type Options = Readonly<Record<string, AnyOption>>;
export type Values<Defined extends Options> = {
	readonly [Name in keyof Defined]: Defined[Name] extends Option<infer Value> ? Value : never;
};

interface Definition<Defined extends Options> {
	/** The path as typed, such as `schedule add`. */
	readonly name: string;
	/** At most 100 characters, for native descriptions. */
	readonly summary: string;
	readonly audience: Audience;
	/** For admins alone. */
	readonly admin?: true;
	/** What buttons do, as text: offered where commands are typed, not among native commands. */
	readonly textOnly?: true;
	/** May take longer than a second, such as drawing a picture. */
	readonly slow?: true;
	/** In the order in which they are typed. */
	readonly options: Defined;
	/** One line to copy, without the leading `/nlpq`. */
	readonly example: string;
	/** Whatever it changes, it changes in `context.services.transaction`, the first of which makes it happen once. */
	run(context: Context, options: Values<Defined>): Promise<Reply>;
	/**
	 * Makes the reply again from what was saved, when the first one was lost. Only the row that stands for the effect is
	 * known then. Null when it is gone, or says too little: a plain card says that the command was saved.
	 */
	again?(context: Context, effectId: number | null): Promise<Reply | null>;
	/** Asks for options that are missing. A command has a form or has none: platforms fix that beforehand. */
	readonly form?: {
		/** The option without which the form opens. */
		readonly missing: keyof Defined & string;
		open(context: Context, options: Partial<Values<Defined>>): Promise<Form>;
	};
}

/** A command as the platforms and the dispatcher see it, its options' types forgotten. */
export interface Command {
	readonly name: string;
	readonly summary: string;
	readonly audience: Audience;
	readonly admin: boolean;
	readonly textOnly: boolean;
	readonly slow: boolean;
	readonly options: Options;
	readonly example: string;
	/** The option without which a form opens; null when the command has no form. */
	readonly formFor: string | null;
	run(context: Context, raw: Readonly<Record<string, string>>): Promise<Reply>;
	again(context: Context, effectId: number | null): Promise<Reply | null>;
	openForm(context: Context, raw: Readonly<Record<string, string>>): Promise<Form>;
}

function parseOptions<Defined extends Options>(
	options: Defined,
	raw: Readonly<Record<string, string>>,
	now: Date,
): Partial<Values<Defined>> {
	const values: Record<string, unknown> = {};
	for (const [name, option] of Object.entries(options)) {
		// No database keeps NUL in text.
		const text = raw[name]?.replaceAll("\u0000", "");
		if (text !== undefined && text !== "") values[name] = option.parse(text, now);
		else if (!option.required) values[name] = null;
	}
	return values as Partial<Values<Defined>>;
}

/** Defines a command once: help, native registration, the text grammar and the docs derive from it. */
export function defineCommand<const Defined extends Options>(definition: Definition<Defined>): Command {
	const { form } = definition;
	return {
		name: definition.name,
		summary: definition.summary,
		audience: definition.audience,
		admin: definition.admin ?? false,
		textOnly: definition.textOnly ?? false,
		slow: definition.slow ?? false,
		options: definition.options,
		example: definition.example,
		formFor: form?.missing ?? null,
		// The dispatcher calls `run` only when every required option is there.
		run: (context, raw) =>
			definition.run(context, parseOptions(definition.options, raw, context.now) as Values<Defined>),
		again: async (context, effectId) => (definition.again ? definition.again(context, effectId) : null),
		openForm: (context, raw) => {
			if (!form) throw new Error(`${definition.name} has no form`);
			return form.open(context, parseOptions(definition.options, raw, context.now));
		},
	};
}

/** `/nlpq random [category] [difficulty]` */
export function usage(command: Command): string {
	const options = Object.entries(command.options).map(([name, option]) =>
		option.required ? `<${name}>` : `[${name}]`,
	);
	return ["/nlpq", command.name, ...options].join(" ");
}

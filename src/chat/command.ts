import { errorFor, UserError } from "../core/errors.ts";
import type { Member, Workspace } from "../core/model.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Bank } from "../core/question/bank.ts";
import type { Asker, ReadServices } from "../core/service/services.ts";
import type { Audience, Call, FieldLabels, Form, Reply } from "./card.ts";
import { optionsOn, refuseLacking } from "./features.ts";
import type { Option } from "./option.ts";
import type { Platform } from "./platform.ts";

/** Where a command was given. */
export interface Place {
	readonly kind: "channel" | "thread" | "direct";
	/** The channel; for a thread, its parent channel. */
	readonly channelId: string;
	readonly channelName: string;
}

/** The part of the daily engine that commands may use. */
export interface PostingApi {
	/** Sends due deliveries and waits briefly for them. */
	deliverSoon(): Promise<void>;
	/** Sends what the command enqueued right away instead of at the next tick. */
	wake(): void;
}

/** The input of every command. */
export interface Context {
	readonly services: ReadServices;
	readonly clock: Clock;
	readonly workspace: Workspace;
	readonly member: Member;
	/** Workspace, member and channel together, as the services take them. */
	readonly asker: Asker;
	readonly admin: boolean;
	/** The asker's IANA zone, if the platform reports it. */
	readonly zone: string | null;
	readonly place: Place;
	/** Names of the members and channels that the options mention by id. */
	readonly mentioned: ReadonlyMap<string, string>;
	/** The instant of receipt, before any queue. */
	readonly now: Date;
	/** The workspace's platform. */
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
	/** Who sees the reply. Default: only the asker. */
	readonly audience?: Audience;
	/** Only for admins. */
	readonly admin?: true;
	/** For everybody, but admins see more. A platform may have to look up whether the asker is one. */
	readonly tellsAdminsMore?: true;
	/** Acts on its channel and needs the channel's name, which a platform may have to look up. */
	readonly needsChannel?: true;
	/** Typed form of a button. Offered where commands are typed, but not registered as a native command. */
	readonly textOnly?: true;
	/** Its button's label, for texts on platforms where the command cannot be typed. Default: its name. */
	readonly label?: string;
	/** Shows the newest daily question. In a session with a screen, `today` refers to that question afterwards. */
	readonly showsToday?: true;
	/** Runs when only its group is typed: `schedule` means `schedule list`. Without a group: when nothing is typed. */
	readonly groupDefault?: true;
	/** Attempts or reveals its question, so that its reply may show the answer. */
	readonly showsAnswer?: true;
	/**
	 * Other words for it in a wish such as "show my progress", each entry one word or several. A wish runs such a command at
	 * once, so it must keep nothing that a member would want to take back. Left out: a wish never runs it.
	 */
	readonly wishedAs?: readonly string[];
	/**
	 * Words of wishes such as "delete my data" or "stop reminding me", with the options they mean. It changes something, so
	 * such a wish only offers it.
	 */
	readonly offeredAs?: Readonly<Record<string, Call["options"]>>;
	/** A button with this option replaces the private card it is on, such as a page of a list. `true`: every button. */
	readonly replacesCard?: true | (keyof Defined & string);
	/** In the order in which members type them. */
	readonly options: Defined;
	/** One line to copy, without the leading `/nlpq`. */
	readonly example: string;
	/** Makes all changes in `context.services.transaction`. The first such transaction takes the idempotency key. */
	run(context: Context, options: Values<Defined>): Promise<Reply>;
	/**
	 * Rebuilds a lost reply from the saved data. Only the id of the effect's row is known. Null when the row is gone or
	 * says too little: the member then gets a plain card that says the command was saved.
	 */
	again?(context: Context, effectId: number | null): Promise<Reply | null>;
	/** Asks for missing options. A command always or never has a form, because platforms must know in advance. */
	readonly form?: {
		/** The form opens when all of these options are missing. */
		readonly missing: (keyof Defined & string) | readonly (keyof Defined & string)[];
		open(context: Context, options: Partial<Values<Defined>>): Promise<Form>;
		/** The labels of its fields, by option: a refusal shows them without opening the form. */
		readonly labels?: Readonly<Record<string, FieldLabels>>;
		/**
		 * Checks the values before the form closes, on platforms that can keep it open. `look` throws UserError with the
		 * field at fault. `isNeeded` makes no request, so that most forms close at once. A value that cannot be read is
		 * missing from `options`.
		 */
		readonly check?: {
			isNeeded(bank: Bank, options: Partial<Values<Defined>>): boolean;
			look(context: Context, options: Partial<Values<Defined>>): Promise<void>;
		};
		/** The faults that the values alone show, each with its field. Makes no request. */
		faults?(options: Partial<Values<Defined>>): readonly UserError[];
	};
}

/** What can be known about a form before it closes. */
interface FormCheck {
	readonly faults: readonly UserError[];
	/** @throws UserError with the option at fault */
	readonly look: ((context: Context) => Promise<void>) | null;
}

/** A command as the platforms and the dispatcher see it, without the types of its options. */
export interface Command {
	readonly name: string;
	/** For `schedule add`, `schedule`; null for a name of one word. */
	readonly group: string | null;
	readonly summary: string;
	readonly audience: Audience;
	readonly admin: boolean;
	/** Whether the reply depends on the asker being an admin. */
	readonly asksForRights: boolean;
	readonly needsChannel: boolean;
	readonly textOnly: boolean;
	readonly label: string;
	readonly showsToday: boolean;
	readonly groupDefault: boolean;
	readonly showsAnswer: boolean;
	/** Other words for it in a wish; null if a wish never runs it. */
	readonly wishedAs: readonly string[] | null;
	/** Words of wishes that only offer it, with the options they mean. */
	readonly offeredAs: Readonly<Record<string, Call["options"]>>;
	readonly options: Options;
	readonly example: string;
	/** A form opens when all of these options are missing; empty if the command has no form. */
	readonly formFor: readonly string[];
	/** The labels of the form's fields, by option; empty if they are the options' names. */
	readonly fieldLabels: Readonly<Record<string, FieldLabels>>;
	/** Whether a call's first response is a form. */
	opensForm(call: Call): boolean;
	/** Whether a button's reply replaces the private card that the button is on. */
	replacesCard(options: Call["options"]): boolean;
	run(context: Context, raw: Readonly<Record<string, string>>): Promise<Reply>;
	again(context: Context, effectId: number | null): Promise<Reply | null>;
	/** The faults of a form that need no request, and a check for the others if there is one. */
	check(bank: Bank, raw: Readonly<Record<string, string>>, now: Date): FormCheck;
	openForm(context: Context, call: Call): Promise<Form>;
}

/** Reads all options. A value that cannot be read is missing from `values`, and its fault names the option. */
function readOptions<Defined extends Options>(
	options: Defined,
	raw: Readonly<Record<string, string>>,
	now: Date,
): { readonly values: Partial<Values<Defined>>; readonly faults: readonly UserError[] } {
	const values: Record<string, unknown> = {};
	const faults: UserError[] = [];
	for (const [name, option] of Object.entries(options)) {
		const text = raw[name];
		try {
			if (text !== undefined && text !== "") values[name] = option.parse(text, now);
			else if (!option.required) values[name] = null;
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			faults.push(new UserError(error.message, error.remedy, name));
		}
	}
	return { values: values as Partial<Values<Defined>>, faults };
}

/** Adds the field at fault to a UserError of `work`. */
export async function inField<T>(field: string, work: Promise<T>): Promise<T> {
	try {
		return await work;
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		throw new UserError(error.message, error.remedy, field);
	}
}

/** A refusal shows a choice by its label, and a platform may read that back: gives the call with the values instead. */
function withChosenValues(call: Call, labels: Readonly<Record<string, FieldLabels>>): Call {
	const chosen = (name: string, text: string) =>
		labels[name]?.choices?.find(({ label }) => label === text)?.value ?? text;
	const options = Object.entries(call.options).map(([name, text]) => [name, chosen(name, text)]);
	return { ...call, options: Object.fromEntries(options) };
}

/** Fills a form's fields from a call, and keeps the options that the form does not ask for. */
function filledForm(form: Form, { options: given }: Call, options: Options): Form {
	const fieldNames = new Set(form.fields.map(({ name }) => name));
	const others = Object.entries(given).filter(([name, text]) => options[name] && !fieldNames.has(name) && text !== "");
	const fields = form.fields.map((field) => ({
		...field,
		...(given[field.name] ? { initial: given[field.name] } : {}),
	}));
	const call = { ...form.call, options: { ...Object.fromEntries(others), ...form.call.options } };
	return { ...form, call, fields };
}

const capitalised = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

/** Defines a command once. Help, native registration, the text grammar and the docs are derived from it. */
export function defineCommand<const Defined extends Options>(definition: Definition<Defined>): Command {
	const { form, replacesCard } = definition;
	const isGiven = (options: Call["options"], name: string) => (options[name] ?? "") !== "";
	const askedFor = [form?.missing ?? []].flat();
	const [group = "", verb] = definition.name.split(" ");
	return {
		name: definition.name,
		group: verb === undefined ? null : group,
		summary: definition.summary,
		audience: definition.audience ?? "member",
		admin: definition.admin ?? false,
		asksForRights: definition.admin ?? definition.tellsAdminsMore ?? false,
		needsChannel: definition.needsChannel ?? false,
		textOnly: definition.textOnly ?? false,
		label: definition.label ?? capitalised(verb ?? definition.name),
		showsToday: definition.showsToday ?? false,
		groupDefault: definition.groupDefault ?? false,
		showsAnswer: definition.showsAnswer ?? false,
		wishedAs: definition.wishedAs ?? null,
		offeredAs: definition.offeredAs ?? {},
		options: definition.options,
		example: definition.example,
		formFor: askedFor,
		fieldLabels: form?.labels ?? {},
		opensForm: ({ options, reopen }) =>
			askedFor.length > 0 && (reopen === true || !askedFor.some((name) => isGiven(options, name))),
		replacesCard: (options) => replacesCard === true || (replacesCard !== undefined && isGiven(options, replacesCard)),
		// The dispatcher calls `run` only if every required option has a value.
		run: async (context, raw) => {
			refuseLacking(context.platform, definition.options, raw);
			const { values, faults } = readOptions(definition.options, raw, context.now);
			if (faults.length > 0) throw errorFor(faults);
			return definition.run(context, values as Values<Defined>);
		},
		again: async (context, effectId) => (definition.again ? definition.again(context, effectId) : null),
		check: (bank, raw, now) => {
			const { values, faults } = readOptions(definition.options, raw, now);
			const { check } = form ?? {};
			return {
				faults: [...faults, ...(form?.faults?.(values) ?? [])],
				look: check?.isNeeded(bank, values) ? (context) => check.look(context, values) : null,
			};
		},
		openForm: async (context, received) => {
			if (!form) throw new Error(`${definition.name} has no form`);
			const call = received.reopen ? withChosenValues(received, form.labels ?? {}) : received;
			// A reopened form shows what cannot be read as the member typed it.
			const { values, faults } = readOptions(definition.options, call.options, context.now);
			if (!call.reopen && faults.length > 0) throw errorFor(faults);
			return filledForm(await form.open(context, values), call, definition.options);
		},
	};
}

/** The required options that a call lacks. */
export const lackingOptions = (command: Command, { options }: Call): [string, AnyOption][] =>
	Object.entries(command.options).filter(([name, { required }]) => required && !options[name]);

/** Whether a call has all it needs, or opens a form that asks for it. A button with any other call would be refused. */
export const isComplete = (command: Command, call: Call): boolean =>
	command.opensForm(call) || lackingOptions(command, call).length === 0;

/** The command that runs when only its group is typed; null: when nothing is typed. */
export const groupDefault = (commands: readonly Command[], group: string | null): Command | undefined =>
	commands.find((command) => command.groupDefault && command.group === group);

/** Usage such as `/nlpq random [category] [difficulty]`, with all options or only those of a platform. */
export function usage(command: Command, platform?: Platform): string {
	const options = Object.entries(platform ? optionsOn(platform, command.options) : command.options).map(
		([name, option]) => (option.required ? `<${name}>` : `[${name}]`),
	);
	return ["/nlpq", command.name, ...options].join(" ");
}

import { isDiskFull, isOutage, UserError } from "../core/errors.ts";
import type { Clock } from "../core/ports.ts";
import type { Services } from "../core/service/services.ts";
import type { Call, Card, Outcome } from "./card.ts";
import type { Command, Context, DailyDesk, Place } from "./command.ts";
import { usage } from "./command.ts";
import type { Platform } from "./platform.ts";

/** Who gave a command, and where, as a platform knows it. */
export interface Caller {
	/** Null in a direct message, which means the workspace that the member used last. */
	readonly workspace: { readonly externalId: string; readonly name: string } | null;
	readonly member: { readonly externalId: string; readonly name: string };
	/** Whether the platform says that this member may look after the schedules. */
	readonly admin: boolean;
	readonly place: Place;
	readonly mentioned: ReadonlyMap<string, string>;
	/** The instant of receipt. */
	readonly receivedAt: Date;
}

/** What became of a call. */
export type CallOutcome = "reply" | "form" | "refused" | "fault";

/** Where unexpected errors and measurements go: never what a member wrote. */
export interface CallObserver {
	/** @param reference what the member sees, and finds the line in the log */
	fault(reference: string, command: string, error: unknown): void;
	ran(command: string, outcome: CallOutcome, milliseconds: number): void;
}

/** Says how many seconds a caller has to wait, 0 for none. */
export type Throttle = (workspace: string, member: string) => number;

export interface DispatcherParts {
	readonly services: Services;
	readonly clock: Clock;
	readonly commands: readonly Command[];
	readonly platform: Platform;
	readonly daily: DailyDesk;
	readonly observer: CallObserver;
	/** Holds members and workspaces to a pace; without it, none is held. */
	readonly throttle?: Throttle;
}

/** A card for what went wrong: what happened, and the remedy. */
export function errorCard(message: string, remedy: string): Card {
	return { tone: "error", title: message, blocks: [{ type: "text", text: remedy }] };
}

/**
 * A card for what nobody expected. An outage needs no reference: the operator knows of it, and the log has one line.
 * @param reference ties the member's message to a line of the log
 */
export function faultCard(error: unknown, reference: string): Card {
	const told = `If it stays, tell the operator this reference: ${reference}.`;
	if (isDiskFull(error))
		return errorCard("The database has no room left on its disk. Nothing was saved.", `Try again later. ${told}`);
	return isOutage(error)
		? errorCard(
				"The database does not answer just now. It is not known whether this was recorded.",
				"Try it again in a minute: what was recorded already is not counted twice.",
			)
		: errorCard(
				"Something went wrong on our side.",
				`Try it again in a minute; nothing that was acknowledged is lost. ${told}`,
			);
}

function errorOutcome(card: Card): Outcome {
	return { type: "reply", reply: { audience: "member", card, data: { error: card.title } } };
}

/** Postgres keeps no NUL in text, and no member means one. */
function withoutNul(call: Call): Call {
	const options = Object.entries(call.options).map(([name, value]) => [name, value.replaceAll("\u0000", "")]);
	return { command: call.command, options: Object.fromEntries(options) };
}

/** Runs calls for one platform: the one path of commands and buttons, and the one error boundary. */
export class Dispatcher {
	readonly #parts: DispatcherParts;

	constructor(parts: DispatcherParts) {
		this.#parts = parts;
	}

	get commands(): readonly Command[] {
		return this.#parts.commands;
	}

	/** Whether a call's first response is a form: known without asking anybody. */
	opensForm(call: Call): boolean {
		const command = this.#parts.commands.find((candidate) => candidate.name === call.command);
		return command?.formFor != null && !call.options[command.formFor];
	}

	/** Runs a call. Never throws: whatever goes wrong becomes a card. */
	async run(caller: Caller, call: Call): Promise<Outcome> {
		const begun = performance.now();
		const known = this.#parts.commands.some((command) => command.name === call.command);
		const ran = (outcome: CallOutcome) =>
			this.#parts.observer.ran(known ? call.command : "unknown", outcome, performance.now() - begun);
		try {
			this.#hold(caller);
			const outcome = await this.#run(caller, withoutNul(call));
			ran(outcome.type);
			return outcome;
		} catch (error) {
			ran(error instanceof UserError ? "refused" : "fault");
			return this.#explain(error, call);
		}
	}

	#hold(caller: Caller): void {
		const wait = this.#parts.throttle?.(caller.workspace?.externalId ?? "direct", caller.member.externalId) ?? 0;
		if (wait > 0)
			throw new UserError(
				"That was a lot in a short time. Nothing was done.",
				`Take a breath and try again in ${wait === 1 ? "a second" : `${wait} seconds`}.`,
			);
	}

	#explain(error: unknown, call: Call): Outcome {
		if (error instanceof UserError) return errorOutcome(errorCard(error.message, error.remedy));
		const reference = crypto.randomUUID().slice(0, 8);
		this.#parts.observer.fault(reference, call.command, error);
		return errorOutcome(faultCard(error, reference));
	}

	async #run(caller: Caller, call: Call): Promise<Outcome> {
		const command = this.#parts.commands.find((candidate) => candidate.name === call.command);
		if (!command)
			throw new UserError("This button belongs to an older version.", "`/nlpq help` shows how to do the same today.");
		const context = await this.#context(caller);
		if (command.admin && !context.admin)
			throw new UserError(
				`\`${command.name}\` is for admins of this workspace. Nothing was changed.`,
				"Ask one of them; `/nlpq help` shows what everybody can do.",
			);
		if (this.opensForm(call)) return { type: "form", form: await command.openForm(context, call.options) };
		for (const [name, option] of Object.entries(command.options))
			if (option.required && !call.options[name])
				throw new UserError(
					`\`${command.name}\` needs ${name}: ${option.description}.`,
					`Like this: \`/nlpq ${command.example}\`, in general \`${usage(command)}\`.`,
				);
		return { type: "reply", reply: await command.run(context, call.options) };
	}

	async #context(caller: Caller): Promise<Context> {
		const { services, clock, commands, platform, daily } = this.#parts;
		const { people } = services.store;
		const workspace = caller.workspace
			? await people.ensureWorkspace(
					platform.name,
					caller.workspace.externalId,
					caller.workspace.name,
					caller.receivedAt,
				)
			: await people.lastWorkspaceOf(platform.name, caller.member.externalId);
		if (!workspace)
			throw new UserError(
				"I do not know yet which workspace you mean.",
				"Use a command in one of its channels first; after that a direct message means that workspace.",
			);
		const member = await people.ensureMember(
			workspace.id,
			caller.member.externalId,
			caller.member.name,
			caller.receivedAt,
		);
		const admin = caller.admin || (await people.admins(workspace.id)).includes(caller.member.externalId);
		const { place, mentioned, receivedAt: now } = caller;
		return { services, clock, workspace, member, admin, place, mentioned, now, platform, daily, commands };
	}
}

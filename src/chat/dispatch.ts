import { UserError } from "../core/errors.ts";
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

/** Where unexpected errors go: a reference that the member sees, never what a member wrote. */
export interface FaultLog {
	fault(reference: string, command: string, error: unknown): void;
}

export interface DispatcherParts {
	readonly services: Services;
	readonly clock: Clock;
	readonly commands: readonly Command[];
	readonly platform: Platform;
	readonly daily: DailyDesk;
	readonly log: FaultLog;
}

/** A card for what went wrong: what happened, and the remedy. */
export function errorCard(message: string, remedy: string): Card {
	return { tone: "error", title: message, blocks: [{ type: "text", text: remedy }] };
}

function errorOutcome(message: string, remedy: string): Outcome {
	return { type: "reply", reply: { audience: "member", card: errorCard(message, remedy), data: { error: message } } };
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
		try {
			return await this.#run(caller, call);
		} catch (error) {
			return this.#explain(error, call);
		}
	}

	#explain(error: unknown, call: Call): Outcome {
		if (error instanceof UserError) return errorOutcome(error.message, error.remedy);
		const reference = crypto.randomUUID().slice(0, 8);
		this.#parts.log.fault(reference, call.command, error);
		return errorOutcome(
			"Something went wrong on our side.",
			`Try it again in a minute; nothing that was acknowledged is lost. If it stays, tell the operator this reference: ${reference}.`,
		);
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

import { ApplicationCommandType } from "discord-api-types/v10";
import type { CommandBody, CommandOption } from "./bodies.ts";
import { failures } from "./failures.ts";
import type { World } from "./world.ts";

const MAX_CREATED_A_DAY = 200;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface RegisteredCommand {
	readonly id: string;
	readonly version: string;
	/** Missing for a global command. */
	readonly guildId: string | undefined;
	readonly body: CommandBody;
}

interface Scope {
	commands: readonly RegisteredCommand[];
	/** When (milliseconds since 1970) commands were created here. */
	created: number[];
	overwrites: number;
}

/** The bot's registered commands: global ones (undefined) and those of single guilds. */
export class CommandStore {
	readonly #world: World;
	readonly #scopes = new Map<string | undefined, Scope>();

	constructor(world: World) {
		this.#world = world;
	}

	#scope(guildId: string | undefined): Scope {
		const scope = this.#scopes.get(guildId) ?? { commands: [], created: [], overwrites: 0 };
		this.#scopes.set(guildId, scope);
		return scope;
	}

	list(guildId?: string): readonly RegisteredCommand[] {
		return this.#scope(guildId).commands;
	}

	/** How often the commands were overwritten. */
	overwrites(guildId?: string): number {
		return this.#scope(guildId).overwrites;
	}

	/** Replaces all commands of the scope. A command that keeps its name keeps its id. */
	overwrite(bodies: readonly CommandBody[], guildId?: string): readonly RegisteredCommand[] {
		const scope = this.#scope(guildId);
		const now = this.#world.clock.now();
		scope.created = scope.created.filter((at) => at > now - DAY_MS);
		const fresh = bodies.filter((body) => !scope.commands.some((command) => command.body.name === body.name));
		if (scope.created.length + fresh.length > MAX_CREATED_A_DAY) throw failures.tooManyCommands();
		scope.created.push(...fresh.map(() => now));
		scope.overwrites += 1;
		scope.commands = bodies.map((body) => this.#register(body, guildId, scope));
		return scope.commands;
	}

	#register(body: CommandBody, guildId: string | undefined, scope: Scope): RegisteredCommand {
		const before = scope.commands.find((command) => command.body.name === body.name);
		const unchanged = before && JSON.stringify(before.body) === JSON.stringify(body);
		const version = unchanged ? before.version : this.#world.ids.next();
		return { id: before?.id ?? this.#world.ids.next(), version, guildId, body };
	}

	/** The command that a member gets under this name: the guild's own takes precedence over a global one. */
	find(name: string, guildId: string | undefined): RegisteredCommand | undefined {
		const candidates = [...(guildId ? this.list(guildId) : []), ...this.list()];
		return candidates.find((command) => command.body.name === name);
	}
}

/** Discord leaves out what is false or empty, and does not keep the order of keys. */
function optionPayload(option: CommandOption): object {
	const { type, name, description, required, autocomplete, options, choices, ...rest } = option;
	const nested = {
		...(options && options.length > 0 ? { options: options.map(optionPayload) } : {}),
		...(choices && choices.length > 0 ? { choices } : {}),
	};
	const set = { ...(required ? { required } : {}), ...(autocomplete ? { autocomplete } : {}) };
	return { ...nested, ...rest, ...set, type, name, description };
}

/** A registered command as Discord returns it, with every default filled in. */
export function commandPayload(applicationId: string, { id, version, guildId, body }: RegisteredCommand): object {
	const permissions = body.default_member_permissions;
	const options = body.options ?? [];
	return {
		id,
		application_id: applicationId,
		version,
		default_member_permissions: permissions === null || permissions === undefined ? null : String(permissions),
		type: body.type ?? ApplicationCommandType.ChatInput,
		name: body.name,
		name_localizations: body.name_localizations ?? null,
		description: body.description ?? "",
		description_localizations: body.description_localizations ?? null,
		...(guildId ? { guild_id: guildId } : { dm_permission: body.dm_permission ?? true }),
		contexts: body.contexts ?? null,
		integration_types: body.integration_types ?? [0],
		...(options.length > 0 ? { options: options.map(optionPayload) } : {}),
		nsfw: body.nsfw ?? false,
	};
}

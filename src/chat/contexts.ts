import { UserError } from "../core/errors.ts";
import type { Member, Workspace } from "../core/model.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Entered } from "../core/ports/people.ts";
import type { Services } from "../core/service/services.ts";
import { displayName } from "../core/text/display-name.ts";
import type { Caller } from "./caller.ts";
import type { Call } from "./card.ts";
import type { Command, Context, Place, PostingApi } from "./command.ts";
import { Effects } from "./effects.ts";
import type { End, OwedReplies } from "./owed-replies.ts";
import type { Platform } from "./platform.ts";

/** The parts that all contexts share. */
export interface ContextParts {
	readonly services: Services;
	readonly clock: Clock;
	readonly commands: readonly Command[];
	readonly platform: Platform;
	readonly daily: PostingApi;
}

/** The progress of a call, from which a failure can be explained. */
export interface Progress {
	context: Context | null;
	effects: Effects | null;
	/** Whether its reply is recorded as owed. */
	owes: boolean;
	/** Results of the member's earlier interactions, which this reply also reports. */
	ends: readonly End[];
}

function askedBy(workspace: Workspace, member: Member, place: Place): Pick<Context, "workspace" | "member" | "asker"> {
	const channelId = place.kind === "direct" ? null : place.channelId;
	return { workspace, member, asker: { workspace, member, channelId } };
}

export const newProgress = (): Progress => ({ context: null, effects: null, owes: false, ends: [] });

/** Makes the contexts in which commands run. */
export class Contexts {
	readonly #parts: ContextParts;
	readonly #owed: OwedReplies;

	constructor(parts: ContextParts, owed: OwedReplies) {
		this.#parts = parts;
		this.#owed = owed;
	}

	/** Makes the context of a call, and stores it in `progress`. */
	async of(caller: Caller, call: Call, progress: Progress): Promise<Context> {
		const { services } = this.#parts;
		const { workspace, member, isNamedAdmin, mayBeOwed } = await this.#enter(caller);
		const { interaction, place, mentioned, receivedAt: now } = caller;
		const { externalId } = caller.member;
		const isToldOf = interaction.owed !== null && mayBeOwed;
		const ends = isToldOf ? await this.#owed.endsFor(workspace.id, externalId, interaction.key) : [];
		const about = { key: interaction.key, workspaceId: workspace.id, command: call.command, at: now };
		const owe = async () => {
			if (interaction.owed === null) return;
			const { ticket } = interaction.owed;
			await this.#owed.owe({ ...about, platform: this.#parts.platform.name, memberExternalId: externalId, ticket });
			progress.owes = true;
		};
		const effects = new Effects({ services, interaction: { ...about, memberId: member.id }, owe });
		const admin = caller.admin || isNamedAdmin;
		const zone = caller.zone ?? null;
		const request = { ...askedBy(workspace, member, place), admin, zone, place, mentioned, now };
		const context = { ...this.#surroundings(), services: effects.services, ...request };
		progress.context = context;
		progress.effects = effects;
		progress.ends = ends;
		return context;
	}

	#surroundings(): Pick<Context, "clock" | "commands" | "platform" | "daily"> {
		const { clock, commands, platform, daily } = this.#parts;
		return { clock, commands, platform, daily };
	}

	/** The context of an existing member. Does not record that they were seen, so a forgotten member stays forgotten. */
	async ofKnown(workspaceId: number | null, memberExternalId: string): Promise<Context | null> {
		const { services } = this.#parts;
		const { people } = services.store;
		const workspace = workspaceId === null ? null : await people.workspace(workspaceId);
		const member = workspace && (await people.findMember(workspace.id, memberExternalId));
		const place = { kind: "direct" as const, channelId: "", channelName: "" };
		const here = {
			place,
			mentioned: new Map<string, string>(),
			now: this.#parts.clock.now(),
			admin: false,
			zone: null,
		};
		return member && { ...this.#surroundings(), services, ...here, ...askedBy(workspace, member, place) };
	}

	async #enter({ workspace, member, receivedAt }: Caller): Promise<Entered> {
		const { platform, services } = this.#parts;
		const named = { ...member, name: displayName(member.name) || member.externalId };
		const caller = { platform: platform.name, workspace, member: named };
		const entered = await services.store.people.enter(caller, receivedAt);
		if (entered) return entered;
		throw new UserError(
			"I do not know yet which workspace you mean.",
			"Use a command in one of its channels first; after that a direct message means that workspace.",
		);
	}
}

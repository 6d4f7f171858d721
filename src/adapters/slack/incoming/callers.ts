import type { Caller } from "../../../chat/caller.ts";
import type { Call } from "../../../chat/card.ts";
import type { Command } from "../../../chat/command.ts";
import type { PeopleStore } from "../../../core/ports/people.ts";
import type { Directory, Person } from "./directory.ts";
import type { Interaction } from "./interaction.ts";
import type { Read } from "./read-call.ts";

export interface CallersParts {
	readonly directory: Directory;
	readonly people: Pick<PeopleStore, "findWorkspace" | "findMember">;
	commandNamed(name: string): Command | undefined;
	/** The workspace's name according to its installation; empty when unknown. */
	workspaceName(interaction: Interaction): Promise<string>;
}

/** Finds out who an interaction comes from, and where, with the names and rights that Slack reports now. */
export class Callers {
	readonly #parts: CallersParts;

	constructor(parts: CallersParts) {
		this.#parts = parts;
	}

	/**
	 * @param read the call, if there is one, with the names it mentions
	 * @param repeated whether a process that has ended may have handled the interaction already
	 */
	async of(
		interaction: Interaction,
		{ call, mentioned }: Partial<Read> = {},
		repeated = false,
	): Promise<{ caller: Caller; person: Person }> {
		const { workspaceId, memberId, memberName, where } = interaction;
		const { directory } = this.#parts;
		const channelId = where.type === "message" ? where.channelId : "";
		const needsName = (call && this.#parts.commandNamed(call.command)?.needsChannel) ?? false;
		// Ask this first: it finds out which installation serves the workspace.
		const name = await this.#parts.workspaceName(interaction).catch(() => "");
		const [person, channelName] = await Promise.all([
			directory.person(workspaceId, memberId, memberName),
			where.type === "message" && needsName ? directory.channelName(workspaceId, channelId, where.channelName) : "",
		]);
		const direct = where.type !== "message" || channelId.startsWith("D");
		const caller: Caller = {
			// The inbox makes sure that another process replies.
			interaction: { key: interaction.key, repeated, owed: null },
			workspace: { externalId: workspaceId, name: name || interaction.workspaceName || workspaceId },
			member: {
				externalId: memberId,
				name: person.isNameFromSlack ? person.name : await this.#storedName(interaction, person),
			},
			admin: person.admin ?? false,
			rightsUnknown: person.admin === null,
			zone: person.zone,
			place: { kind: direct ? "direct" : where.threadId === null ? "channel" : "thread", channelId, channelName },
			mentioned: await this.#namesOf(workspaceId, mentioned ?? new Map()),
			receivedAt: new Date(interaction.receivedAt),
		};
		return { caller, person };
	}

	/** The member's name as Slack last reported it, in preference to the handle in the interaction. */
	async #storedName({ workspaceId, memberId }: Interaction, { name }: Person): Promise<string> {
		const { people } = this.#parts;
		const workspace = await people.findWorkspace("slack", workspaceId);
		const known = workspace && (await people.findMember(workspace.id, memberId));
		return known?.name ?? name;
	}

	/** Names of those mentioned; members' names are those that Slack shows now. */
	async #namesOf(workspaceId: string, mentioned: ReadonlyMap<string, string>): Promise<ReadonlyMap<string, string>> {
		const entries = [...mentioned].map(async ([id, label]): Promise<[string, string]> => {
			const isMember = id.startsWith("U") || id.startsWith("W");
			return [id, isMember ? (await this.#parts.directory.person(workspaceId, id, label)).name : label];
		});
		return new Map(await Promise.all(entries));
	}

	/** Adds the name of a channel picked in a form: Slack sends only its id. */
	async withChannels(
		{ act, workspaceId }: Interaction,
		{ command, options }: Call,
		mentioned: ReadonlyMap<string, string>,
	): Promise<ReadonlyMap<string, string>> {
		if (act.type !== "form") return mentioned;
		const defined = this.#parts.commandNamed(command)?.options ?? {};
		const picked = Object.entries(options).flatMap(([name, value]) =>
			defined[name]?.kind === "channel" && !mentioned.has(value) && /^[CG][A-Z0-9]+$/.test(value) ? [value] : [],
		);
		const named = picked.map(async (channel): Promise<[string, string]> => {
			return [channel, await this.#parts.directory.channelName(workspaceId, channel, "")];
		});
		return new Map([...mentioned, ...(await Promise.all(named))]);
	}
}

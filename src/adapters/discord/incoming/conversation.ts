import { type AutocompleteInteraction, type Interaction, PermissionFlagsBits } from "discord.js";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import type { Caller } from "../../../chat/caller.ts";
import { type Block, type Call, type Card, type Outcome, plain, type Reply } from "../../../chat/card.ts";
import { faultCard, refusalCard } from "../../../chat/cards/faults.ts";
import { withDeadline } from "../../../chat/deadlines.ts";
import type { Dispatcher } from "../../../chat/dispatch.ts";
import type { Platform } from "../../../chat/platform.ts";
import { welcomeKey } from "../../../core/daily/enqueue.ts";
import { UserError } from "../../../core/errors.ts";
import type { Workspace } from "../../../core/model.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Services } from "../../../core/service/services.ts";
import { kindOf } from "../../log.ts";
import type { Servers } from "../install/servers.ts";
import type { RenderOptions } from "../outgoing/controls.ts";
import { FIRST_RESPONSE } from "../outgoing/limits.ts";
import { isFinalRefusal } from "../outgoing/lost-replies.ts";
import { type ChannelChoice, modalOf } from "../outgoing/modal.ts";
import { type Acknowledgement, Responder, type ResponderParts } from "../outgoing/responder.ts";
import type { Tickets } from "../outgoing/tickets.ts";
import type { Attachments } from "./attachments.ts";
import { suggestions } from "./autocomplete.ts";
import { channelsFor, withChannelNames } from "./direct-forms.ts";
import { GUIDE } from "./guide.ts";
import { commandName, isUsable, type MemberAction, placeOf, readUse, type Usable } from "./input.ts";
import { replyLate, tooLateCard } from "./late-reply.ts";

const PLATFORM = "discord";
/** How long making a form may take, in milliseconds: a form must be the first response. */
const FORM_DEADLINE = FIRST_RESPONSE - 700;
/** How many interactions are remembered, so that one delivered twice is answered once. */
const MAX_REMEMBERED = 2_000;

export interface ConversationParts extends ResponderParts {
	readonly dispatcher: Dispatcher;
	readonly platform: Pick<Platform, "post">;
	readonly services: Services;
	readonly servers: Servers;
	readonly tickets: Tickets;
	readonly attachments: Attachments;
	readonly clock: Clock;
	readonly log: Logger;
}

/** Logs an error's code and kind only: its message may quote what a member wrote. */
function errorFields(error: unknown): { kind: string; code: string | null } {
	if (!(error instanceof Error)) return { kind: typeof error, code: null };
	return { kind: kindOf(error), code: "code" in error ? String(error.code) : null };
}

/** Answers interactions. It keeps no conversation state: everything is in the interaction or in the store. */
export class Conversation {
	readonly #parts: ConversationParts;
	readonly #inFlight = new Set<Promise<void>>();
	readonly #seen = new LRUCache<string, true>({ max: MAX_REMEMBERED });

	constructor(parts: ConversationParts) {
		this.#parts = parts;
	}

	/** Accepts an interaction when it arrives, once. Never throws. */
	take(interaction: Interaction): void {
		// A resumed connection repeats the events that may have been lost.
		if (!this.#isFirst(interaction.id)) return;
		const receivedAt = this.#parts.clock.now();
		const work = this.#handle(interaction, receivedAt)
			.catch((error: unknown) =>
				this.#parts.log.error(
					{ interaction: interaction.id, ...errorFields(error) },
					"could not answer an interaction",
				),
			)
			.finally(() => this.#inFlight.delete(work));
		this.#inFlight.add(work);
	}

	#isFirst(id: string): boolean {
		if (this.#seen.has(id)) return false;
		this.#seen.set(id, true);
		return true;
	}

	/** Settles when everything accepted is answered. */
	async idle(): Promise<void> {
		while (this.#inFlight.size > 0) await Promise.all(this.#inFlight);
	}

	async #handle(interaction: Interaction, receivedAt: Date): Promise<void> {
		const responder = new Responder(this.#parts, interaction);
		if (interaction.isAutocomplete()) return this.#suggest(interaction, responder);
		if (!isUsable(interaction)) return;
		const use = this.#read(interaction);
		if (use instanceof UserError) return responder.answer(refusalCard(use, []), {});
		if (this.#parts.dispatcher.opensForm(use.call)) return this.#openForm(interaction, use, responder, receivedAt);
		await this.#run(interaction, use, responder, receivedAt);
	}

	async #suggest(interaction: AutocompleteInteraction, responder: Responder): Promise<void> {
		const { name, value } = interaction.options.getFocused(true);
		const { dispatcher, services } = this.#parts;
		const command = commandName(interaction.options);
		await responder.suggest(suggestions(command, name, value, services.bank, dispatcher.commands));
	}

	#read(interaction: Usable): MemberAction | UserError {
		try {
			return readUse(interaction, this.#parts.dispatcher.commands, this.#parts.attachments);
		} catch (error) {
			if (error instanceof UserError) return error;
			throw error;
		}
	}

	/** A typed command is public if its definition says so; the reply to a control is for its member only. */
	#acknowledgement(use: MemberAction): Acknowledgement {
		if (use.kind === "command")
			return this.#parts.dispatcher.command(use.call.command)?.audience === "channel" ? "public" : "private";
		return use.privately && this.#parts.dispatcher.replacesCard(use.call) ? "update" : "private";
	}

	async #run(interaction: Usable, given: MemberAction, responder: Responder, receivedAt: Date): Promise<void> {
		let use = given;
		const inTime = await responder.acknowledge(this.#acknowledgement(use));
		// What a member wrote into a form is worth saving even if the member cannot be told any more.
		if (!inTime) this.#parts.log.warn({ interaction: interaction.id }, "an acknowledgement came too late");
		if (!inTime && use.kind !== "form") return this.#replyLate(interaction, use, tooLateCard);
		const { dispatcher } = this.#parts;
		let home: Workspace | null;
		let caller: Caller;
		try {
			home = await this.#homeOf(interaction, given);
			if (home) use = await withChannelNames(this.#parts.servers, dispatcher.commands, given);
			const ticket = inTime ? this.#parts.tickets.seal(interaction.token, keyOf(interaction)) : null;
			caller = await this.#caller(interaction, use, home, receivedAt, { ticket });
		} catch (error) {
			return inTime
				? this.#apologise(interaction, use, responder, error)
				: this.#replyLate(interaction, use, (typed) => faultCard(error, interaction.id.slice(-8), typed));
		}
		const outcome = await dispatcher.run(caller, use.call);
		if (!inTime) {
			await dispatcher.reportLater(outcome.reportedKeys);
			const isSaved = await dispatcher.wasSaved({ key: caller.interaction.key }).catch(() => false);
			return isSaved ? undefined : this.#replyLate(interaction, use, () => replyOf(outcome, home).card);
		}
		await this.#deliver(interaction, use, responder, outcome, home);
		await this.#guide(interaction, use, responder);
	}

	/** Replies to what cannot be replied to in its place, if the member typed something that would be lost. */
	async #replyLate(interaction: Usable, use: MemberAction, cardOf: (typed: Block[]) => Card): Promise<void> {
		const typed = this.#parts.dispatcher.givenBack(use.call);
		if (typed.length > 0) await replyLate(this.#parts.platform, interaction, use, cardOf(typed));
	}

	async #deliver(
		interaction: Usable,
		use: MemberAction,
		responder: Responder,
		outcome: Outcome,
		home: Workspace | null,
	): Promise<void> {
		const { dispatcher } = this.#parts;
		try {
			await responder.reply(replyOf(outcome, home), renderingFor(home));
		} catch (error) {
			const hasEffect = outcome.reportedKeys !== undefined;
			if (!hasEffect) return this.#apologise(interaction, use, responder, error);
			// Another process replies with the token while it is valid; otherwise the member's next command tells.
			if (isFinalRefusal(error)) await dispatcher.reportLater(outcome.reportedKeys);
			throw error;
		}
		await dispatcher.confirmReply(outcome);
	}

	async #apologise(interaction: Usable, use: MemberAction, responder: Responder, error: unknown): Promise<void> {
		const reference = interaction.id.slice(-8);
		this.#parts.log.error({ reference, interaction: interaction.id, ...errorFields(error) }, "an interaction failed");
		const typed = this.#parts.dispatcher.givenBack(use.call);
		await responder.reply({ card: faultCard(error, reference, typed) }, {});
	}

	async #openForm(interaction: Usable, use: MemberAction, responder: Responder, receivedAt: Date): Promise<void> {
		const home = await withDeadline(this.#formOf(interaction, use, receivedAt), FORM_DEADLINE, "late");
		if (home === "late") {
			const again: Card = {
				tone: "warning",
				title: "That took too long. Nothing is lost.",
				blocks: [{ type: "text", text: "Try it again:" }, ...this.#again(use.call)],
			};
			return responder.answer(again, use.workspaceId === null ? {} : { workspaceId: use.workspaceId });
		}
		const { outcome, workspace, channels } = home;
		if (outcome.type === "form") await responder.openForm(modalOf(outcome.form, workspace?.externalId, channels));
		else await responder.answer(replyOf(outcome, workspace).card, renderingFor(workspace));
	}

	/** A button to try again, with what was typed. */
	#again(call: Call): Block[] {
		const typed = this.#parts.dispatcher.givenBack(call);
		return typed.length > 0 ? typed : [{ type: "actions", buttons: [{ label: "Again", style: "primary", call }] }];
	}

	async #formOf(
		interaction: Usable,
		use: MemberAction,
		receivedAt: Date,
	): Promise<{ outcome: Outcome; workspace: Workspace | null; channels: readonly ChannelChoice[] | null }> {
		const workspace = await this.#homeOf(interaction, use);
		// Opening a form changes nothing.
		const caller = await this.#caller(interaction, use, workspace, receivedAt, null);
		const outcome = await this.#parts.dispatcher.run(caller, use.call);
		const channels =
			outcome.type === "form" ? await channelsFor(this.#parts.servers, outcome.form, workspace?.externalId) : null;
		return { outcome, workspace, channels };
	}

	/** In a direct message: the server that the control carries, or the one that the member used last. */
	async #homeOf(interaction: Usable, use: MemberAction): Promise<Workspace | null> {
		if (interaction.guildId) return null;
		const { people } = this.#parts.services.store;
		const carried = use.workspaceId === null ? null : await people.findWorkspace(PLATFORM, use.workspaceId);
		return carried ?? people.lastWorkspaceOf(PLATFORM, interaction.user.id);
	}

	async #caller(
		interaction: Usable,
		use: MemberAction,
		home: Workspace | null,
		receivedAt: Date,
		owed: Caller["interaction"]["owed"],
	): Promise<Caller> {
		const { guildId, user } = interaction;
		const shared = {
			interaction: { key: keyOf(interaction), repeated: false, owed },
			place: placeOf(interaction),
			mentioned: use.mentioned,
			receivedAt,
		};
		if (guildId) {
			const workspace = { externalId: guildId, name: interaction.guild?.name ?? "this server" };
			const admin = interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild) ?? false;
			return { ...shared, workspace, member: { externalId: user.id, name: memberName(interaction) }, admin };
		}
		if (!home)
			return { ...shared, workspace: null, member: { externalId: user.id, name: user.displayName }, admin: false };
		// A direct message has no server nickname, so keep the name we know.
		const known = await this.#parts.services.store.people.findMember(home.id, user.id);
		const member = { externalId: user.id, name: known?.name ?? user.displayName };
		const asks = this.#parts.dispatcher.command(use.call.command)?.asksForRights ?? false;
		const admin = asks ? await this.#isManager(home.externalId, user.id) : false;
		const rights = { admin: admin ?? false, rightsUnknown: admin === null };
		return { ...shared, workspace: { externalId: home.externalId, name: home.name }, member, ...rights };
	}

	/** Null when Discord could not be asked. */
	async #isManager(guildId: string, memberId: string): Promise<boolean | null> {
		return this.#parts.servers.isManager(guildId, memberId).catch((error: unknown) => {
			this.#parts.log.warn(errorFields(error), "could not ask Discord who is an admin");
			return null;
		});
	}

	/** Shows an admin how to set up a daily question, at the admin's first command on a server without one. */
	async #guide(interaction: Usable, use: MemberAction, responder: Responder): Promise<void> {
		const { services, clock } = this.#parts;
		const { deliveries, people, schedules } = services.store;
		// A member who uses an admin command already knows how.
		if (!interaction.guildId || this.#parts.dispatcher.command(use.call.command)?.admin) return;
		if (!interaction.memberPermissions?.has(PermissionFlagsBits.ManageGuild)) return;
		const workspace = await people.findWorkspace(PLATFORM, interaction.guildId);
		if (!workspace || (await schedules.list(workspace.id, { withRemoved: true })).length > 0) return;
		const greeting = await deliveries.byKey(welcomeKey(workspace.id, null));
		if (greeting?.state === "sent") return;
		if (await people.guide(workspace.id, clock.now())) await responder.alsoPrivately(GUIDE, {});
	}
}

const keyOf = ({ id }: Usable): string => `${PLATFORM}:${id}`;

function memberName(interaction: Usable): string {
	const { member, user } = interaction;
	return member && "displayName" in member ? member.displayName : (member?.nick ?? user.displayName);
}

const renderingFor = (home: Workspace | null): RenderOptions => (home ? { workspaceId: home.externalId } : {});

/** In a direct message a reply names its server. */
function replyOf(outcome: Outcome, home: Workspace | null): Reply {
	if (outcome.type === "form") throw new Error("a form came where a reply was announced");
	const { reply } = outcome;
	if (!home) return reply;
	const note = { type: "note" as const, text: ["Server: ", plain(home.name)] };
	return { ...reply, card: { ...reply.card, blocks: [...reply.card.blocks, note] } };
}

import { EventEmitter } from "node:events";
import { performance } from "node:perf_hooks";
import { InteractionType } from "discord-api-types/v10";
import type { Choice, ModalBody } from "./bodies.ts";
import { ImpossibleInput } from "./command-input.ts";
import type { LocalChannel, LocalUser, StoredMessage } from "./entities.ts";
import { botPermissionsIn, memberPermissions } from "./entities.ts";
import { failures } from "./failures.ts";
import { interactionChannelPayload, memberPayload, messagePayload, userPayload } from "./payloads.ts";
import type { World } from "./world.ts";

/** A first response counts only within this time, in milliseconds. */
const FIRST_RESPONSE_MS = 3000;
/** How long an interaction's token is valid, in milliseconds. */
const TOKEN_MS = 15 * 60 * 1000;
const PATIENCE_MS = 100_000;

export interface FirstResponse {
	/** Discord's callback type: 4 reply, 5 deferred reply, 6 deferred update, 7 update, 8 choices, 9 modal. */
	readonly type: number;
	readonly data: unknown;
	/** Real milliseconds from the dispatch to the response. */
	readonly latency: number;
}

interface Origin {
	readonly type: InteractionType;
	readonly user: LocalUser;
	readonly channel: LocalChannel;
	readonly data: object;
	/** The message with the control that was used. */
	readonly source?: StoredMessage | undefined;
}

/** One interaction: what a test can wait for, and what the server knows about it. Waits fail after `timeoutMs`. */
export class Interaction {
	readonly id: string;
	readonly token: string;
	readonly type: InteractionType;
	readonly user: LocalUser;
	readonly channel: LocalChannel;
	readonly source: StoredMessage | undefined;
	readonly dispatchedAt: number;
	readonly startedAt = performance.now();
	first: FirstResponse | undefined;
	/** Fixed by the first response. */
	isPrivate = false;
	/** Whether a deferred update has not been followed by an edit. */
	updatePending = false;
	original: StoredMessage | undefined;
	openedModal: ModalBody | undefined;
	offeredChoices: readonly Choice[] | undefined;
	readonly followUps: StoredMessage[] = [];
	readonly #changes = new EventEmitter();

	constructor(world: World, origin: Origin) {
		this.id = world.ids.next();
		this.token = `interaction-${this.id}`;
		this.type = origin.type;
		this.user = origin.user;
		this.channel = origin.channel;
		this.source = origin.source;
		this.dispatchedAt = world.clock.now();
	}

	/** The first response: its kind, its data, and how long it took. */
	firstResponse(timeoutMs = PATIENCE_MS): Promise<FirstResponse> {
		return this.until("a first response", () => this.first, timeoutMs);
	}

	/** The messages that answer this interaction, the original first, once there are `count` and none is pending. */
	replies(count = 1, timeoutMs = PATIENCE_MS): Promise<readonly StoredMessage[]> {
		const settled = (): readonly StoredMessage[] | undefined => {
			const messages = this.#present();
			const pending = this.updatePending || messages.some((message) => message.loading);
			return !pending && messages.length >= count ? messages : undefined;
		};
		return this.until(`${count} finished replies`, settled, timeoutMs);
	}

	/** The finished original reply; for an update, the updated message. */
	async reply(timeoutMs = PATIENCE_MS): Promise<StoredMessage> {
		const [first] = await this.replies(1, timeoutMs);
		if (!first) throw new Error("there is no reply");
		return first;
	}

	/** The modal that the first response opened. */
	modal(timeoutMs = PATIENCE_MS): Promise<ModalBody> {
		return this.until("a modal", () => this.openedModal, timeoutMs);
	}

	/** The choices that the first response offered. */
	choices(timeoutMs = PATIENCE_MS): Promise<readonly Choice[]> {
		return this.until("choices", () => this.offeredChoices, timeoutMs);
	}

	/** Resolves as soon as `pick` finds something. */
	until<Found>(what: string, pick: () => Found | undefined, timeoutMs = PATIENCE_MS): Promise<Found> {
		return new Promise((resolve, reject) => {
			const timer = setTimeout(() => {
				this.#changes.off("change", look);
				reject(new Error(`the interaction got no ${what} within ${timeoutMs} ms`));
			}, timeoutMs);
			const look = (): void => {
				const found = pick();
				if (found === undefined) return;
				clearTimeout(timer);
				this.#changes.off("change", look);
				resolve(found);
			};
			this.#changes.on("change", look);
			look();
		});
	}

	/** Called after every change, so that waiting tests look again. */
	changed(): void {
		this.#changes.emit("change");
	}

	#present(): StoredMessage[] {
		const all = this.original ? [this.original, ...this.followUps] : this.followUps;
		return all.filter((message) => !message.deleted);
	}
}

/** Sends interactions to the bot and finds them by token. */
export class InteractionStore {
	readonly #world: World;
	readonly #byToken = new Map<string, Interaction>();
	readonly #payloads = new Map<Interaction, object>();

	constructor(world: World) {
		this.#world = world;
	}

	dispatch(origin: Origin): Interaction {
		const { guild, recipient } = origin.channel;
		if (guild && !guild.members.has(origin.user.id)) throw new ImpossibleInput("the user is not a member of the guild");
		if (!guild && recipient !== origin.user) throw new ImpossibleInput("it is another user's direct message");
		const interaction = new Interaction(this.#world, origin);
		this.#byToken.set(interaction.token, interaction);
		this.#payloads.set(interaction, interactionPayload(this.#world, interaction, origin));
		this.deliver(interaction);
		return interaction;
	}

	/** Sends the interaction's event, perhaps again. */
	deliver(interaction: Interaction): void {
		const data = this.#payloads.get(interaction) ?? {};
		this.#world.emit({ name: "INTERACTION_CREATE", guildId: interaction.channel.guild?.id, data });
	}

	/** The newest interaction that showed `user` this modal. */
	openerOf(modalId: string, user: LocalUser | undefined): Interaction | undefined {
		const openers = [...this.#byToken.values()].filter(
			({ openedModal, user: owner }) => openedModal?.custom_id === modalId && (!user || owner === user),
		);
		return openers.at(-1);
	}

	/** The interaction that still waits for its first response. Throws as Discord does if there is none. */
	awaiting(id: string, token: string): Interaction {
		const interaction = this.#byToken.get(token);
		if (!interaction || interaction.id !== id) throw failures.unknownInteraction();
		if (interaction.first) throw failures.alreadyAcknowledged();
		const waited = this.#world.clock.now() - interaction.dispatchedAt;
		if (waited > FIRST_RESPONSE_MS) throw failures.unknownInteraction();
		return interaction;
	}

	/** The interaction whose token serves as a webhook. Throws as Discord does. */
	answered(applicationId: string, token: string): Interaction {
		const interaction = this.#byToken.get(token);
		const known = applicationId === this.#world.applicationId && interaction?.first;
		if (!interaction || !known) throw failures.unknownWebhook();
		if (this.#world.clock.now() - interaction.dispatchedAt > TOKEN_MS) throw failures.invalidWebhookToken();
		return interaction;
	}
}

function whoAndWhere(interaction: Interaction): object {
	const { user, channel } = interaction;
	const { guild } = channel;
	const member = guild?.members.get(user.id);
	if (!guild || !member) {
		return { user: userPayload(user), context: 1, authorizing_integration_owners: { 0: "0" } };
	}
	return {
		guild_id: guild.id,
		guild: { id: guild.id, locale: guild.locale, features: [] },
		guild_locale: guild.locale,
		member: { ...memberPayload(member), permissions: memberPermissions(guild, member).toString() },
		context: 0,
		authorizing_integration_owners: { 0: guild.id },
	};
}

function interactionPayload(world: World, interaction: Interaction, origin: Origin): object {
	const { id, token, type, channel, source } = interaction;
	return {
		id,
		application_id: world.applicationId,
		type,
		token,
		version: 1,
		data: origin.data,
		...whoAndWhere(interaction),
		channel_id: channel.id,
		channel: interactionChannelPayload(world, channel),
		app_permissions: botPermissionsIn(channel).toString(),
		locale: "en-US",
		entitlements: [],
		attachment_size_limit: 10_485_760,
		...(source ? { message: messagePayload(world, source) } : {}),
	};
}

const REPLIES = [4, 5];
const UPDATES = [6, 7];

/** The callback types that may answer an interaction. */
export function allowedCallbacks({ type, source }: Interaction): readonly number[] {
	if (type === InteractionType.ApplicationCommandAutocomplete) return [8];
	const updates = source ? UPDATES : [];
	if (type === InteractionType.ModalSubmit) return [...REPLIES, ...updates];
	return [...REPLIES, ...updates, 9];
}

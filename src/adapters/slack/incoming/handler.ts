import type { Caller } from "../../../chat/caller.ts";
import type { Block, Call, Outcome, Reply } from "../../../chat/card.ts";
import { errorCard, faultCard, notSavedCard, refusalCard, savedCard } from "../../../chat/cards/faults.ts";
import type { Dispatcher } from "../../../chat/dispatch.ts";
import { typedMessage } from "../../../chat/returned-text.ts";
import { answerToTalk, offerCard, withoutAddress } from "../../../chat/small-talk.ts";
import { UserError, withoutOutcome } from "../../../core/errors.ts";
import { endInstallation, greet } from "../../../core/service/installations.ts";
import type { Services } from "../../../core/service/services.ts";
import { refusalOf } from "../outgoing/faults.ts";
import type { Home } from "../outgoing/home.ts";
import { TRIGGER_LIFETIME } from "../outgoing/limits.ts";
import type { Modals } from "../outgoing/modals.ts";
import { renderForm, waitingModal } from "../outgoing/render-form.ts";
import type { Replies } from "../outgoing/replies.ts";
import { Callers } from "./callers.ts";
import type { Directory, Person } from "./directory.ts";
import type { Unreadable } from "./inbox.ts";
import { plainCommand } from "./incoming-text.ts";
import { addressed, type Interaction, metadataOf } from "./interaction.ts";
import { type Read, readInteraction } from "./read-call.ts";

export interface HandlerParts {
	readonly dispatcher: Dispatcher;
	readonly directory: Directory;
	readonly replies: Replies;
	readonly modals: Modals;
	readonly home: Home;
	readonly services: Services;
	/** The workspace's name according to its installation; empty when unknown. */
	workspaceName(interaction: Interaction): Promise<string>;
	/** The id of the bot's user there; null if the app is not installed. */
	botUserId(interaction: Interaction): Promise<string | null>;
	/** The app was removed: forgets its tokens. Returns the workspaces that are without the app now. */
	removed(interaction: Interaction, at: Date): Promise<readonly string[]>;
	/** Milliseconds since 1970, by the program's clock. */
	now(): number;
}

/** An unexpected error, with the reference that the member was given; null if the member had an answer already. */
export class Unexpected extends Error {
	readonly reference: string | null;

	constructor(reference: string | null, cause: unknown) {
		super("an interaction failed", { cause });
		this.name = "Unexpected";
		this.reference = reference;
	}
}

const errorReply = (message: string, remedy: string, typed: readonly Block[] = []): Reply => ({
	card: errorCard(message, remedy, typed),
});
const SAVED: Reply = { card: savedCard("your last command") };
const NOT_SAVED: Reply = { card: notSavedCard("your last command") };
const tooLate = (typed: readonly Block[]): Reply =>
	errorReply("The form could not be opened in time. Nothing was changed.", "Please try again.", typed);

/** How long a check that makes requests may delay a form's ack, in milliseconds. */
const CHECK_TIMEOUT = 1_800;

/** Refusals of a form that came too late for its trigger or for its member. */
const PASSED = ["expired_trigger_id", "invalid_trigger_id", "not_found"];

/** Answers interactions from sockets and HTTP alike. */
export class Handler {
	readonly #parts: HandlerParts;
	readonly #callers: Callers;

	constructor(parts: HandlerParts) {
		this.#parts = parts;
		this.#callers = new Callers({
			directory: parts.directory,
			people: parts.services.store.people,
			commandNamed: (name) => parts.dispatcher.command(name),
			workspaceName: (interaction) => parts.workspaceName(interaction),
		});
	}

	/** @throws UserError for words that are not a command */
	#read(interaction: Interaction): Read {
		const { dispatcher, services } = this.#parts;
		return readInteraction(interaction, dispatcher.commands, services.bank);
	}

	/** Whether the first response must be a form: then there is no time for anything else. */
	isForm(interaction: Interaction): boolean {
		try {
			return this.#parts.dispatcher.opensForm(this.#read(interaction).call);
		} catch {
			return false;
		}
	}

	/**
	 * Does what an interaction asks for, and answers it.
	 * @param repeated whether a process that has ended may have done it already
	 * @returns whether the outcome is known; if not, it must be handled once more
	 */
	async handle(interaction: Interaction, repeated = false): Promise<boolean> {
		const { act } = interaction;
		if (act.type === "removed") await this.#remove(interaction, new Date(act.at));
		else if (act.type === "joined") await this.#greet(interaction, act);
		else if (act.type === "said") return this.#hear(interaction, act.text, repeated);
		else if (act.type === "home") await this.#publishHome(interaction, (await this.#callers.of(interaction)).caller);
		else return this.#converse(interaction, repeated);
		return true;
	}

	#publishHome({ workspaceId, where }: Interaction, caller: Caller): Promise<void> {
		return this.#parts.home.publish(workspaceId, caller, where.type === "home" ? where.hash : undefined);
	}

	async #converse(interaction: Interaction, repeated: boolean): Promise<boolean> {
		let read: Read;
		try {
			read = this.#read(interaction);
		} catch (error) {
			if (!(error instanceof UserError)) return this.#apologise(interaction, error, []);
			const typed = interaction.act.type === "command" ? typedMessage(plainCommand(interaction.act.text).text) : [];
			await this.#answer(interaction, { card: refusalCard(error, typed) });
			return true;
		}
		try {
			if (this.#parts.dispatcher.opensForm(read.call) && interaction.act.type !== "form")
				await this.#openForm(interaction, read);
			else return await this.#run(interaction, read, repeated);
		} catch (error) {
			if (error instanceof Unexpected) throw error;
			return this.#apologise(interaction, error, this.#parts.dispatcher.givenBack(read.call));
		}
		return true;
	}

	/** Tells a member what became of an interaction that this program cannot read. */
	async setAside({ key, address }: Unreadable): Promise<void> {
		const { dispatcher, replies, now } = this.#parts;
		const reply = (await dispatcher.wasSaved({ key })) ? SAVED : NOT_SAVED;
		if (address) await replies.send(addressed(key, address, now()), reply, null);
	}

	/** Tries to answer despite the error; the same cause may make that fail too. */
	async #apologise(interaction: Interaction, error: unknown, typed: readonly Block[]): Promise<never> {
		const reference = crypto.randomUUID().slice(0, 8);
		const reply: Reply = { card: faultCard(error, reference, typed) };
		await this.#answer(interaction, reply).catch(() => undefined);
		throw new Unexpected(reference, error);
	}

	async #remove(interaction: Interaction, at: Date): Promise<void> {
		const now = new Date(this.#parts.now());
		for (const id of await this.#parts.removed(interaction, at))
			await endInstallation(this.#parts.services, "slack", id, at < now ? at : now, now);
	}

	/** Answers a message. A command in it is run, and the reply is as private as for a slash command. */
	async #hear(interaction: Interaction, said: string, repeated: boolean): Promise<boolean> {
		const { dispatcher, services } = this.#parts;
		const botId = await this.#parts.botUserId(interaction);
		if (botId === null || interaction.memberId === botId) return true;
		const text = withoutAddress(said.replace(new RegExp(`<@${botId}(\\|[^>]*)?>`, "g"), " "));
		const heard = { ...interaction, act: { type: "command" as const, text } };
		const reply = answerToTalk(plainCommand(text).text, dispatcher.commands, services.bank) ?? this.#offer(heard);
		if (!reply) return this.#converse(heard, repeated);
		await this.#answer(interaction, reply);
		return true;
	}

	/** A message cannot open a form, so offer a button that does. */
	#offer(heard: Interaction): Reply | null {
		const { dispatcher } = this.#parts;
		try {
			const { call } = this.#read(heard);
			const command = dispatcher.command(call.command);
			return command && dispatcher.opensForm(call)
				? { card: offerCard("One press opens the form.", call, command) }
				: null;
		} catch {
			return null;
		}
	}

	/** Greets a channel that the bot was invited to. */
	async #greet(interaction: Interaction, { userId, channelId }: { userId: string; channelId: string }): Promise<void> {
		if ((await this.#parts.botUserId(interaction)) !== userId) return;
		const name = await this.#parts.workspaceName(interaction).catch(() => "");
		const workspace = { externalId: interaction.workspaceId, name: name || null };
		await greet(this.#parts.services, "slack", workspace, channelId, new Date(this.#parts.now()));
	}

	/**
	 * Checks a submitted form before it closes.
	 * @returns the faults by the field's block; null if none can be shown on a field
	 */
	async faultsOf(interaction: Interaction): Promise<Record<string, string> | null> {
		const { act } = interaction;
		if (act.type !== "form") return null;
		const { dispatcher } = this.#parts;
		try {
			const read = this.#read(interaction);
			const caller = async () => (await this.#callers.of(interaction, read)).caller;
			const receivedAt = new Date(interaction.receivedAt);
			const faults = await dispatcher.faultsOf(caller, read.call, receivedAt, CHECK_TIMEOUT);
			const shown = faults.flatMap((fault) =>
				fault.field !== null && act.fields[fault.field] !== undefined
					? [[fault.field, `${withoutOutcome(fault)} ${fault.remedy}`.replaceAll("`", "")]]
					: [],
			);
			return shown.length === 0 ? null : Object.fromEntries(shown);
		} catch {
			return null;
		}
	}

	/** @returns whether the outcome is known */
	async #run(interaction: Interaction, { call, mentioned }: Read, repeated: boolean): Promise<boolean> {
		const { dispatcher, modals } = this.#parts;
		// The Home tab has no message to reply to: open a modal at once and fill it later.
		const waiting =
			interaction.where.type === "home" ? modals.open(interaction, waitingModal()).catch(() => null) : null;
		const named = await this.#callers.withChannels(interaction, call, mentioned);
		const { caller, person } = await this.#callers.of(interaction, { call, mentioned: named }, repeated);
		await this.#rememberAdmin(interaction, call, person);
		const outcome = await dispatcher.run(caller, call);
		const view = waiting ? await waiting : interaction.where.type === "view" ? interaction.where.viewId : null;
		await this.#present(interaction, call, outcome, view);
		await dispatcher.confirmReply(outcome);
		const isFormOfView = interaction.act.type === "form" && interaction.where.type === "view";
		if (waiting || isFormOfView)
			await this.#publishHome(interaction, caller).catch((error: unknown) => {
				throw new Unexpected(null, error);
			});
		return outcome.type === "form" || !outcome.unconfirmed;
	}

	/** Remembers an admin who manages schedules: problems with them are reported to that admin. */
	async #rememberAdmin(interaction: Interaction, call: Call, person: Person): Promise<void> {
		if (!this.#parts.dispatcher.command(call.command)?.admin || !person.admin) return;
		await this.#parts.services.store.people
			.setLastAdmin("slack", interaction.workspaceId, interaction.memberId)
			.catch(() => undefined);
	}

	async #present(interaction: Interaction, call: Call, outcome: Outcome, viewId: string | null): Promise<void> {
		const { replies } = this.#parts;
		if (outcome.type === "reply")
			return replies.send(interaction, outcome.reply, viewId, { replace: this.#parts.dispatcher.replacesCard(call) });
		// The form arrived with an empty text: it was submitted without what it asks for.
		await replies.send(
			interaction,
			errorReply(
				"Something is still missing. Nothing was changed.",
				"Fill in the form again.",
				this.#parts.dispatcher.givenBack(call),
			),
			viewId,
		);
	}

	/** Answers without having run anything. */
	async #answer(interaction: Interaction, reply: Reply): Promise<void> {
		const { where } = interaction;
		const opened =
			where.type === "home" ? await this.#parts.modals.open(interaction, waitingModal()).catch(() => null) : null;
		await this.#parts.replies.send(interaction, reply, where.type === "view" ? where.viewId : opened);
	}

	async #openForm(interaction: Interaction, read: Read): Promise<void> {
		const { dispatcher, modals } = this.#parts;
		const remaining = TRIGGER_LIFETIME - (this.#parts.now() - interaction.receivedAt);
		const asked = this.#callers
			.of(interaction, read)
			.then(({ caller, person }) =>
				this.#rememberAdmin(interaction, read.call, person).then(() => dispatcher.run(caller, read.call)),
			);
		try {
			await modals.openWhenReady(
				interaction,
				remaining,
				asked,
				async (outcome) => {
					if (outcome.type === "form") return renderForm(outcome.form, metadataOf(interaction, outcome.form));
					return outcome.reply;
				},
				(reply, viewId) => this.#parts.replies.send(interaction, reply, viewId),
			);
		} catch (error) {
			const refusal = refusalOf(error);
			// Slack delivered it twice, and the first delivery has opened the form.
			if (refusal === "exchanged_trigger_id") return;
			const typed = dispatcher.givenBack(read.call);
			// The member has closed the modal that waited for the form.
			if (refusal === "not_found" && typed.length === 0) return;
			if (refusal !== null && !PASSED.includes(refusal)) throw error;
			await this.#parts.replies.send(interaction, tooLate(typed), null);
		}
	}
}

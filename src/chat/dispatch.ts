import { errorFor, FinalError, faultsIn, isOutage, UserError } from "../core/errors.ts";
import type { HandledInteraction, UnansweredInteraction } from "../core/ports/interactions.ts";
import type { Bank } from "../core/question/bank.ts";
import { wellFormed } from "../core/text/well-formed.ts";
import { withoutNul } from "../core/text/without-nul.ts";
import { unshownAlerts } from "./alerts.ts";
import type { Caller } from "./caller.ts";
import { type Block, button, type Call, type Card, type Outcome, type Reply } from "./card.ts";
import { faultCard, refusalCard } from "./cards/faults.ts";
import type { Command } from "./command.ts";
import { lackingOptions, usage } from "./command.ts";
import { type ContextParts, Contexts, newProgress, type Progress } from "./contexts.ts";
import { withDeadline } from "./deadlines.ts";
import { AlreadyHandled, Unconfirmed } from "./effects.ts";
import { OwedReplies } from "./owed-replies.ts";
import { Refusal } from "./refused-command.ts";
import { typedBlocks } from "./returned-text.ts";
import { SavedReplies } from "./saved-replies.ts";

/** The result of a call, for metrics. */
export type CallOutcome = "reply" | "form" | "refused" | "fault";

/** Receives unexpected errors and measurements, never a member's text. */
export interface CallObserver {
	/** @param reference shown to the member and logged, so that the log line can be found */
	fault(reference: string, command: string, error: unknown): void;
	ran(command: string, outcome: CallOutcome, milliseconds: number): void;
}

/** Returns how many seconds a caller has to wait; 0: none. */
export type Throttle = (workspace: string, member: string) => number;

export interface DispatcherParts extends ContextParts {
	readonly observer: CallObserver;
	/** Rate limiter for members and workspaces; none if missing. */
	readonly throttle?: Throttle;
}

function errorOutcome(card: Card, unconfirmed = false): Outcome {
	return { type: "reply", reply: { card, data: { error: card.title } }, unconfirmed };
}

/** Removes NULs and lone surrogates, which databases or platforms reject. Later code need not check again. */
function storable(call: Call): Call {
	const options = Object.entries(call.options).map(([name, value]) => [name, wellFormed(withoutNul(value))]);
	return { ...call, options: Object.fromEntries(options) };
}

/** The interactions and notices that a reply reported, from its outcome. */
export interface ReportedInReply {
	readonly reportedKeys?: readonly string[] | undefined;
	readonly alerts?: readonly number[] | undefined;
}

/** Puts the results of earlier interactions in front of a reply, and lists their keys. */
function withEnds(outcome: Outcome, { owes, ends }: Progress, key: string): Outcome {
	if (outcome.type === "form" || (!owes && ends.length === 0)) return outcome;
	const { reply } = outcome;
	const card = { ...reply.card, blocks: [...ends.map(({ block }) => block), ...reply.card.blocks] };
	const own = owes && !outcome.unconfirmed ? [key] : [];
	return { ...outcome, reply: { ...reply, card }, reportedKeys: [...own, ...ends.map((end) => end.key)] };
}

function notAdmin({ name }: Command, { rightsUnknown }: Caller): UserError {
	if (rightsUnknown)
		return new UserError(
			"I could not ask just now whether you are an admin here. Nothing was changed.",
			"Try again in a few seconds.",
		);
	return new Refusal(
		new FinalError(
			`\`${name}\` is for admins. Nothing was changed.`,
			"Ask one of them; `/nlpq help` shows what everybody can do.",
		),
		[button("Try a question", "random"), button("What I can do", "help")],
	);
}

/** The error that names every required option without a value; none if all have one. */
function missingOptions(command: Command, call: Call): UserError[] {
	const missing = lackingOptions(command, call);
	if (missing.length === 0) return [];
	const needed = missing.map(([name, { description }]) => `${name}: ${description}`).join("; ");
	const remedy = `Like this: \`/nlpq ${command.example}\`, in general \`${usage(command)}\`.`;
	return [new UserError(`\`${command.name}\` needs ${needed}.`, remedy)];
}

/** Appends a reply after all follow-ups. */
function followedBy(reply: Reply, last: Reply): Reply {
	const { followUp } = reply;
	return { ...reply, followUp: followUp ? followedBy(followUp, last) : last };
}

/** Runs calls for one platform. All commands and buttons go through here, and it is the only error boundary. */
export class Dispatcher {
	readonly #parts: DispatcherParts;
	readonly #owed: OwedReplies;
	readonly #contexts: Contexts;
	readonly #saved: SavedReplies;

	constructor(parts: DispatcherParts) {
		this.#parts = parts;
		this.#owed = new OwedReplies(parts.services, parts.clock);
		this.#contexts = new Contexts(parts, this.#owed);
		this.#saved = new SavedReplies(parts, this.#contexts, this.#owed);
	}

	get commands(): readonly Command[] {
		return this.#parts.commands;
	}

	/** The bank that all workspaces share. */
	get bank(): Bank {
		return this.#parts.services.bank;
	}

	/** The command that a call names; undefined when it no longer exists. */
	command(name: string): Command | undefined {
		return this.#parts.commands.find((candidate) => candidate.name === name);
	}

	/** Whether a call's first response is a form. Needs no request. */
	opensForm(call: Call): boolean {
		return this.command(call.command)?.opensForm(call) ?? false;
	}

	/** Whether a button's reply replaces the private card that the button is on. */
	replacesCard({ command, options }: Call): boolean {
		return this.command(command)?.replacesCard(options) ?? false;
	}

	/** Blocks that return what a member typed, for a reply that refuses it. */
	givenBack(call: Call): Block[] {
		return this.#typed(call, false);
	}

	#typed(call: Call, isFinal: boolean): Block[] {
		return typedBlocks(this.command(call.command), storable(call), isFinal);
	}

	/**
	 * Checks a form's fields before it closes. Never throws: the later reply reports any other error.
	 * @param patience how long a check that makes requests may take, in milliseconds
	 * @returns the faults of fields that can be known in advance
	 */
	async faultsOf(caller: () => Promise<Caller>, call: Call, now: Date, patience: number): Promise<UserError[]> {
		const checked = this.command(call.command)?.check(this.#parts.services.bank, call.options, now);
		if (!checked) return [];
		const { faults, look } = checked;
		const looking = async () => look?.(await this.#contexts.of(await caller(), call, newProgress()));
		const found = looking().then(
			() => [],
			(error: unknown) => (error instanceof UserError ? faultsIn(error) : []),
		);
		return [...faults, ...(await withDeadline(found, patience, []))].filter(({ field }) => field !== null);
	}

	/** Runs a call. Never throws: every failure becomes a card. */
	run(caller: Caller, call: Call): Promise<Outcome> {
		return this.#attempt(caller, call, "member");
	}

	/** Runs a read-only call that no member gave, to draw a page. It does not count towards the rate limit. */
	look(caller: Caller, call: Call): Promise<Outcome> {
		const interaction = { key: caller.interaction.key, repeated: false, owed: null };
		return this.#attempt({ ...caller, interaction }, call, "page");
	}

	async #attempt(caller: Caller, received: Call, from: "member" | "page"): Promise<Outcome> {
		const call = storable(received);
		const isMembers = from === "member";
		const startedAt = performance.now();
		const known = this.command(call.command) !== undefined;
		const ran = (outcome: CallOutcome) =>
			this.#parts.observer.ran(known ? call.command : "unknown", outcome, performance.now() - startedAt);
		const progress = newProgress();
		const { key } = caller.interaction;
		try {
			if (isMembers) this.#hold(caller);
			const outcome = await this.#run(caller, call, progress);
			ran(outcome.type);
			const whole = withEnds(outcome, progress, key);
			return isMembers ? await this.#withAlerts(whole, progress) : whole;
		} catch (error) {
			const handled = await this.#outcomeIfHandled(error, key, progress);
			ran(handled ? "reply" : error instanceof UserError ? "refused" : "fault");
			const outcome = handled
				? await this.#saved.replyToRepeat(handled, caller, call, progress)
				: await this.#explain(error, call, progress);
			return withEnds(outcome, progress, key);
		}
	}

	/** Records that a reply reached its member, with everything that it reported. */
	async confirmReply({ reportedKeys: tells = [], alerts = [] }: ReportedInReply): Promise<void> {
		const { interactions, deliveries } = this.#parts.services.store;
		// On failure, a later reply reports it again, which is still true.
		await interactions.settle(tells).catch(() => undefined);
		await deliveries.markShown(alerts).catch(() => undefined);
	}

	/** Adds notices that have reached no admin yet to an admin's reply. */
	async #withAlerts(outcome: Outcome, { context }: Progress): Promise<Outcome> {
		if (outcome.type === "form" || !context?.admin) return outcome;
		const { store } = this.#parts.services;
		const unshown = await unshownAlerts(store, context.workspace.id).catch(() => []);
		if (unshown.length === 0) return outcome;
		const cards = unshown.flatMap(({ card }) => card ?? []);
		return {
			...outcome,
			reply: cards.reduce((reply, card) => followedBy(reply, { card }), outcome.reply),
			alerts: unshown.map(({ id }) => id),
		};
	}

	/** Records that a reply could not be sent and cannot be sent later: the member's next command reports the result. */
	async reportLater(keys: readonly string[] = []): Promise<void> {
		await this.#parts.services.store.interactions.dropTickets(keys).catch(() => undefined);
	}

	/** Rebuilds, from the saved data, the reply to an interaction whose process died. */
	lostReply(interaction: UnansweredInteraction): Promise<Reply> {
		return this.#saved.replyToLost(interaction);
	}

	/** Whether an unanswered interaction has taken effect. If not, this call makes sure that it never will. */
	wasSaved(interaction: Pick<UnansweredInteraction, "key">): Promise<boolean> {
		return this.#owed.wasSaved(interaction);
	}

	#hold(caller: Caller): void {
		const wait = this.#parts.throttle?.(caller.workspace?.externalId ?? "direct", caller.member.externalId) ?? 0;
		if (wait > 0)
			throw new UserError(
				"That was a lot in a short time. Nothing was done.",
				`Take a breath and try again in ${wait === 1 ? "a second" : `${wait} seconds`}.`,
			);
	}

	/** What an earlier run of a now failing interaction has saved: a repeat must not say that nothing was saved. */
	async #outcomeIfHandled(
		error: unknown,
		key: string,
		{ context, effects }: Progress,
	): Promise<HandledInteraction | null> {
		if (error instanceof AlreadyHandled) return error.handled;
		if (!context || effects?.saved || isOutage(error)) return null;
		return this.#parts.services.store.interactions.handled(key).catch(() => null);
	}

	async #explain(error: unknown, call: Call, { context, effects }: Progress): Promise<Outcome> {
		// The effect was saved, and something failed afterwards.
		const isSaved = effects?.saved != null;
		const meant = error instanceof Refusal ? error.meant : null;
		const isFinal = error instanceof UserError && error.isFinal;
		const typed = isSaved ? [] : this.#typed(meant ?? call, isFinal);
		if (error instanceof UserError && !isSaved) return errorOutcome(refusalCard(error, typed));
		const reference = crypto.randomUUID().slice(0, 8);
		this.#parts.observer.fault(reference, call.command, error);
		if (isSaved)
			return { type: "reply", reply: await this.#saved.rebuild(call.command, effects.saved.effectId, context) };
		const card = faultCard(error, reference, typed);
		return errorOutcome(card, error instanceof Unconfirmed);
	}

	async #run(caller: Caller, call: Call, progress: Progress): Promise<Outcome> {
		if (caller.interaction.repeated) await this.#requireUnhandled(caller.interaction.key);
		const command = this.command(call.command);
		if (!command)
			throw new UserError("This button belongs to an older version.", "`/nlpq help` shows how to do the same today.");
		const context = await this.#contexts.of(caller, call, progress);
		if (command.admin && !context.admin) throw notAdmin(command, caller);
		if (this.opensForm(call)) return { type: "form", form: await command.openForm(context, call) };
		const missing = missingOptions(command, call);
		// Without any, `run` itself throws for what cannot be read.
		if (missing.length > 0) throw errorFor([...missing, ...command.check(this.bank, call.options, context.now).faults]);
		return { type: "reply", reply: await command.run(context, call.options) };
	}

	/** @throws AlreadyHandled */
	async #requireUnhandled(key: string): Promise<void> {
		const handled = await this.#parts.services.store.interactions.handled(key);
		if (handled) throw new AlreadyHandled(handled);
	}
}

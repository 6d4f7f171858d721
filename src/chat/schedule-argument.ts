import { FinalError, UserError } from "../core/errors.ts";
import type { Schedule } from "../core/model.ts";
import type { Bank } from "../core/question/bank.ts";
import { type Context, inField } from "./command.ts";
import { NO_ROLE, numberOption, optional } from "./option.ts";
import type { PostWishes } from "./platform.ts";

/** How long a platform may take to check whether a post is possible, in milliseconds. */
const CHECK_DEADLINE = 2_500;

/** The highest schedule number that an option accepts. */
const MAX_SCHEDULES = 9_999;

export const scheduleOption = () =>
	optional(numberOption("Its number in the list; not needed if there is only one", 1, MAX_SCHEDULES));

/**
 * Finds the schedule that an admin means: by number, or else the only one of this channel or of the workspace.
 * @throws UserError when none or several fit
 */
export async function scheduleMeant(context: Context, number: number | null): Promise<Schedule> {
	const { store } = context.services;
	const all = await store.schedules.list(context.workspace.id);
	if (number !== null) {
		const found = all.find((schedule) => schedule.number === number);
		if (found) return found;
		throw new FinalError(`There is no schedule #${number} here.`, "`/nlpq schedule list` shows their numbers.");
	}
	const here = all.filter((schedule) => schedule.channelId === context.place.channelId);
	const candidates = here.length > 0 ? here : all;
	const [only] = candidates;
	if (only && candidates.length === 1) return only;
	throw new FinalError(
		only ? "There are several schedules here." : "There is no schedule here yet.",
		only
			? `Say which by its number: ${candidates.map((schedule) => `#${schedule.number}`).join(", ")}; \`/nlpq schedule list\` shows them.`
			: "`/nlpq schedule add 09:00 Europe/Berlin weekdays` makes one.",
	);
}

/** The channel that an option names, or else the channel of the command. */
export function channelMeant(context: Context, text: string | null): { channelId: string; channelName: string } {
	if (text !== null) return { channelId: text, channelName: context.mentioned.get(text) ?? text };
	if (context.place.kind === "direct")
		throw new UserError(
			"A direct message has no channel to post in. Nothing was changed.",
			"Name one with `channel:`, or use the command in the channel.",
		);
	return { channelId: context.place.channelId, channelName: context.place.channelName };
}

/**
 * Refuses a channel in which a post would fail.
 * @throws UserError with the remedy for the first missing requirement
 */
export async function requirePostable(context: Context, channelId: string, wishes: PostWishes = {}): Promise<void> {
	const findings = await context.platform.check(context.workspace.externalId, channelId, checkSignal(), wishes);
	const wrong = findings.find(({ ok, isOptional }) => !ok && !isOptional) ?? findings.find(({ ok }) => !ok);
	if (!wrong) return;
	const fault = wrong.fault ?? `I cannot post in that channel: ${wrong.name} is missing.`;
	throw new UserError(`${fault} Nothing was changed.`, wrong.remedy);
}

/** Checks the channel of a form before it closes. */
export const checkChannel = {
	isNeeded: (_bank: Bank, { channel }: { channel?: string | null }) => channel != null,
	look: (context: Context, { channel }: { channel?: string | null }) =>
		inField("channel", requirePostable(context, channelMeant(context, channel ?? null).channelId)),
};

/** The role that an option names; null for none. */
export const roleMeant = (option: string): string | null => (option === NO_ROLE ? null : option);

export const checkSignal = (): AbortSignal => AbortSignal.timeout(CHECK_DEADLINE);

/** What an error of a request to Discord means for a send. */
import { DiscordAPIError, HTTPError, RateLimitError, RESTJSONErrorCodes } from "discord.js";
import { DeliveryFault, LOOKED_UP, RETRIED, RETRIED_IN_TIME } from "../../../chat/platform.ts";
import { isOutage, Unavailable } from "../../../core/errors.ts";
import { codesOf, neverConnected } from "../../network-errors.ts";

/** Discord's code for an archived thread, in which nothing can be changed. */
const THREAD_ARCHIVED = 50_083;

/** For refusals that somebody can fix: what happened, and what an admin does about it. */
const REFUSALS: Readonly<Record<number, readonly [message: string, remedy: string]>> = {
	[RESTJSONErrorCodes.UnknownChannel]: [
		"The channel is gone",
		"Choose another with `/nlpq schedule edit`, or end the schedule with `/nlpq schedule remove`.",
	],
	[RESTJSONErrorCodes.UnknownGuild]: ["The bot is no longer on this server", "Invite it again."],
	[RESTJSONErrorCodes.MissingAccess]: [
		"The bot cannot see the channel",
		"Give it View Channel there, then `/nlpq schedule test`.",
	],
	[RESTJSONErrorCodes.MissingPermissions]: [
		"The bot may not post in the channel",
		"Give it Send Messages, Embed Links and Read Message History there, then `/nlpq schedule test`.",
	],
	[RESTJSONErrorCodes.CannotSendMessagesToThisUser]: [
		"The member does not take direct messages",
		"They can allow them in the server's privacy settings.",
	],
	[THREAD_ARCHIVED]: ["The thread is archived", "Open it again."],
	[RESTJSONErrorCodes.ThreadLocked]: ["The thread is locked", "Unlock it."],
};

/** Whether the request certainly did not reach Discord. */
export function neverLeft(error: unknown): boolean {
	return neverConnected(codesOf(error));
}

/** Discord's code of a refusal; null for other errors. */
export function refusalCode(error: unknown): number | null {
	return error instanceof DiscordAPIError ? Number(error.code) : null;
}

/** Whether Discord refuses the request itself, so that repeating it is useless. */
export function isRefusal(error: unknown): boolean {
	return (
		error instanceof DiscordAPIError && error.status >= 400 && error.status < 500 && ![401, 429].includes(error.status)
	);
}

/** Whether Discord refuses what is in a message, so that simpler contents may be accepted. */
export function refusesContent(error: unknown): boolean {
	return error instanceof DiscordAPIError && error.status === 400 && REFUSALS[Number(error.code)] === undefined;
}

/** Whether Discord refuses the bot's token. After a first 401, discord.js drops the token and sends nothing more. */
export function isTokenRefused(error: unknown): boolean {
	if (error instanceof DiscordAPIError || error instanceof HTTPError) return error.status === 401;
	return error instanceof Error && error.message.startsWith("Expected token to be set");
}

/** Why Discord did not answer at the start, for the operator; null for an error that is not about Discord. */
export function unavailable(error: unknown, address: string): Unavailable | null {
	if (isOutage(error)) return null;
	const remedy =
		"nlpq keeps trying. If it keeps failing, check the network, a proxy, and DISCORD_API_URL if it is set.";
	if (error instanceof RateLimitError || (error instanceof DiscordAPIError && error.status === 429))
		return new Unavailable("Discord asks to wait.", "nlpq keeps trying.");
	if (error instanceof HTTPError || error instanceof DiscordAPIError)
		return new Unavailable(`Discord answered ${error.status} at ${address}.`, remedy);
	if (codesOf(error).length > 0 || (error instanceof Error && /abort/i.test(error.name)))
		return new Unavailable(`Discord cannot be reached at ${address}.`, remedy);
	return null;
}

function refusal(error: DiscordAPIError): DeliveryFault {
	const known = REFUSALS[Number(error.code)];
	if (known) return new DeliveryFault("permanent", ...known);
	if (error.status === 403)
		return new DeliveryFault(
			"permanent",
			`Discord refuses the post (${error.code})`,
			"`/nlpq schedule test` shows what is missing.",
		);
	if (error.status === 404)
		return new DeliveryFault(
			"permanent",
			`What the post belongs to is gone (${error.code})`,
			"`/nlpq schedule test` shows what is missing.",
		);
	return new DeliveryFault("not-sent", `Discord did not take it (${error.status}, ${error.code})`, RETRIED);
}

/** Turns a send's error into one for the daily engine. Discord's texts are dropped, as they may quote the message. */
export function deliveryFault(error: unknown): DeliveryFault {
	if (error instanceof DeliveryFault) return error;
	if (error instanceof RateLimitError)
		return new DeliveryFault("not-sent", "Discord asks to wait", RETRIED_IN_TIME, Math.max(error.retryAfter, 1));
	// Only the operator can replace a refused token, so no schedule is paused for it.
	if (isTokenRefused(error))
		return new DeliveryFault("not-sent", "Discord refuses the bot's token", "Set a new DISCORD_TOKEN.");
	if (error instanceof DiscordAPIError) return refusal(error);
	if (error instanceof HTTPError) return new DeliveryFault("uncertain", `Discord answered ${error.status}`, LOOKED_UP);
	if (neverLeft(error)) return new DeliveryFault("not-sent", "Discord could not be reached", RETRIED);
	return new DeliveryFault("uncertain", "Discord did not answer in time", LOOKED_UP);
}

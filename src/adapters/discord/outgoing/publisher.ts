/** Publishes posts in announcement channels, and looks up the roles that posts notify. */
import { type REST, RESTJSONErrorCodes, Routes } from "discord.js";
import type { Card } from "../../../chat/card.ts";
import { DeliveryFault } from "../../../chat/platform.ts";
import type { Servers } from "../install/servers.ts";
import { deliveryFault, refusalCode } from "./faults.ts";

/** Discord's code for a post that is already published. */
const PUBLISHED = 40_033;

const REMEDIES: Readonly<Record<number, readonly [message: string, remedy: string]>> = {
	[RESTJSONErrorCodes.CannotExecuteActionOnThisChannelType]: [
		"Only posts in announcement channels can be published",
		"Make it an announcement channel in the channel's settings, or stop publishing.",
	],
	[RESTJSONErrorCodes.UnknownMessage]: [
		"The post was deleted before it was published",
		"`/nlpq schedule post` sends it again.",
	],
	[RESTJSONErrorCodes.MissingPermissions]: ["The bot may not publish in the channel", "Give it Send Messages there."],
};

/** @throws DeliveryFault */
export async function publishMessage(posts: REST, channelId: string, messageId: string, signal: AbortSignal) {
	try {
		await posts.post(Routes.channelMessageCrosspost(channelId, messageId), { signal });
	} catch (error) {
		const code = refusalCode(error);
		if (code === PUBLISHED) return;
		const known = code === null ? undefined : REMEDIES[code];
		throw known ? new DeliveryFault("permanent", ...known) : deliveryFault(error);
	}
}

/** Whether a card's role is gone from its server; false if Discord merely does not say. */
export async function isRoleGone(servers: Servers, guildId: string, { notifies }: Card, signal: AbortSignal) {
	if (notifies === undefined) return false;
	try {
		const { roles } = await servers.guild(guildId, signal);
		return !roles.some(({ id }) => id === notifies);
	} catch {
		// Posting does no harm: Discord marks a deleted role as deleted and notifies nobody.
		return false;
	}
}

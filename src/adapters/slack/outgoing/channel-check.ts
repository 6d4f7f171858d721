import * as z from "zod";
import type { Finding } from "../../../chat/platform.ts";
import { UserError } from "../../../core/errors.ts";
import type { SlackWeb } from "../transport/web.ts";
import { deliveryFault, refusalOf } from "./faults.ts";

const channelSchema = z.object({
	channel: z.object({ is_member: z.boolean().optional(), is_archived: z.boolean().optional() }),
});

/** What stands in the way of posts in a channel. */
export async function checkChannel(
	web: SlackWeb,
	workspaceId: string,
	channelId: string,
	signal: AbortSignal,
): Promise<readonly Finding[]> {
	const invite = "Type `/invite @nlpq` in that channel, and try again.";
	const outside: Finding = {
		name: "the bot in the channel",
		fault: "I am not in that channel.",
		ok: false,
		remedy: invite,
	};
	try {
		const result = await web.call(workspaceId, "conversations.info", { channel: channelId }, signal);
		const { channel } = channelSchema.parse(result);
		return [
			{
				name: "an open channel",
				fault: "That channel is archived.",
				ok: channel.is_archived !== true,
				remedy: "Unarchive it, or choose another channel.",
			},
			{ ...outside, ok: channel.is_member === true },
		];
	} catch (error) {
		const code = refusalOf(error);
		if (code === "missing_scope")
			return [
				{
					name: "the channel (not looked into: the app lacks channels:read and groups:read)",
					ok: true,
					remedy: invite,
				},
			];
		if (code === "channel_not_found") return [outside];
		const { message, remedy } = deliveryFault(error);
		const passes = code === null && !(error instanceof UserError);
		return [
			{
				name: `an answer from Slack (${message})`,
				fault: `I cannot tell whether I may post in that channel: ${message.replace(/\.$/, "")}.`,
				ok: false,
				remedy: passes ? "Try again in a minute." : remedy,
			},
		];
	}
}

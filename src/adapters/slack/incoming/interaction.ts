import * as z from "zod";
import type { Form } from "../../../chat/card.ts";
import { callValue } from "./calls.ts";

/** Where to answer an interaction. */
const whereSchema = z.discriminatedUnion("type", [
	z.object({
		type: z.literal("message"),
		channelId: z.string(),
		channelName: z.string(),
		threadId: z.string().nullable(),
		responseUrl: z.string().nullable(),
		/** When Slack made the response_url, in milliseconds since 1970. */
		since: z.number(),
		/** Whether the control's message can be replaced. */
		replaceable: z.boolean(),
	}),
	/** A modal, which is updated. */
	z.object({ type: z.literal("view"), viewId: z.string() }),
	/** The Home tab, which opens a modal; `hash` is Slack's hash of what the tab showed. */
	z.object({ type: z.literal("home"), hash: z.string().optional() }),
]);
export type Where = z.infer<typeof whereSchema>;

/** One action of a member, as plain data that can be stored and taken over. */
export const interactionSchema = z.object({
	/** Identical for every delivery of the interaction. */
	key: z.string(),
	receivedAt: z.number(),
	workspaceId: z.string(),
	enterpriseId: z.string().nullable(),
	workspaceName: z.string(),
	memberId: z.string(),
	/** The payload's name: the fallback if users.info does not answer. */
	memberName: z.string(),
	where: whereSchema,
	triggerId: z.string().nullable(),
	act: z.discriminatedUnion("type", [
		z.object({ type: z.literal("command"), text: z.string() }),
		z.object({ type: z.literal("call"), value: z.string() }),
		z.object({ type: z.literal("done"), value: z.string(), ticked: z.array(z.string()) }),
		z.object({ type: z.literal("form"), value: z.string(), fields: z.record(z.string(), z.string()) }),
		z.object({ type: z.literal("reopen"), value: z.string() }),
		/** A message that mentions the bot, or a direct message. */
		z.object({ type: z.literal("said"), text: z.string() }),
		z.object({ type: z.literal("home") }),
		/** Somebody joined a channel that the bot is in; if it is the bot itself, somebody invited it. */
		z.object({ type: z.literal("joined"), userId: z.string(), channelId: z.string() }),
		/**
		 * The app was removed, or its tokens or access were revoked; `at` in milliseconds since 1970, by Slack's clock.
		 * Without `workspaceIds`: the interaction's own workspace; with an empty list: the whole organisation.
		 */
		z.object({ type: z.literal("removed"), at: z.number(), workspaceIds: z.array(z.string()).optional() }),
	]),
});
export type Interaction = z.infer<typeof interactionSchema>;

/** Raise it with every change that makes an old stored interaction unreadable. */
export const INTERACTION_VERSION = 2;

/** The minimum to read of an interaction of another shape, so that its member can be told. */
export const addressSchema = z.looseObject({ workspaceId: z.string(), memberId: z.string().min(1) });
export type Address = z.infer<typeof addressSchema>;

/** What a form's view carries to its submission. */
export const metadataSchema = z.object({ value: z.string(), workspaceId: z.string(), where: whereSchema });
type FormMetadata = z.infer<typeof metadataSchema>;

/** What a form's submission needs to know about the place where it was asked for. */
export function metadataOf({ where, workspaceId }: Interaction, { call }: Form): string {
	const metadata: FormMetadata = { value: callValue(call), workspaceId, where };
	return JSON.stringify(metadata);
}

/** An interaction whose channel is unknown: the member is answered by direct message. */
export function addressed(key: string, { workspaceId, memberId }: Address, receivedAt: number): Interaction {
	const place = { channelId: memberId, channelName: "", threadId: null, responseUrl: null };
	return {
		key,
		receivedAt,
		workspaceId,
		enterpriseId: null,
		workspaceName: "",
		memberId,
		memberName: "",
		where: { type: "message", ...place, since: receivedAt, replaceable: false },
		triggerId: null,
		act: { type: "command", text: "" },
	};
}

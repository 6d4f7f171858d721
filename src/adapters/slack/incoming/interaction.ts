import { z } from "zod";

/** Where the answer to an interaction goes. */
const whereSchema = z.discriminatedUnion("type", [
	z.object({
		type: z.literal("message"),
		channelId: z.string(),
		channelName: z.string(),
		threadId: z.string().nullable(),
		responseUrl: z.string().nullable(),
		/** When the response_url was made, milliseconds since 1970. */
		since: z.number(),
		/** Whether the control stood in a message that can be replaced. */
		replaceable: z.boolean(),
	}),
	/** A modal, which is updated. */
	z.object({ type: z.literal("view"), viewId: z.string() }),
	/** The Home tab, which opens a modal; `hash` of what it showed, as Slack has it. */
	z.object({ type: z.literal("home"), hash: z.string().optional() }),
]);
export type Where = z.infer<typeof whereSchema>;

/** One thing that a member did, as plain data that can be kept and taken up again. */
export const interactionSchema = z.object({
	/** The same for every delivery of one interaction. */
	key: z.string(),
	receivedAt: z.number(),
	workspaceId: z.string(),
	enterpriseId: z.string().nullable(),
	workspaceName: z.string(),
	memberId: z.string(),
	/** As the payload has it: the fallback when users.info does not answer. */
	memberName: z.string(),
	where: whereSchema,
	triggerId: z.string().nullable(),
	act: z.discriminatedUnion("type", [
		z.object({ type: z.literal("command"), text: z.string() }),
		z.object({ type: z.literal("call"), value: z.string() }),
		z.object({ type: z.literal("done"), value: z.string(), ticked: z.array(z.string()) }),
		z.object({ type: z.literal("form"), value: z.string(), fields: z.record(z.string(), z.string()) }),
		z.object({ type: z.literal("reopen"), value: z.string() }),
		/** A message that mentions the bot, or a direct one. */
		z.object({ type: z.literal("said"), text: z.string() }),
		z.object({ type: z.literal("home") }),
		/** Somebody came into a channel where the bot is: the bot itself, when it was invited. */
		z.object({ type: z.literal("joined"), userId: z.string(), channelId: z.string() }),
		/**
		 * The app was removed, or its tokens or access revoked; `at` in milliseconds since 1970, by Slack's clock. Without
		 * `workspaceIds` it is the interaction's own workspace; with none, the whole organisation.
		 */
		z.object({ type: z.literal("removed"), at: z.number(), workspaceIds: z.array(z.string()).optional() }),
	]),
});
export type Interaction = z.infer<typeof interactionSchema>;

/** Raised with every change of the shape that the next schema would not read. */
export const INTERACTION_VERSION = 2;

/** What is needed of an interaction of another shape to tell its member. */
export const addressSchema = z.looseObject({ workspaceId: z.string(), memberId: z.string().min(1) });
export type Address = z.infer<typeof addressSchema>;

/** What a form's view carries to its submission. */
export const metadataSchema = z.object({ value: z.string(), workspaceId: z.string(), where: whereSchema });
export type FormMetadata = z.infer<typeof metadataSchema>;

/** An interaction known only by its member: a direct message reaches them. */
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

/** Turns what members do in Slack into interactions: commands, presses, shortcuts, submitted forms. */
import * as z from "zod";
import {
	callValue,
	DONE_ACTION,
	FORM_CALLBACK,
	MENU_ACTION,
	REOPEN_ACTION,
	TICK_ACTION,
	workspaceOfBlock,
} from "./calls.ts";
import { storable } from "./incoming-text.ts";
import { type Interaction, metadataSchema, type Where } from "./interaction.ts";

const named = z.object({ id: z.string(), name: z.string().optional(), domain: z.string().optional() });
const user = z.object({
	id: z.string(),
	name: z.string().optional(),
	username: z.string().optional(),
	team_id: z.string().optional(),
});

const commandBody = z.object({
	team_id: z.string(),
	team_domain: z.string().default(""),
	enterprise_id: z.string().optional(),
	channel_id: z.string(),
	channel_name: z.string().default(""),
	user_id: z.string(),
	user_name: z.string().default(""),
	text: z.string().default(""),
	response_url: z.string(),
	trigger_id: z.string(),
});

/** Reads a slash command. @throws ZodError for another payload */
export function readCommandBody(raw: unknown, receivedAt: Date): Interaction {
	const body = commandBody.parse(raw);
	return {
		key: `slack:${body.trigger_id}`,
		receivedAt: receivedAt.getTime(),
		workspaceId: body.team_id,
		enterpriseId: body.enterprise_id ?? null,
		workspaceName: body.team_domain,
		memberId: body.user_id,
		memberName: body.user_name,
		where: {
			type: "message",
			channelId: body.channel_id,
			channelName: body.channel_name,
			threadId: null,
			responseUrl: body.response_url,
			since: receivedAt.getTime(),
			replaceable: false,
		},
		triggerId: body.trigger_id,
		act: { type: "command", text: body.text },
	};
}

const stateValues = z.record(
	z.string(),
	z.record(
		z.string(),
		z.object({
			value: z.string().nullish(),
			selected_option: z.object({ value: z.string() }).nullish(),
			selected_options: z.array(z.object({ value: z.string() })).nullish(),
			selected_conversation: z.string().nullish(),
			selected_channel: z.string().nullish(),
			selected_time: z.string().nullish(),
			files: z.array(z.object({ id: z.string() })).nullish(),
		}),
	),
);
type StateValues = z.infer<typeof stateValues>;

const view = z.object({
	id: z.string(),
	type: z.string(),
	callback_id: z.string().default(""),
	private_metadata: z.string().default(""),
	team_id: z.string().optional(),
	app_installed_team_id: z.string().optional(),
	hash: z.string().default(""),
	state: z.object({ values: stateValues }).optional(),
});

const actionsBody = z.object({
	team: named.nullish(),
	enterprise: named.nullish(),
	user,
	trigger_id: z.string(),
	response_url: z.string().optional(),
	channel: z.object({ id: z.string(), name: z.string().default("") }).optional(),
	container: z
		.object({
			message_ts: z.string().optional(),
			thread_ts: z.string().optional(),
			is_ephemeral: z.boolean().optional(),
		})
		.optional(),
	message: z.object({ ts: z.string().optional(), thread_ts: z.string().optional() }).optional(),
	view: view.optional(),
	state: z.object({ values: stateValues }).optional(),
	actions: z
		.array(
			z.object({
				action_id: z.string(),
				block_id: z.string(),
				action_ts: z.string().default(""),
				value: z.string().optional(),
				selected_option: z.object({ value: z.string() }).nullish(),
			}),
		)
		.min(1),
});
type ActionsBody = z.infer<typeof actionsBody>;

export const homeWith = (hash = ""): Where => (hash === "" ? { type: "home" } : { type: "home", hash });

function tickedIn(values: StateValues | undefined, block: string): string[] {
	const held = Object.entries(values?.[block] ?? {}).filter(([action]) => action.startsWith(TICK_ACTION));
	return held.flatMap(([, value]) => (value.selected_options ?? []).map((option) => option.value));
}

/**
 * The thread below which a message was written; null for one in the channel itself. Slack gives a message with replies
 * its own ts as thread_ts: a reply into that thread would be hidden from a member who reads the channel.
 */
function threadAbove(message: { readonly ts?: string | undefined; readonly thread_ts?: string | undefined } = {}) {
	return message.thread_ts === undefined || message.thread_ts === message.ts ? null : message.thread_ts;
}

function whereOf(body: ActionsBody, receivedAt: Date): Where {
	if (body.view) return body.view.type === "home" ? homeWith(body.view.hash) : { type: "view", viewId: body.view.id };
	// A card that others see is not replaced: a member's press changes only what that member sees.
	const { container, message } = body;
	const isPrivate = container?.is_ephemeral === true || body.channel?.id.startsWith("D") === true;
	return {
		type: "message",
		channelId: body.channel?.id ?? body.user.id,
		channelName: body.channel?.name ?? "",
		threadId: threadAbove({ ts: container?.message_ts, thread_ts: container?.thread_ts }) ?? threadAbove(message),
		responseUrl: body.response_url ?? null,
		since: receivedAt.getTime(),
		replaceable: isPrivate && body.response_url !== undefined,
	};
}

function actOf(actionId: string, value: string, ticked: string[]): Interaction["act"] {
	if (actionId.startsWith(`${DONE_ACTION}:`)) return { type: "done", value, ticked };
	return { type: actionId.startsWith(`${REOPEN_ACTION}:`) ? "reopen" : "call", value };
}

/**
 * Reads the use of a control; null for one that only holds a choice until the button beside it is pressed. The
 * workspace is that of the message's own control, wherever in a shared channel it was pressed.
 * @throws ZodError for another payload
 */
export function readActionsBody(raw: unknown, receivedAt: Date): Interaction | null {
	const body = actionsBody.parse(raw);
	const [action] = body.actions;
	if (!action || action.action_id.startsWith(`${TICK_ACTION}:`)) return null;
	const value = action.action_id.startsWith(`${MENU_ACTION}:`) ? action.selected_option?.value : action.value;
	if (value === undefined) return null;
	return {
		key: `slack:${body.trigger_id}`,
		receivedAt: receivedAt.getTime(),
		workspaceId:
			workspaceOfBlock(action.block_id) ??
			body.team?.id ??
			body.view?.app_installed_team_id ??
			body.view?.team_id ??
			body.user.team_id ??
			"",
		enterpriseId: body.enterprise?.id ?? null,
		workspaceName: body.team?.domain ?? "",
		memberId: body.user.id,
		memberName: body.user.name ?? body.user.username ?? "",
		where: whereOf(body, receivedAt),
		triggerId: body.trigger_id,
		act: actOf(action.action_id, value, tickedIn(body.view?.state?.values ?? body.state?.values, action.block_id)),
	};
}

const shortcutBody = z.object({
	team: named.nullish(),
	enterprise: named.nullish(),
	user,
	trigger_id: z.string(),
	response_url: z.string().optional(),
	channel: z.object({ id: z.string(), name: z.string().default("") }),
	message: z.object({ ts: z.string().optional(), thread_ts: z.string().optional() }),
});

/**
 * Reads "Answer today's question" on a message: the reply goes to the message's place. @throws ZodError for another
 * payload
 */
export function readShortcutBody(raw: unknown, receivedAt: Date): Interaction {
	const body = shortcutBody.parse(raw);
	return {
		key: `slack:${body.trigger_id}`,
		receivedAt: receivedAt.getTime(),
		workspaceId: body.team?.id ?? body.user.team_id ?? "",
		enterpriseId: body.enterprise?.id ?? null,
		workspaceName: body.team?.domain ?? "",
		memberId: body.user.id,
		memberName: body.user.name ?? body.user.username ?? "",
		where: {
			type: "message",
			channelId: body.channel.id,
			channelName: body.channel.name,
			threadId: threadAbove(body.message),
			responseUrl: body.response_url ?? null,
			since: receivedAt.getTime(),
			replaceable: false,
		},
		triggerId: body.trigger_id,
		act: { type: "call", value: callValue({ command: "answer", options: { question: "today" } }) },
	};
}

const submissionBody = z.object({
	team: named.nullish(),
	enterprise: named.nullish(),
	user,
	trigger_id: z.string().optional(),
	view,
});

function fieldsOf(values: StateValues): Record<string, string> {
	const fields: Record<string, string> = {};
	for (const [block, controls] of Object.entries(values)) {
		const [held] = Object.values(controls);
		const value =
			held?.value ??
			held?.selected_option?.value ??
			held?.selected_conversation ??
			held?.selected_channel ??
			held?.selected_time ??
			held?.files?.[0]?.id;
		if (value) fields[block] = storable(value);
	}
	return fields;
}

/** Reads the submission of one of our forms; null for other forms. @throws Error for another payload */
export function readSubmissionBody(raw: unknown, receivedAt: Date): Interaction | null {
	const body = submissionBody.parse(raw);
	if (body.view.callback_id !== FORM_CALLBACK) return null;
	const metadata = metadataSchema.parse(JSON.parse(body.view.private_metadata));
	const where: Where =
		metadata.where.type === "message"
			? { ...metadata.where, replaceable: false }
			: { type: "view", viewId: body.view.id };
	return {
		// A view is submitted once; its hash changes when a submission was returned for correction.
		key: `slack:${body.view.id}:${body.view.hash}`,
		receivedAt: receivedAt.getTime(),
		workspaceId: metadata.workspaceId,
		enterpriseId: body.enterprise?.id ?? null,
		workspaceName: body.team?.domain ?? "",
		memberId: body.user.id,
		memberName: body.user.name ?? body.user.username ?? "",
		where,
		triggerId: body.trigger_id ?? null,
		act: { type: "form", value: metadata.value, fields: fieldsOf(body.view.state?.values ?? {}) },
	};
}

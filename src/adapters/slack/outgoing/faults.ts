import { webApi } from "@slack/bolt";
import { DeliveryFault, LOOKED_UP, RETRIED } from "../../../chat/platform.ts";
import { UserError } from "../../../core/errors.ts";
import { codesOf, neverConnected } from "../../network-errors.ts";

/** For each refusal of Slack: what happened, in words, and what an admin does about it. */
const REFUSALS: Readonly<Record<string, readonly [message: string, remedy: string]>> = {
	channel_not_found: [
		"The channel is gone, or the bot is not in it",
		"Invite it with `/invite @nlpq` in the channel, or choose another with `/nlpq schedule edit`.",
	],
	not_in_channel: ["The bot is not in the channel", "Invite it with `/invite @nlpq` in the channel."],
	is_archived: ["The channel is archived", "Unarchive it, or choose another with `/nlpq schedule edit`."],
	restricted_action: [
		"Only some members may post in the channel",
		"Allow the app to post there, or choose another channel.",
	],
	restricted_action_read_only_channel: [
		"The channel is read-only",
		"Choose another channel with `/nlpq schedule edit`.",
	],
	restricted_action_thread_only_channel: [
		"Only threads are allowed in the channel",
		"Choose another channel with `/nlpq schedule edit`.",
	],
	thread_not_found: ["The message is gone", "Nothing needs to be done: the next one comes as usual."],
	message_not_found: ["The message is gone", "Nothing needs to be done: the next one comes as usual."],
	cant_update_message: ["The message cannot be edited", "Nothing needs to be done: the next one comes as usual."],
	edit_window_closed: [
		"The workspace does not allow edits any more",
		"Nothing needs to be done: the next one comes as usual.",
	],
	user_not_found: ["The member is gone", "Nothing needs to be done."],
	user_disabled: ["The member's account is closed", "Nothing needs to be done."],
	cannot_dm_bot: ["The member is a bot", "Nothing needs to be done."],
	messages_tab_disabled: ["The app takes no direct messages", "Switch the messages tab on in the app's settings."],
	token_expired: ["The app's token has expired and cannot be renewed", "Install the app again."],
	not_allowed_token_type: ["Slack refuses the app's kind of token", "Install the app again."],
	account_inactive: ["The app's bot was removed from the workspace", "Install the app again."],
	token_revoked: ["The app was removed from the workspace", "Install the app again."],
	invalid_auth: ["Slack refuses the app's token", "Install the app again, or set a new SLACK_BOT_TOKEN."],
	not_authed: ["The app is not installed in the workspace", "Install the app again."],
	team_not_found: ["The workspace is gone", "Install the app again."],
	no_permission: ["The app lacks a permission", "Install the app again, so that it gets its permissions."],
	missing_scope: ["The app lacks a permission", "Install the app again, so that it gets its permissions."],
	team_access_not_granted: [
		"The organisation has not given the app this workspace",
		"Add the workspace to the app in the organisation's settings.",
	],
	ekm_access_denied: ["The workspace's administrators have suspended posting", "They can allow it again."],
	org_login_required: ["The workspace is being moved", "Try again when the move has ended."],
};

/** Refusals that pass by themselves. */
const PASSING = [
	"internal_error",
	"fatal_error",
	"service_unavailable",
	"request_timeout",
	"team_added_to_org",
	"accesslimited",
	"ratelimited",
	"rate_limited",
	"message_limit_exceeded",
];
/** Refusals after which nobody knows whether Slack did the work. */
const UNCERTAIN = ["internal_error", "fatal_error", "request_timeout"];

/** Whether a request certainly did not reach Slack. */
export function neverLeft(error: unknown): boolean {
	return neverConnected(codesOf(error, (code) => code.startsWith("slack_")));
}

/** Refusals of the token itself, which a retry cannot fix. */
const TOKEN_REFUSALS = [
	"invalid_auth",
	"not_authed",
	"token_revoked",
	"token_expired",
	"account_inactive",
	"not_allowed_token_type",
];

/** Whether Slack refused the call's token. */
export const isTokenRefusal = (code: string | null): boolean => code !== null && TOKEN_REFUSALS.includes(code);

/** Refusals that mean the app is no longer in the workspace. */
const ENDED = ["account_inactive", "token_revoked", "team_not_found"];

/** The app is not installed in a workspace. */
export class NotInstalled extends DeliveryFault {
	constructor() {
		super("permanent", "The app is not installed in the workspace", "Install the app again.");
	}
}

/**
 * Whether an error says that the installation has ended. If the token is the settings' own, the operator must fix it.
 */
export function endsInstallation(error: unknown): boolean {
	return error instanceof NotInstalled || ENDED.includes(refusalOf(error) ?? "");
}

/** Slack's error code of a refusal; null for other errors. */
export function refusalOf(error: unknown): string | null {
	return error instanceof webApi.WebAPIPlatformError ? error.data.error : null;
}

/** Refusals caused by a message's blocks. */
const REFUSED_BLOCKS = [
	"invalid_blocks",
	"invalid_blocks_format",
	"invalid_arguments",
	"msg_blocks_too_long",
	"msg_too_long",
];

/** Whether Slack refused a message's blocks, so that its words alone may be accepted. */
export const refusesBlocks = (error: unknown): boolean => REFUSED_BLOCKS.includes(refusalOf(error) ?? "");

function refused(code: string): DeliveryFault {
	const known = REFUSALS[code];
	if (known) return new DeliveryFault("permanent", ...known);
	if (UNCERTAIN.includes(code))
		return new DeliveryFault("uncertain", `Slack had a fault of its own (${code})`, LOOKED_UP);
	if (PASSING.includes(code)) return new DeliveryFault("not-sent", `Slack did not take it (${code})`, RETRIED);
	return new DeliveryFault("permanent", `Slack refuses it (${code})`, "`/nlpq schedule test` shows what is missing.");
}

/** Turns a send's error into one for the daily engine. It quotes no message. */
export function deliveryFault(error: unknown): DeliveryFault {
	if (error instanceof DeliveryFault) return error;
	// For example a missing key: nothing was sent, and the operator can fix it.
	if (error instanceof UserError) return new DeliveryFault("not-sent", error.message, error.remedy);
	if (error instanceof webApi.WebAPIRateLimitedError)
		return new DeliveryFault("not-sent", "Slack asks to wait", RETRIED, Math.max(error.retryAfter, 1) * 1000);
	const code = refusalOf(error);
	if (code !== null) return refused(code);
	if (error instanceof webApi.WebAPIHTTPError)
		return new DeliveryFault("uncertain", `Slack answered ${error.statusCode}`, LOOKED_UP);
	if (neverLeft(error)) return new DeliveryFault("not-sent", "Slack could not be reached", RETRIED);
	return new DeliveryFault("uncertain", "Slack did not answer in time", LOOKED_UP);
}

import { App, type Receiver } from "@slack/bolt";
import type { Logger } from "pino";
import type { Clock } from "../../../core/ports/clock.ts";
import { kindOf } from "../../log.ts";
import { FORM_CALLBACK } from "../incoming/calls.ts";
import type { Intake } from "../incoming/intake.ts";
import type { Interaction } from "../incoming/interaction.ts";
import { readActionsBody, readCommandBody, readShortcutBody, readSubmissionBody } from "../incoming/read-body.ts";
import { readHomeBody, readJoinedBody, readMessageBody, readRemovalBody } from "../incoming/read-event.ts";
import { waitingModal } from "../outgoing/render-form.ts";
import { boltLogger } from "./bolt-logger.ts";

/** The slash command, as in the manifest. */
export const COMMAND = "/nlpq";
/** The message shortcut, as in the manifest. Slash commands do not work in threads, where questions are discussed. */
export const ANSWER_SHORTCUT = "answer_today";
/** The events, as in the manifest. */
export const EVENTS = [
	"app_home_opened",
	"app_mention",
	"message.im",
	"member_joined_channel",
	"app_uninstalled",
	"tokens_revoked",
	"team_access_revoked",
] as const;

/** Creates the Bolt app on a receiver. Every listener passes what it gets to the intake. */
export function createApp(receiver: Receiver, intake: Intake, clock: Clock, log: Logger): App {
	const app = new App({
		receiver,
		// Tokens are looked up after the ack, so that no look-up can delay it.
		authorize: async ({ teamId, enterpriseId }) => ({
			...(teamId ? { teamId } : {}),
			...(enterpriseId ? { enterpriseId } : {}),
		}),
		ignoreSelf: false,
		convoStore: false,
		logger: boltLogger(log),
	});
	app.command(COMMAND, ({ body, ack }) => intake.take(readCommandBody(body, clock.now()), ack));
	app.action({ type: "block_actions" }, async ({ body, ack }) => {
		const interaction = readActionsBody(body, clock.now());
		if (interaction) await intake.take(interaction, ack);
		else await ack();
	});
	app.view({ callback_id: FORM_CALLBACK, type: "view_submission" }, async ({ body, ack }) => {
		const begun = performance.now();
		const interaction = readSubmissionBody(body, clock.now());
		const errors = interaction && (await intake.faultsOf(interaction));
		if (!interaction) await ack();
		else if (errors) await ack({ response_action: "errors", errors });
		else if (interaction.where.type === "view")
			await intake.take(interaction, () => ack({ response_action: "update", view: waitingModal() }), begun);
		else await intake.take(interaction, () => ack(), begun);
	});
	app.shortcut({ callback_id: ANSWER_SHORTCUT, type: "message_action" }, ({ body, ack }) =>
		intake.take(readShortcutBody(body, clock.now()), ack),
	);
	// Bolt acknowledges events before it runs their listeners.
	const event =
		(read: (body: unknown, at: Date) => Interaction | null) =>
		async ({ body }: { body: unknown }) => {
			const interaction = read(body, clock.now());
			if (interaction) await intake.take(interaction, null);
		};
	const readers = {
		app_home_opened: readHomeBody,
		app_mention: readMessageBody,
		// Slack names the event `message` in channels and direct messages alike.
		message: readMessageBody,
		member_joined_channel: readJoinedBody,
		app_uninstalled: readRemovalBody,
		tokens_revoked: readRemovalBody,
		team_access_revoked: readRemovalBody,
	};
	for (const [name, read] of Object.entries(readers)) app.event(name, event(read));
	app.error(async (error) => {
		log.warn({ kind: kindOf(error.original ?? error) }, "could not read what Slack sent");
	});
	return app;
}

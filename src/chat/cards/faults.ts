import { isDiskFull, isOutage, SeveralFaults, type UserError, withoutOutcome } from "../../core/errors.ts";
import { type Block, button, type Card, plain } from "../card.ts";
import { Unconfirmed } from "../effects.ts";
import { Refusal } from "../refused-command.ts";

/**
 * An error card: what happened, and the remedy.
 * @param more blocks that return what the member typed
 */
export function errorCard(message: string, remedy: string, more: readonly Block[] = []): Card {
	return { tone: "error", title: message, blocks: [{ type: "text", text: remedy }, ...more] };
}

/** A card for a refusal, with every fault, what the member typed and alternatives. */
export function refusalCard(error: UserError, typed: readonly Block[]): Card {
	const instead: Block[] = error instanceof Refusal ? [{ type: "actions", buttons: error.instead }] : [];
	if (!(error instanceof SeveralFaults)) return errorCard(error.message, error.remedy, [...typed, ...instead]);
	const items = error.faults.map((fault) => [plain(withoutOutcome(fault)), ` ${fault.remedy}`]);
	return { tone: "error", title: error.message, blocks: [{ type: "list", marker: "bullet", items }, ...typed] };
}

const byReference = (reference: string) => `If it keeps happening, give the operator this reference: ${reference}.`;

function faultWords(error: unknown, reference: string): { readonly title: string; readonly remedy: string } {
	if (error instanceof Unconfirmed)
		return {
			title: "The database went away at the last moment. I could not confirm whether this was saved.",
			remedy: "I'll look again as soon as it answers, and tell you here or with your next command.",
		};
	if (isDiskFull(error))
		return {
			title: "The database has no room left on its disk. Nothing was saved.",
			remedy: `Try again later. ${byReference(reference)}`,
		};
	// No reference: the operator already knows, and the log has one line for the whole outage.
	if (isOutage(error))
		return { title: "The database isn't answering right now. Nothing was saved.", remedy: "Try again in a minute." };
	return {
		title: "Something went wrong on our side. Nothing was saved.",
		remedy: `Try again in a minute. ${byReference(reference)}`,
	};
}

/**
 * A card for an unexpected error.
 * @param reference links the member's message to a log line
 * @param typed blocks that return what the member typed
 */
export function faultCard(error: unknown, reference: string, typed: readonly Block[] = []): Card {
	const { title, remedy } = faultWords(error, reference);
	return errorCard(title, remedy, typed);
}

/** Tells a member that a command was saved, when its own card cannot be rebuilt. */
export function savedCard(command: string): Card {
	return {
		tone: "good",
		title: `Saved: ${command}`,
		blocks: [
			{ type: "text", text: "Your command took effect; only its reply was lost." },
			{ type: "actions", buttons: [button("What I can do", "help")] },
		],
	};
}

/** Tells a member that a command had no effect, and will have none. */
export function notSavedCard(command: string): Card {
	return {
		tone: "warning",
		title: `Not saved: ${command}`,
		blocks: [{ type: "text", text: "I was restarted in the middle of it. Nothing was saved; please try again." }],
	};
}

/** The first block of a member's next reply: how the last command ended, whose reply never arrived. */
export function endOfLast(command: string, wasSaved: boolean): Block {
	const result = wasSaved ? " was saved." : " was not saved. Please do it again.";
	return { type: "text", text: ["Your last command, ", plain(command), ",", result] };
}

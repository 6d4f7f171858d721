import type { Block, Card } from "../../../chat/card.ts";
import { errorCard } from "../../../chat/cards/faults.ts";
import type { Platform } from "../../../chat/platform.ts";
import type { MemberAction, Usable } from "./input.ts";

/** Milliseconds that the direct message may take. */
const DEADLINE = 9_000;

/** What is said of a command that was not run. */
export const tooLateCard = (typed: readonly Block[]): Card =>
	errorCard("This reached me too late to reply there. Nothing was done.", "Send it again.", typed);

/** Sends a reply that Discord no longer takes by direct message, so that what the member typed is not lost. */
export async function replyLate(
	platform: Pick<Platform, "post">,
	interaction: Usable,
	{ workspaceId }: Pick<MemberAction, "workspaceId">,
	card: Card,
): Promise<void> {
	const to = {
		type: "member",
		workspaceId: interaction.guildId ?? workspaceId ?? "",
		memberId: interaction.user.id,
	} as const;
	await platform.post(to, card, `late:${interaction.id}`, AbortSignal.timeout(DEADLINE));
}

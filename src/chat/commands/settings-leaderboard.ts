import type { Reply } from "../card.ts";
import { settingCard } from "../cards/settings.ts";
import { defineCommand } from "../command.ts";
import { flagOption } from "../option.ts";

function visibilityReply(visible: boolean): Reply {
	const text = visible
		? "Others see you on leaderboards."
		: "You appear nowhere that others see; your own rank still comes to you privately.";
	return { card: settingCard(visible ? "Visible" : "Hidden", text), data: { hidden: !visible } };
}

export const settingsLeaderboard = defineCommand({
	name: "settings leaderboard",
	summary: "Whether others see you on leaderboards",
	options: { visible: flagOption("yes or no") },
	example: "settings leaderboard no",
	async run(context, { visible }) {
		await context.services.transaction(({ store }) =>
			store.people.changeSettings(context.member.id, { hidden: !visible }),
		);
		return visibilityReply(visible);
	},
	async again({ member }) {
		return visibilityReply(!member.hidden);
	},
});

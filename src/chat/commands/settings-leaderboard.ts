import { defineCommand } from "../command.ts";
import { flagOption } from "../option.ts";

export const settingsLeaderboard = defineCommand({
	name: "settings leaderboard",
	summary: "Whether others see you on leaderboards",
	audience: "member",
	options: { visible: flagOption("yes or no") },
	example: "settings leaderboard no",
	async run(context, { visible }) {
		await context.services.store.people.changeSettings(context.member.id, { hidden: !visible });
		const text = visible
			? "Others see you on leaderboards."
			: "You appear nowhere that others see; your own rank still comes to you privately.";
		return {
			audience: "member",
			card: { tone: "good", title: visible ? "Visible" : "Hidden", blocks: [{ type: "text", text }] },
			data: { hidden: !visible },
		};
	},
});

import { defineCommand } from "../command.ts";
import { flagOption } from "../option.ts";

export const settingsMilestones = defineCommand({
	name: "settings milestones",
	summary: "Whether your milestones are congratulated where others see it",
	audience: "member",
	options: { public: flagOption("yes or no") },
	example: "settings milestones yes",
	async run(context, options) {
		await context.services.store.people.changeSettings(context.member.id, { milestonesPublic: options.public });
		const text = options.public
			? "Your milestones are congratulated in the question's thread."
			: "Your milestones are congratulated privately.";
		return {
			audience: "member",
			card: { tone: "good", title: "Milestones", blocks: [{ type: "text", text }] },
			data: { milestonesPublic: options.public },
		};
	},
});

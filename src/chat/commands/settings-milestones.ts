import type { Reply } from "../card.ts";
import { settingCard } from "../cards/settings.ts";
import { defineCommand } from "../command.ts";
import { flagOption } from "../option.ts";

function milestonesReply(milestonesPublic: boolean): Reply {
	const text = milestonesPublic
		? "Your milestones are congratulated in the question's thread."
		: "Your milestones are congratulated privately.";
	return { card: settingCard("Milestones", text), data: { milestonesPublic } };
}

export const settingsMilestones = defineCommand({
	name: "settings milestones",
	summary: "Whether your milestones are congratulated where others see it",
	options: { public: flagOption("yes or no") },
	example: "settings milestones yes",
	async run(context, options) {
		await context.services.transaction(({ store }) =>
			store.people.changeSettings(context.member.id, { milestonesPublic: options.public }),
		);
		return milestonesReply(options.public);
	},
	async again({ member }) {
		return milestonesReply(member.milestonesPublic);
	},
});

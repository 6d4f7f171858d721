import { button, type Reply } from "../card.ts";
import { defineCommand } from "../command.ts";
import { flagOption, optional } from "../option.ts";

const FORGOTTEN: Reply = {
	card: {
		tone: "good",
		title: "Forgotten",
		blocks: [
			{
				type: "text",
				text: "All rows of yours are gone. Whenever you use a command again, you begin as a new member.",
			},
		],
	},
	data: { forgotten: true },
};

export const settingsForget = defineCommand({
	name: "settings forget",
	summary: "Erase everything kept about you, at once and for good",
	options: { confirm: optional(flagOption("yes does it; you are asked without it")) },
	offeredAs: { delete: {}, erase: {}, data: {}, account: {}, everything: {}, answers: {} },
	example: "settings forget confirm:yes",
	async run(context, { confirm }) {
		if (!confirm)
			return {
				card: {
					tone: "warning",
					title: "Erase everything I keep about you here?",
					blocks: [
						{
							type: "text",
							text: "Your answers, streaks and settings here are erased at once. They cannot be brought back, not by an admin and not from a backup. Counts of how many answered stay, without your name.",
						},
						{
							type: "actions",
							buttons: [
								button("Export first", "settings export", {}, "primary"),
								button("Keep it", "settings show"),
								button("Erase it all", "settings forget", { confirm: "yes" }, "danger"),
							],
						},
					],
				},
				data: { forgotten: false },
			};
		await context.services.transaction(({ store }) => store.people.eraseMember(context.member.id, context.now));
		return FORGOTTEN;
	},
	async again() {
		return FORGOTTEN;
	},
});

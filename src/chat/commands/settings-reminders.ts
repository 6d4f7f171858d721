import { counted } from "../../core/text/counted.ts";
import type { Reply } from "../card.ts";
import { settingCard } from "../cards/settings.ts";
import { defineCommand } from "../command.ts";
import { numberOption } from "../option.ts";

function remindersReply(reminderHours: number | null): Reply {
	const text =
		reminderHours === null
			? "No more reminders."
			: `If today's question is still open to you ${counted(reminderHours, "hour")} before its window closes, I nudge you privately, once. After an answer I keep quiet.`;
	return { card: settingCard("Reminders", text), data: { reminderHours } };
}

export const settingsReminders = defineCommand({
	name: "settings reminders",
	summary: "A private nudge before a window closes, at most one a day; 0 for none",
	options: { hours: numberOption("Hours before the window closes, 1 to 23; 0 for none", 0, 23) },
	offeredAs: {
		remind: { hours: "3" },
		reminder: { hours: "3" },
		nudge: { hours: "3" },
		reminding: { hours: "0" },
		nudging: { hours: "0" },
		stop: { hours: "0" },
		no: { hours: "0" },
	},
	example: "settings reminders 3",
	async run(context, { hours }) {
		const reminderHours = hours === 0 ? null : hours;
		await context.services.transaction(({ store }) =>
			store.people.changeSettings(context.member.id, { reminderHours }),
		);
		return remindersReply(reminderHours);
	},
	async again({ member }) {
		return remindersReply(member.reminderHours);
	},
});

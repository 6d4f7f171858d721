import { button, type Card } from "../../../chat/card.ts";

/** Shows the admin of a server without a daily question the way to one. */
export const GUIDE: Card = {
	tone: "plain",
	title: "One step to the first question of the day",
	blocks: [
		{
			type: "text",
			text: "You look after this server, and it has no daily question yet. One press sets one for this channel, every day at 09:00 UTC; your own time and zone go like this:",
		},
		{ type: "text", text: "`/nlpq schedule add time:09:00 zone:Europe/Berlin weekdays:weekdays`" },
		{
			type: "actions",
			buttons: [
				button("Every day at 09:00 UTC here", "schedule add", { time: "09:00", zone: "UTC" }, "primary"),
				button("Choose time and zone", "schedule add"),
			],
		},
	],
};

import { button, type Card } from "../card.ts";

/** Confirms a setting that was changed. */
export const settingCard = (title: string, text: string): Card => ({
	tone: "good",
	title,
	blocks: [
		{ type: "text", text },
		{ type: "actions", buttons: [button("All settings", "settings show")] },
	],
});

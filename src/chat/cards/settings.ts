import { button, type Card, type Text } from "../card.ts";

/** Confirms a setting that was changed. */
export const settingCard = (title: string, text: Text): Card => ({
	tone: "good",
	title,
	blocks: [
		{ type: "text", text },
		{ type: "actions", buttons: [button("All settings", "settings show")] },
	],
});

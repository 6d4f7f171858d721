/**
 * Draws what Discord and Slack show of a payload, as HTML. Pure, and without any import of Node's, so that it runs in a
 * browser too. It draws all it is given or throws `UnknownPart` with the path of what it does not know.
 */
import { discordMessage } from "./discord/message.ts";
import { discordModal } from "./discord/modal.ts";
import { DISCORD_STYLE } from "./discord/style.ts";
import { type Child, element, type Html } from "./html.ts";
import { PHONE, type ViewOptions, viewOf } from "./options.ts";
import { Part } from "./part.ts";
import { SLACK_STYLE } from "./slack/style.ts";
import { slackSurface } from "./slack/surfaces.ts";

export { element, group, Html } from "./html.ts";
export type { Theme, ViewOptions } from "./options.ts";
export { UnknownPart } from "./part.ts";
export { DISCORD_STYLE, SLACK_STYLE };

function frame(client: "discord" | "slack", { theme, width }: ViewOptions, inner: Child): string {
	const size = width < PHONE ? "phone" : "desktop";
	return element("div", { class: client, "data-theme": theme, "data-size": size, style: `width:${width}px` }, inner)
		.markup;
}

/**
 * One message or modal of Discord's, or several messages below one another, as HTML; show it with `DISCORD_STYLE`.
 * @param payload bodies of messages as they are sent, or a modal as it answers an interaction
 * @throws UnknownPart
 */
export function discordView(payload: unknown, options: ViewOptions): string {
	const view = viewOf(options);
	const draw = (value: unknown, path: string, first: boolean): Html => {
		const part = new Part(value, path);
		if (part.maybe("custom_id")) return discordModal(part, view);
		return discordMessage(part, view, first ? options : { ...options, answers: undefined });
	};
	const drawn = Array.isArray(payload)
		? payload.map((value, index) => draw(value, `messages[${index}]`, index === 0))
		: draw(payload, "message", true);
	return frame("discord", options, drawn);
}

/**
 * One message, modal or Home tab of Slack's, or several messages below one another, as HTML; show it with `SLACK_STYLE`.
 * @param payload `{text, blocks}` as `chat.postMessage` takes it, or a view with its `type`
 * @throws UnknownPart
 */
export function slackView(payload: unknown, options: ViewOptions): string {
	const view = viewOf(options);
	const draw = (value: unknown, path: string): Html => slackSurface(new Part(value, path), view, options);
	const drawn = Array.isArray(payload)
		? payload.map((value, index) => draw(value, `messages[${index}]`))
		: draw(payload, "message");
	return frame("slack", options, drawn);
}

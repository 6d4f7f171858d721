/**
 * Draws a Discord or Slack payload as HTML, the way the client shows it. Runs in a browser too: it is pure and imports
 * nothing from Node. A part that it cannot draw is never skipped: it throws `UnknownPart` with the part's path.
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
 * Draws one Discord message or modal, or several messages below one another, as HTML for use with `DISCORD_STYLE`.
 * @param payload message bodies as sent, or a modal as sent in response to an interaction
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
 * Draws one Slack message, modal or Home tab, or several messages below one another, as HTML for use with
 * `SLACK_STYLE`.
 * @param payload `{text, blocks}` as for `chat.postMessage`, or a view with its `type`
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

/** The pages photographed for the documents: real cards, drawn by the real renderers. */
import { createHash } from "node:crypto";
import type { ViewOptions } from "../../packages/client-view/index.ts";
import { renderCard } from "../../src/adapters/terminal/layout/render.ts";
import type { Card, Form, Picture } from "../../src/chat/card.ts";
import { formOnSlack, onDiscord, onSlack, onSlackHome } from "../../tests/support/client-pages.ts";
import { CHANNEL, ME, ZONE } from "../../tests/support/filled-chat.ts";

/** The cards and forms that the pictures show. */
export interface Scenes {
	/** The time at which everything is seen. */
	readonly at: Date;
	readonly discord: Readonly<Record<"daily" | "check" | "answer" | "streak" | "stats" | "leaderboard", Card>>;
	readonly slack: Readonly<Record<"daily" | "check" | "answer" | "streak" | "stats", Card>>;
	readonly home: readonly Card[];
	readonly answerForm: Form;
	readonly scheduleForm: Form;
}

export interface Page {
	/** The file's name without its extension. */
	readonly name: string;
	readonly client: "discord" | "slack" | "terminal";
	readonly width: number;
	readonly html: string;
}

/** The address of a picture on a page: the same picture always has the same name. */
export const addressOf = (picture: Picture): string =>
	`picture:${createHash("sha256").update(JSON.stringify(picture)).digest("hex").slice(0, 16)}`;

export const PHONE = 360;
const DESKTOP = 620;
const TERMINAL = 644;
const TERMINAL_COLUMNS = 80;

/** A client's look, by theme and width, and whether a message is private. */
function looks(at: Date) {
	const nameOf: ViewOptions["nameOf"] = (kind) => (kind === "channel" ? CHANNEL.name : null);
	const shared = { at, zone: ZONE, nameOf };
	return (theme: "dark" | "light", width: number, command?: string): ViewOptions => ({
		...shared,
		theme,
		width,
		...(command === undefined ? {} : { answers: { member: ME, command }, ephemeral: command !== "nlpq leaderboard" }),
	});
}

async function discordPages({ discord, at }: Scenes): Promise<Page[]> {
	const look = looks(at);
	const page = async (name: string, card: Card, options: ViewOptions): Promise<Page> => ({
		name: `discord-${name}`,
		client: "discord",
		width: options.width,
		html: await onDiscord(card, options, addressOf),
	});
	return Promise.all([
		page("daily-dark", discord.daily, look("dark", DESKTOP)),
		page("daily-light", discord.daily, look("light", DESKTOP)),
		page("daily-phone", discord.daily, look("dark", PHONE)),
		page("quick-check", discord.check, { ...look("dark", DESKTOP), ephemeral: true }),
		page("answer", discord.answer, { ...look("dark", DESKTOP), ephemeral: true }),
		page("streak", discord.streak, look("dark", DESKTOP, "nlpq streak")),
		page("stats", discord.stats, look("light", PHONE, "nlpq stats")),
		page("leaderboard", discord.leaderboard, look("dark", DESKTOP, "nlpq leaderboard")),
	]);
}

function slackPages({ slack, home, answerForm, scheduleForm, at }: Scenes): Page[] {
	const look = looks(at);
	const page = (name: string, width: number, html: string): Page => ({ name: `slack-${name}`, client: "slack", width, html }); // biome-ignore format: one line
	const card = (name: string, shown: Card, options: ViewOptions) =>
		page(name, options.width, onSlack(shown, options, addressOf));
	return [
		card("daily", slack.daily, look("light", DESKTOP)),
		card("quick-check", slack.check, { ...look("light", DESKTOP), ephemeral: true }),
		card("answer", slack.answer, { ...look("light", DESKTOP), ephemeral: true }),
		card("streak", slack.streak, { ...look("dark", PHONE), ephemeral: true }),
		card("stats", slack.stats, { ...look("light", DESKTOP), ephemeral: true }),
		page("home", DESKTOP, onSlackHome(home, look("light", DESKTOP), addressOf)),
		page("answer-form", DESKTOP, formOnSlack(answerForm, look("light", DESKTOP))),
		page("schedule-form", DESKTOP, formOnSlack(scheduleForm, look("light", DESKTOP))),
	];
}

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** What the terminal prints, without colours. */
function terminalPage({ slack }: Scenes): Page {
	const layout = { columns: TERMINAL_COLUMNS, hasColours: false };
	const text = `> streak\n\n${renderCard(slack.streak, layout)}`;
	return { name: "terminal-streak", client: "terminal", width: TERMINAL, html: `<pre>${escaped(text)}</pre>` };
}

export async function pagesOf(scenes: Scenes): Promise<Page[]> {
	return [...(await discordPages(scenes)), ...slackPages(scenes), terminalPage(scenes)];
}

/** A digest of each picture's page, by the picture's name. */
export const digestsOf = (pages: readonly Page[]): Record<string, string> =>
	Object.fromEntries(pages.map(({ name, html }) => [name, createHash("sha256").update(html).digest("hex")]));

import { describe, expect, test } from "vitest";
import { DISCORD_STYLE, discordView, SLACK_STYLE, slackView, type ViewOptions } from "./index.ts";

const NAMES = new Map([
	["channel 42", "daily"],
	["member 7", "Ada"],
	["channel C42", "daily"],
	["role 5", "interviewees"],
]);
const look: ViewOptions = {
	theme: "light",
	width: 360,
	at: new Date("2027-03-08T09:00:00Z"),
	zone: "Europe/Berlin",
	nameOf: (kind, id) => NAMES.get(`${kind} ${id}`) ?? null,
};
const discord = (content: string) => discordView({ content }, look).replace(/^.*<div class="text">|<\/div>.*$/gs, "");
const section = (text: string) => ({ blocks: [{ type: "section", text: { type: "mrkdwn", text } }] });
const slack = (text: string) => slackView(section(text), look).replace(/^.*<div class="words"><p>|<\/p>.*$/gs, "");
const rich = (...elements: object[]) =>
	slackView({ blocks: [{ type: "rich_text", elements }] }, look).replace(/^.*<div class="rich">|<\/div>.*$/gs, "");

describe("Discord's markdown", () => {
	test.each([
		[
			"**bold**, *leaning*, __under__, ~~gone~~",
			"<p><strong>bold</strong>, <em>leaning</em>, <u>under</u>, <s>gone</s></p>",
		],
		["\\*no\\* mark\\_s, snake_case_name", "<p>*no* mark_s, snake_case_name</p>"],
		["`a*b*` and ``a ` b``", "<p><code>a*b*</code> and <code>a ` b</code></p>"],
		["one\ntwo\n\nthree", "<p>one<br>two</p><p>three</p>"],
		["### Head\ntext", '<h5 class="heading">Head</h5><p>text</p>'],
		["-# small", '<p class="small">small</p>'],
		["- one\n  more\n- two", "<ul><li>one<br>more</li><li>two</li></ul>"],
		["3. three\n4. four", '<ol start="3"><li>three</li><li>four</li></ol>'],
		["> said\n> twice", "<blockquote>said<br>twice</blockquote>"],
		["```\nlet *a* = 1;\n```", "<pre>let *a* = 1;</pre>"],
		[
			"<#42> <@7> <#99>",
			'<p><span class="mention">#daily</span> <span class="mention">@Ada</span> <span class="mention">#99</span></p>',
		],
		["</nlpq today:1>", '<p><span class="mention">/nlpq today</span></p>'],
		["**a `b` c**", "<p><strong>a <code>b</code> c</strong></p>"],
	])("%j", (text, html) => expect(discord(text)).toBe(html));

	test("shows instants in the reader's zone, and an unknown style as it is typed", () => {
		expect(discord("<t:1804582800:f>")).toContain(">9 March 2027 10:00</time>");
		expect(discord("<t:1804582800:R>")).toContain(">tomorrow</time>");
		expect(discord("<t:1804582800:x>")).toContain("&lt;t:1804582800:x&gt;");
	});

	test("links what a browser may open, and nothing else", () => {
		expect(discord("see https://example.org/a_b.")).toContain('<a href="https://example.org/a_b"');
		expect(discord("[here](javascript:alert(1))")).not.toContain("<a ");
	});
});

describe("Slack's mrkdwn and rich text", () => {
	test.each([
		["*bold* _leaning_ ~gone~ `code`", "<strong>bold</strong> <em>leaning</em> <s>gone</s> <code>code</code>"],
		["2*3*4 and a_b_c", "2*3*4 and a_b_c"],
		["&lt;b&gt; &amp;amp;", "&lt;b&gt; &amp;amp;"],
		[
			"<#C42> <https://example.org|there>",
			'<span class="mention">#daily</span> <a href="https://example.org" rel="noreferrer noopener" target="_blank">there</a>',
		],
		[
			"<!date^1804582800^{date_short_pretty} {time}|soon>",
			'<time datetime="2027-03-09T09:00:00.000Z">Tomorrow 10:00 AM</time>',
		],
		["<!date^1804582800^{moon}|soon>", '<time datetime="2027-03-09T09:00:00.000Z">soon</time>'],
	])("%j", (text, html) => expect(slack(text)).toBe(html));

	test("styles, lists, quotes and code", () => {
		const text = (words: string, style = {}) => ({ type: "text", text: words, style });
		const item = { type: "rich_text_section", elements: [text("one", { bold: true, code: true })] };
		expect(rich({ type: "rich_text_list", style: "bullet", elements: [item] })).toBe("<ul><li><strong><code>one</code></strong></li></ul>"); // biome-ignore format: one line
		expect(rich({ type: "rich_text_quote", elements: [text("*said*\ntwice")] })).toBe("<blockquote>*said*<br>twice</blockquote>"); // biome-ignore format: one line
		expect(rich({ type: "rich_text_preformatted", elements: [text("  x")] })).toBe("<pre>  x</pre>");
	});
});

describe("a part that the package cannot draw throws an error with its path", () => {
	const row = (component: object) => ({ components: [{ type: 1, components: [component] }] });
	const block = (value: object) => ({ text: "", blocks: [{ type: "divider" }, value] });
	test.each<[path: string, draw: () => string]>([
		["message.components[0].components[0].type", () => discordView(row({ type: 99 }), look)],
		["message.components[0].type", () => discordView({ components: [{ type: 17 }] }, look)],
		["message.embeds[0].author", () => discordView({ embeds: [{ author: { name: "x" } }] }, look)],
		["message.poll", () => discordView({ poll: {} }, look)],
		["messages[1].content", () => discordView([{ content: "a" }, { content: 3 }], look)],
		["message.components[0].component.emoji", () => discordView({ custom_id: "x", title: "A form", components: [{ type: 18, label: "Which", component: { type: 4, custom_id: "a", style: 1, emoji: {} } }] }, look)], // biome-ignore format: one line
		["message.blocks[1].type", () => slackView(block({ type: "video" }), look)],
		["message.blocks[1].accessory.type", () => slackView(block({ type: "section", accessory: { type: "multi_static_select" } }), look)], // biome-ignore format: one line
		["message.blocks[1].elements[0].confirm", () => slackView(block({ type: "actions", elements: [{ type: "button", text: { type: "plain_text", text: "x" }, confirm: {} }] }), look)], // biome-ignore format: one line
		["message.blocks[1].elements[0].elements[0].type", () => slackView(block({ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "color" }] }] }), look)], // biome-ignore format: one line
		["message.blocks[0].text", () => slackView(section("<!subteam^S1>"), look)],
		["message.type", () => slackView({ type: "canvas" }, look)],
	])("%s", (path, draw) => {
		expect(draw).toThrow(expect.objectContaining({ name: "UnknownPart", path }));
	});
});

test("a form's menus of channels and roles name what is chosen, and say so when nothing is", () => {
	const menu = (type: number, more: object) => ({
		type: 18,
		label: "Which",
		component: { type, custom_id: "a", ...more },
	});
	const form = (...components: object[]) => discordView({ custom_id: "x", title: "A form", components }, look);
	const chosen = form(
		menu(8, { default_values: [{ id: "42", type: "channel" }] }),
		menu(6, { default_values: [{ id: "5", type: "role" }] }),
	);
	expect(chosen).toContain("<span># daily</span>");
	expect(chosen).toContain("<span>@interviewees</span>");
	expect(form(menu(6, { required: false }))).toContain("<span>Make a selection</span>");
});

test("a phone and a desktop are drawn to their widths, in the client's theme", () => {
	expect(discordView({ content: "a" }, { theme: "dark", width: 360 })).toContain('data-theme="dark" data-size="phone" style="width:360px"'); // biome-ignore format: one line
	expect(slackView(section("a"), { theme: "light", width: 800 })).toContain('data-theme="light" data-size="desktop" style="width:800px"'); // biome-ignore format: one line
});

test("a picture that cannot be found is replaced by its description; a found picture has it as alternative text", () => {
	const image = { type: "image", slack_file: { id: "F1" }, alt_text: "12 weeks" };
	expect(slackView({ blocks: [image] }, look)).toContain(
		'<p class="missing-picture" role="img" aria-label="12 weeks">',
	);
	expect(slackView({ blocks: [image] }, { ...look, imageOf: () => "data:image/png;base64,AA" })).toContain(
		'alt="12 weeks"',
	);
});

/** The variables of a theme: those of the light one, and what the dark one sets otherwise. */
function colours(style: string, theme: "light" | "dark"): Record<string, string> {
	const rules = [...style.matchAll(/^\.\w+(\[data-theme=dark\])?\{((?:--[a-z-]+:#[0-9a-f]{3,6};?)+)/gm)];
	const wanted = rules.filter(([, dark]) => theme === "dark" || dark === undefined);
	const pairs = wanted.flatMap(([, , body = ""]) => [...body.matchAll(/--([a-z-]+):(#[0-9a-f]{3,6})/g)]);
	return Object.fromEntries(pairs.map(([, name = "", value = ""]) => [name, value]));
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance(hex: string): number {
	const digits = hex.length === 4 ? hex.replace(/[0-9a-f]/g, "$&$&") : hex;
	const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => {
		const part = Number.parseInt(digits.slice(start, start + 2), 16) / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

describe.each(["light", "dark"] as const)("the texts of the %s theme have a contrast of 4.5", (theme) => {
	test.each([
		["Discord", DISCORD_STYLE, ["text", "muted", "link"], ["ground", "card", "private"], [["chip-text", "chip"], ["button-text", "button"], ["text", "code"], ["muted", "input"]]], // biome-ignore format: one line
		["Slack", SLACK_STYLE, ["text", "muted", "link"], ["ground", "private"], [["link", "chip"], ["code-text", "code"], ["text", "code"]]], // biome-ignore format: one line
	] as const)("%s", (_client, style, texts, grounds, more) => {
		const of = colours(style, theme);
		const pairs = [...texts.flatMap((text) => grounds.map((ground) => [text, ground] as const)), ...more];
		const weak = pairs
			.map(([text, ground]) => ({ text, ground, ratio: contrast(of[text] ?? "#000", of[ground] ?? "#000") }))
			.filter(({ ratio }) => ratio < 4.5);
		expect(weak).toEqual([]);
	});

	test("white text on prominent buttons has a contrast of 4.5", () => {
		const of = [
			colours(DISCORD_STYLE, theme).blurple,
			colours(SLACK_STYLE, theme).green,
			colours(SLACK_STYLE, theme).red,
		];
		for (const colour of [...of, "#20753f", "#c4313a", "#4752c4"]) expect(contrast("#fff", colour ?? "#fff"), colour).toBeGreaterThanOrEqual(4.5); // biome-ignore format: one line
	});
});

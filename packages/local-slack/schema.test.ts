import { describe, expect, test } from "vitest";
import { mentionsIn } from "./mentions.ts";
import { checkContent } from "./schema/message.ts";
import { checkHome, checkModal } from "./schema/view.ts";

const words = (length: number) => "x".repeat(length);
const plain = (text: string) => ({ type: "plain_text", text });
const section = (text: string) => ({ type: "section", text: { type: "mrkdwn", text } });
const button = (over: object = {}) => ({ type: "button", action_id: "go", text: plain("Go"), ...over });
const actions = (...elements: object[]) => ({ type: "actions", elements });
const option = (text: string, over: object = {}) => ({ text: plain(text), value: text, ...over });
const options = (count: number) => Array.from({ length: count }, (_, index) => option(`option ${index}`));
const input = (element: object) => ({ type: "input", block_id: "in", label: plain("Label"), element });
const image = (over: object = {}) => ({
	type: "image",
	alt_text: "A chart",
	image_url: "https://x.test/a.png",
	...over,
});
const repeat = (count: number, block: object) => Array.from({ length: count }, () => block);

const good: Record<string, object[]> = {
	"a section of 3000": [section(words(3000))],
	"50 blocks": repeat(50, { type: "divider" }),
	"25 buttons": [actions(...Array.from({ length: 25 }, (_, index) => button({ action_id: `go${index}` })))],
	"a header of 150": [{ type: "header", text: plain(words(150)) }],
	"10 fields": [{ type: "section", fields: repeat(10, plain(words(100))) }],
	"a menu of 100": [actions({ type: "static_select", action_id: "m", options: options(100) })],
	"an overflow of 5": [{ ...section("a"), accessory: { type: "overflow", action_id: "o", options: options(5) } }],
	"a picture with alt text": [image()],
	"rich text": [
		{ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "a" }] }] },
	],
	"a context of pictures and texts": [{ type: "context", elements: [image(), plain("a")] }],
};

const bad: Record<string, object[]> = {
	"a section of 3001": [section(words(3001))],
	"an empty section": [{ type: "section" }],
	"an empty text": [section("")],
	"a field of 2001": [{ type: "section", fields: [plain(words(2001))] }],
	"11 fields": [{ type: "section", fields: repeat(11, plain("a")) }],
	"51 blocks": repeat(51, { type: "divider" }),
	"a header of 151": [{ type: "header", text: plain(words(151)) }],
	"a header in mrkdwn": [{ type: "header", text: { type: "mrkdwn", text: "a" } }],
	"a context of 11": [{ type: "context", elements: repeat(11, plain("a")) }],
	"a button text of 76": [actions(button({ text: plain(words(76)) }))],
	"a button value of 2001": [actions(button({ value: words(2001) }))],
	"a button url of 3001": [actions(button({ url: words(3001) }))],
	"an action_id of 256": [actions(button({ action_id: words(256) }))],
	"an action_id twice in a block": [actions(button(), button())],
	"a block_id twice": repeat(2, { type: "divider", block_id: "same" }),
	"a block_id of 256": [{ type: "divider", block_id: words(256) }],
	"26 buttons": [actions(...Array.from({ length: 26 }, (_, index) => button({ action_id: `go${index}` })))],
	"no buttons": [actions()],
	"a button style of its own": [actions(button({ style: "success" }))],
	"an overflow of 6": [actions({ type: "overflow", options: options(6) })],
	"an overflow of 1": [actions({ type: "overflow", options: options(1) })],
	"a menu of 101": [actions({ type: "static_select", options: options(101) })],
	"a menu option of 76": [actions({ type: "static_select", options: [option(words(76))] })],
	"a menu option value of 151": [actions({ type: "static_select", options: [option("a", { value: words(151) })] })],
	"a menu option with a url": [actions({ type: "static_select", options: [option("a", { url: "https://x.test" })] })],
	"a menu with options and groups": [
		actions({
			type: "static_select",
			options: options(1),
			option_groups: [{ label: plain("g"), options: options(1) }],
		}),
	],
	"an initial option that is none": [
		actions({ type: "static_select", options: options(2), initial_option: option("other") }),
	],
	"11 checkboxes": [actions({ type: "checkboxes", options: options(11) })],
	"a description of 76": [actions({ type: "checkboxes", options: [option("a", { description: plain(words(76)) })] })],
	"a confirm title of 101": [
		actions(button({ confirm: { title: plain(words(101)), text: plain("a"), confirm: plain("a"), deny: plain("a") } })),
	],
	"a confirm button of 31": [actions(button({ confirm: { text: plain("a"), confirm: plain(words(31)) } }))],
	"a picture without alt text": [{ type: "image", image_url: "https://x.test/a.png" }],
	"a picture from two places": [image({ slack_file: { id: "F1" } })],
	"a picture from nowhere": [{ type: "image", alt_text: "a" }],
	"a picture url of 3001": [image({ image_url: words(3001) })],
	"a wrong time": [actions({ type: "timepicker", initial_time: "24:00" })],
	"a zone that is none": [actions({ type: "timepicker", timezone: "Mars/Olympus" })],
	"an unknown key": [{ ...section("a"), colour: "red" }],
	"an unknown key deep inside": [actions(button({ text: { ...plain("a"), bold: true } }))],
	"an unknown text type": [{ type: "section", text: { type: "markdown", text: "a" } }],
	"an unknown block": [{ type: "carousel", elements: [] }],
	"a text input outside an input block": [actions({ type: "plain_text_input" })],
	"a date and time picker at a section's side": [{ ...section("a"), accessory: { type: "datetimepicker" } }],
};

describe("the blocks of a message", () => {
	test.each(Object.entries(good))("accepts %s", (_name, blocks) => {
		expect(checkContent({ text: "a", blocks })).toMatchObject({ ok: true });
	});

	test.each(Object.entries(bad))("refuses %s, and names the path", (_name, blocks) => {
		const result = checkContent({ text: "a", blocks });
		expect(result).toMatchObject({ ok: false, error: "invalid_blocks" });
		expect(result.ok ? [] : result.faults.filter((fault) => fault.includes("json-pointer:/blocks"))).not.toEqual([]);
	});

	test("refuses blocks without a notification text, no content, and texts that are too long", () => {
		expect(checkContent({ blocks: [section("a")] })).toMatchObject({ ok: false, error: "invalid_arguments" });
		expect(checkContent({})).toMatchObject({ ok: false, error: "no_text" });
		expect(checkContent({ text: words(40_001) })).toMatchObject({ ok: false, error: "msg_too_long" });
		expect(checkContent({ text: words(4001) })).toMatchObject({ ok: true, advice: [expect.stringContaining("4001")] });
	});

	test("refuses a message whose texts add up to more than 13,200 characters", () => {
		const whole = (last: number) => [...repeat(4, section(words(3000))), section(words(last))];
		expect(checkContent({ text: "a", blocks: whole(1200) })).toMatchObject({ ok: true });
		expect(checkContent({ text: "a", blocks: whole(1201) })).toMatchObject({ error: "msg_blocks_too_long" });
	});

	test("refuses metadata that Slack cannot store", () => {
		const metadata = (event_payload: object) => ({
			text: "a",
			metadata: { event_type: "nlpq_delivery", event_payload },
		});
		expect(checkContent(metadata({ id: "a", again: { n: 1 }, all: [{ yes: true }] }))).toMatchObject({ ok: true });
		expect(checkContent(metadata({ id: null }))).toMatchObject({ ok: false, error: "invalid_metadata_format" });
		expect(checkContent({ text: "a", metadata: { event_type: "a" } })).toMatchObject({ ok: false });
	});
});

describe("a view", () => {
	const modal = (over: object) => ({ type: "modal", title: plain("Title"), blocks: [section("a")], ...over });
	const text = { type: "plain_text_input", action_id: "t" };
	test.each([
		["a title of 25", { title: plain(words(25)) }],
		["a submit of 25", { submit: plain(words(25)) }],
		["a close of 25", { close: plain(words(25)) }],
		["private_metadata of 3001", { private_metadata: words(3001) }],
		["a callback_id of 256", { callback_id: words(256) }],
		["101 blocks", { blocks: repeat(101, { type: "divider" }) }],
		["an input without submit", { blocks: [input(text)] }],
		["an input of 3001", { submit: plain("Go"), blocks: [input({ ...text, max_length: 3001 })] }],
		[
			"an initial value above its max_length",
			{ submit: plain("Go"), blocks: [input({ ...text, max_length: 1, initial_value: "ab" })] },
		],
		["a label of 2001", { submit: plain("Go"), blocks: [{ ...input(text), label: plain(words(2001)) }] }],
		["a hint of 2001", { submit: plain("Go"), blocks: [{ ...input(text), hint: plain(words(2001)) }] }],
		["a button as an input", { submit: plain("Go"), blocks: [input(button())] }],
		["an unknown key", { colour: "red" }],
		["half an emoji", { blocks: [section("half \ud83d")] }],
	])("as a modal refuses %s", (_name, over) => {
		expect(checkModal(modal(over))).toMatchObject({ ok: false, error: "invalid_arguments" });
	});

	test("may have 100 blocks; a Home tab may not have a title", () => {
		expect(checkModal(modal({ blocks: repeat(100, { type: "divider" }) }))).toMatchObject({ ok: true });
		expect(checkHome({ type: "home", blocks: [section("a")] })).toMatchObject({ ok: true });
		expect(checkHome(modal({ type: "home" }))).toMatchObject({ ok: false });
		expect(checkHome(modal({}))).toMatchObject({ ok: false });
	});
});

test("refuses a lone surrogate anywhere in a message", () => {
	expect(checkContent({ text: "half \ud83d" })).toMatchObject({ ok: false });
	expect(checkContent({ text: "a", blocks: [section("\ude00 half")] })).toMatchObject({ ok: false });
	expect(checkContent({ text: "whole 😀", blocks: [section("😀")] })).toMatchObject({ ok: true });
});

describe("mentionsIn", () => {
	test("finds every kind in parsed text and none in plain text, values or metadata", () => {
		const shown = "<!channel> <!here> <!everyone> <@U0AB> <#C0AB|x> <!subteam^S1> <https://evil.test|bank>";
		const kinds = mentionsIn({ text: "a", blocks: [section(shown)] }).map((mention) => mention.kind);
		expect(kinds).toEqual(["broadcast", "broadcast", "broadcast", "user", "channel", "usergroup", "link"]);
		expect(mentionsIn({ text: shown })).toHaveLength(7);
		expect(mentionsIn({ blocks: [actions(button({ text: plain(shown), value: shown }))] })).toEqual([]);
		expect(mentionsIn({ text: "&lt;!channel&gt;", metadata: { event_payload: { text: shown } } })).toEqual([]);
	});

	test("finds mentions in rich text, and arguments that make Slack look for them", () => {
		const elements = [
			{ type: "broadcast", range: "here" },
			{ type: "user", user_id: "U1" },
		];
		expect(
			mentionsIn({ blocks: [{ type: "rich_text", elements: [{ type: "rich_text_section", elements }] }] }),
		).toHaveLength(2);
		expect(mentionsIn({ text: "@everyone", parse: "full" })).toHaveLength(1);
		expect(mentionsIn({ text: "@everyone", link_names: true })).toHaveLength(1);
	});
});

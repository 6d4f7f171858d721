/** Draws Discord's markdown within a line. */
import { discordDate } from "../dates.ts";
import { type Child, element, type Html, safeAddress } from "../html.ts";
import type { View } from "../options.ts";

interface Rule {
	readonly pattern: RegExp;
	draw(match: RegExpExecArray, view: View): Child;
}

const mention = (text: string): Html => element("span", { class: "mention" }, text);

function link(address: string, words: string): Child {
	const safe = safeAddress(address);
	return safe === null ? words : element("a", { href: safe, rel: "noreferrer noopener", target: "_blank" }, words);
}

function instant(match: RegExpExecArray, view: View): Child {
	const [whole, seconds = "", style = "f"] = match;
	const at = new Date(Number(seconds) * 1000);
	const text = Number.isNaN(at.getTime()) ? null : discordDate(at, style, view);
	return text === null ? whole : element("time", { datetime: at.toISOString(), class: "instant" }, text);
}

const wrapped = (tag: string) => (match: RegExpExecArray, view: View) =>
	element(tag, {}, inlineMarkdown(match[1] ?? "", view));

/** Tried in this order. Each pattern is sticky: it matches only at the current position. */
const RULES: readonly Rule[] = [
	{ pattern: /\\([!-/:-@[-`{-~])/y, draw: ([, sign = ""]) => sign },
	{ pattern: /``\s?([^\n]*?[^`\n])\s?``(?!`)/y, draw: ([, code = ""]) => element("code", {}, code) },
	{ pattern: /`([^`\n]+)`/y, draw: ([, code = ""]) => element("code", {}, code) },
	{ pattern: /<t:(-?\d{1,13})(?::([a-zA-Z]))?>/y, draw: instant },
	{ pattern: /<\/([^:<>]{1,100}):\d+>/y, draw: ([, name = ""]) => mention(`/${name}`) },
	{ pattern: /<#(\d+)>/y, draw: ([, id = ""], view) => mention(`#${view.name("channel", id)}`) },
	{ pattern: /<@&(\d+)>/y, draw: ([, id = ""], view) => mention(`@${view.name("role", id)}`) },
	{ pattern: /<@!?(\d+)>/y, draw: ([, id = ""], view) => mention(`@${view.name("member", id)}`) },
	{ pattern: /@(everyone|here)\b/y, draw: ([, name = ""]) => mention(`@${name}`) },
	{ pattern: /<(https?:\/\/[^\s<>]+)>/y, draw: ([, address = ""]) => link(address, address) },
	{
		pattern: /\[([^[\]\n]+)\]\((https?:\/\/[^\s()]+)\)/y,
		draw: ([, words = "", address = ""]) => link(address, words),
	},
	{ pattern: /https?:\/\/[^\s<>"]*[^\s<>".,:;!?)\]'*_~|\\]/y, draw: ([address]) => link(address, address) },
	{ pattern: /\*\*((?:\\.|[^*\\]|\*(?!\*))+)\*\*/y, draw: wrapped("strong") },
	{ pattern: /__((?:\\.|[^_\\]|_(?!_))+)__/y, draw: wrapped("u") },
	{ pattern: /~~((?:\\.|[^~\\]|~(?!~))+)~~/y, draw: wrapped("s") },
	{ pattern: /\|\|((?:\\.|[^|\\]|\|(?!\|))+)\|\|/y, draw: wrapped("mark") },
	{ pattern: /\*(?!\s)((?:\\.|[^*\\])+)\*/y, draw: wrapped("em") },
	{ pattern: /\b_(?!\s)((?:\\.|[^_\\])+)_\b/y, draw: wrapped("em") },
];

/** Characters at which a rule can begin; all others are copied. */
const START = /[\\`<@[h*_~|]/g;

function applied(text: string, at: number, view: View): { readonly child: Child; readonly length: number } | null {
	for (const { pattern, draw } of RULES) {
		pattern.lastIndex = at;
		const match = pattern.exec(text);
		// Use the match's length, not the pattern's lastIndex: drawing the inside may run the same pattern.
		if (match) return { child: draw(match, view), length: match[0].length };
	}
	return null;
}

/** Draws a line of markdown, or several with line breaks. */
export function inlineMarkdown(text: string, view: View): Child {
	const children: Child[] = [];
	let from = 0;
	START.lastIndex = 0;
	for (let at = nextStart(text, 0); at >= 0; ) {
		const found = applied(text, at, view);
		if (found) {
			children.push(text.slice(from, at), found.child);
			from = at + found.length;
		}
		at = nextStart(text, found ? from : at + 1);
	}
	children.push(text.slice(from));
	return children;
}

function nextStart(text: string, from: number): number {
	START.lastIndex = from;
	return START.exec(text)?.index ?? -1;
}

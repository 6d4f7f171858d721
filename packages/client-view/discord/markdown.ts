/** Draws Discord's markdown: lines that begin a heading, list, quote, code block or small print. */
import { type Child, element, type Html } from "../html.ts";
import type { View } from "../options.ts";
import { inlineMarkdown } from "./inline.ts";

interface Line {
	readonly kind: "text" | "heading" | "small" | "quote" | "bullet" | "number" | "more";
	readonly text: string;
	/** A heading's level, or a list item's number. */
	readonly count: number;
}

const HEADING = /^(#{1,3})\s+(.*)$/;
const SMALL = /^-#\s+(.*)$/;
const QUOTE = /^>(?:\s(.*)|$)/;
const BULLET = /^\s*[-*]\s+(.*)$/;
const NUMBER = /^\s*(\d{1,9})\.\s+(.*)$/;
const MORE = /^\s{2,}(\S.*)$/;

function lineOf(line: string): Line {
	const heading = HEADING.exec(line);
	if (heading) return { kind: "heading", text: heading[2] ?? "", count: heading[1]?.length ?? 1 };
	const small = SMALL.exec(line);
	if (small) return { kind: "small", text: small[1] ?? "", count: 0 };
	const quote = QUOTE.exec(line);
	if (quote) return { kind: "quote", text: quote[1] ?? "", count: 0 };
	const bullet = BULLET.exec(line);
	if (bullet) return { kind: "bullet", text: bullet[1] ?? "", count: 0 };
	const number = NUMBER.exec(line);
	if (number) return { kind: "number", text: number[2] ?? "", count: Number(number[1]) };
	const more = MORE.exec(line);
	return more ? { kind: "more", text: more[1] ?? "", count: 0 } : { kind: "text", text: line, count: 0 };
}

/** Groups neighbouring lines of one kind; an indented line below a list item belongs to it. */
function runsOf(lines: readonly Line[]): Line[][] {
	const runs: Line[][] = [];
	for (const line of lines) {
		const run = runs.at(-1);
		const kind = run?.[0]?.kind;
		const isItem = kind === "bullet" || kind === "number";
		if (run && line.kind !== "heading" && (line.kind === kind || (line.kind === "more" && isItem))) run.push(line);
		else runs.push([line.kind === "more" ? { ...line, kind: "text" } : line]);
	}
	return runs;
}

function withBreaks(texts: readonly string[], view: View): Child[] {
	return texts.flatMap((text, index) => [index > 0 ? element("br") : null, inlineMarkdown(text, view)]);
}

function itemsOf(run: readonly Line[], view: View): Html[] {
	const items: string[][] = [];
	for (const line of run)
		if (line.kind === "more") items.at(-1)?.push(line.text);
		else items.push([line.text]);
	return items.map((texts) => element("li", {}, withBreaks(texts, view)));
}

/** Paragraphs, split at empty lines; single line breaks are kept. */
function paragraphs(run: readonly Line[], view: View): Html[] {
	const texts = run
		.map(({ text }) => text)
		.join("\n")
		.replace(/^\n+|\n+$/g, "");
	if (texts === "") return [];
	return texts.split(/\n{2,}/).map((text) => element("p", {}, withBreaks(text.split("\n"), view)));
}

function drawRun(run: readonly Line[], view: View): Child {
	const [first] = run;
	switch (first?.kind) {
		case "heading":
			return element(`h${first.count + 2}`, { class: "heading" }, inlineMarkdown(first.text, view));
		case "small":
			return element("p", { class: "small" }, withBreaks(run.map(({ text }) => text), view)); // biome-ignore format: one line
		case "quote":
			return element("blockquote", {}, withBreaks(run.map(({ text }) => text), view)); // biome-ignore format: one line
		case "bullet":
			return element("ul", {}, itemsOf(run, view));
		case "number":
			return element("ol", { start: first.count }, itemsOf(run, view));
		default:
			return paragraphs(run, view);
	}
}

const FENCE = /```(?:[a-z0-9+-]*\n)?([\s\S]*?)```/gi;

/** Draws a text as in a message, description or field. */
export function markdown(text: string, view: View): Child {
	const children: Child[] = [];
	let from = 0;
	const prose = (part: string) => runsOf(part.split("\n").map(lineOf)).map((run) => drawRun(run, view));
	for (const match of text.matchAll(FENCE)) {
		children.push(prose(text.slice(from, match.index)), element("pre", {}, (match[1] ?? "").replace(/\n$/, "")));
		from = match.index + match[0].length;
	}
	return [...children, prose(text.slice(from))];
}

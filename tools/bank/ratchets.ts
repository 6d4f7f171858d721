import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../src/adapters/files/root.ts";
import type { Bar } from "./bars.ts";

/** The best figures so far. .gitattributes merges the file by keeping the lines of both sides. */
const FILE = join(projectRoot(), "tools", "bank", "ratchets.txt");

type Held = ReadonlyMap<string, number>;

/** The better of two figures of a bar. */
const better = (bar: Bar, one: number, other: number) =>
	bar.better === "more" ? Math.max(one, other) : Math.min(one, other);

/**
 * Reads the figures of a file, line by line. If one occurs twice, as after a merge of two branches, the better one
 * counts, so that no merge is a conflict.
 */
export function parseRatchets(text: string, bars: readonly Bar[]): Held {
	const figures = new Map<string, number>();
	for (const [, name = "", figure] of text.matchAll(/^(.+?) = (\d+(?:\.\d+)?)$/gm)) {
		const bar = bars.find((candidate) => candidate.name === name);
		if (bar) figures.set(name, better(bar, figures.get(name) ?? Number(figure), Number(figure)));
	}
	return figures;
}

/** A figure, worsened by the room that chance needs. */
const loosened = (bar: Bar, figure: number) => (bar.better === "more" ? figure - bar.slack : figure + bar.slack);

/** Bars that the bank no longer reaches: by more than chance, or at all once it had reached the goal. */
export function brokenBars(bars: readonly Bar[], held: Held): { readonly bar: Bar; readonly held: number }[] {
	return bars.flatMap((bar) => {
		const figure = held.get(bar.name);
		if (figure === undefined) return [];
		const isAtGoal = better(bar, figure, bar.goal) === figure;
		const limit = isAtGoal ? figure : loosened(bar, figure);
		return better(bar, bar.now, limit) === bar.now ? [] : [{ bar, held: figure }];
	});
}

/** The figure to hold from now on: never worse than before, and no better than the goal. */
export function improved(bar: Bar, held: number | undefined): number {
	const reached = loosened(bar, bar.now);
	const isMet = better(bar, reached, bar.goal) === reached;
	const figure = Math.round((isMet ? bar.goal : reached) * 1000) / 1000;
	return held === undefined ? figure : better(bar, held, figure);
}

export function ratchetsText(bars: readonly Bar[], held: Held): string {
	return bars.map((bar) => `${bar.name} = ${improved(bar, held.get(bar.name))}\n`).join("");
}

/** None in an installation, which has no such file. */
export const heldFigures = (bars: readonly Bar[]): Held =>
	existsSync(FILE) ? parseRatchets(readFileSync(FILE, "utf8"), bars) : new Map();

/** Writes figures that have become better. @returns whether the file has changed */
export function writeRatchets(bars: readonly Bar[]): boolean {
	const before = readFileSync(FILE, "utf8");
	const after = ratchetsText(bars, parseRatchets(before, bars));
	if (after !== before) writeFileSync(FILE, after);
	return after !== before;
}

const figureText = (figure: number) => (Number.isInteger(figure) ? String(figure) : figure.toFixed(3));

/** A broken bar as a readable line. */
export function brokenLine({ bar, held }: { readonly bar: Bar; readonly held: number }): string {
	const word = bar.better === "more" ? "at least" : "at most";
	return `whole bank: ${bar.name}: ${figureText(bar.now)}, but it was ${word} ${figureText(held)} before`;
}

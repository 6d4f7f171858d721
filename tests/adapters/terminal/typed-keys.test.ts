import { PassThrough } from "node:stream";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { TypedKeys } from "../../../src/adapters/terminal/input/typed-keys.ts";

/** Splits a terminal's bytes, in order, into keys for the line editor and pastes. */
async function read(chunks: readonly string[]): Promise<{ keys: string; pastes: string[] }> {
	const seen = { keys: "", pastes: [] as string[] };
	const tty = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
	const keys = new TypedKeys(tty, {
		typed: () => undefined,
		key: () => false,
		paste: (text) => seen.pastes.push(text),
	});
	keys.on("data", (text: string) => {
		seen.keys += text;
	});
	for (const chunk of chunks) tty.emit("data", Buffer.from(chunk, "latin1"));
	await turn();
	keys.close();
	return seen;
}

const chunksOf = (bytes: string, cuts: readonly number[]): string[] => {
	const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
	return places.slice(1).map((end, index) => bytes.slice(places[index], end));
};
const inBytes = (text: string): string => Buffer.from(text).toString("latin1");
const lines = fc.array(fc.constantFrom("2", "", "quit", "/nlpq reveal today", "Bäume 🧑🏽‍🚀 東京", "\tx = 1"), {
	minLength: 1,
	maxLength: 6,
});

test("a bracketed paste is one text, even if it arrives in chunks, and no part of it counts as a key", async () => {
	await fc.assert(
		fc.asyncProperty(lines, fc.array(fc.nat(), { maxLength: 5 }), async (pasted, cuts) => {
			const bytes = inBytes(`\u001b[200~${pasted.join("\r")}\u001b[201~`);
			const { keys, pastes } = await read(chunksOf(bytes, cuts));
			expect(keys).toBe("");
			expect(pastes).toEqual([pasted.join("\n")]);
		}),
		{ numRuns: 100 },
	);
});

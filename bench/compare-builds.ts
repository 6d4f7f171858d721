/**
 * Runs a platform's bench in turn with that of an older build, so that a busy machine slows both alike. The older build
 * is a worktree with its packages installed; each side runs the sources in its own folder.
 *
 *     git worktree add --detach /tmp/older 152d94d && npm ci --prefix /tmp/older --ignore-scripts
 *     npx tsx bench/compare-builds.ts discord --folder /tmp/older --rounds 3 --rate 200 --seconds 30 --delay 200
 */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";
import { median, printFigure } from "./support/figures.ts";

interface Figures {
	readonly firstP99: number;
	readonly firstMax: number;
	readonly finalP99: number;
	readonly memory: number;
}

const LABELS: Readonly<Record<keyof Figures, string>> = {
	firstP99: "first response p99, ms",
	firstMax: "first response max, ms",
	finalP99: "final replies p99, ms",
	memory: "memory, MiB",
};

function figureIn(output: string, pattern: RegExp): number {
	const figure = Number(pattern.exec(output)?.[1] ?? Number.NaN);
	if (Number.isNaN(figure)) throw new Error(`no figure by ${pattern} in:\n${output}`);
	return figure;
}

function readFigures(output: string): Figures {
	return {
		firstP99: figureIn(output, /^(?:first response|ack)\s.*p99 ([\d.]+) ms/m),
		firstMax: figureIn(output, /^(?:first response|ack)\s.*max ([\d.]+) ms/m),
		finalP99: figureIn(output, /^final replies\s.*p99 ([\d.]+) ms/m),
		memory: figureIn(output, /^memory of the bot\s+(\d+) MiB/m),
	};
}

/** Runs a folder's bench. Exit code 1 means that replies were late; the figures count all the same. */
function run(folder: string, bench: string, args: readonly string[]): Promise<Figures> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ["--import", "tsx", `bench/${bench}.ts`, ...args], {
			cwd: folder,
			stdio: ["ignore", "pipe", "inherit"],
		});
		let output = "";
		child.stdout.on("data", (chunk: Buffer) => {
			process.stdout.write(chunk);
			output += chunk.toString("utf8");
		});
		child.once("error", reject);
		child.once("exit", () => {
			try {
				resolve(readFigures(output));
			} catch (error) {
				reject(error);
			}
		});
	});
}

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		folder: { type: "string" },
		rounds: { type: "string", default: "3" },
		rate: { type: "string", default: "200" },
		seconds: { type: "string", default: "30" },
		delay: { type: "string", default: "200" },
	},
});
const [bench] = positionals;
if ((bench !== "discord" && bench !== "slack") || !values.folder)
	throw new Error("usage: npx tsx bench/compare-builds.ts discord|slack --folder <the older build>");
const load = ["--rate", values.rate, "--seconds", values.seconds, "--delay", values.delay];
const runs: { readonly older: Figures[]; readonly newer: Figures[] } = { older: [], newer: [] };
for (let round = 1; round <= Number(values.rounds); round += 1) {
	process.stdout.write(`round ${round}, the older build\n`);
	runs.older.push(await run(values.folder, bench, load));
	process.stdout.write(`round ${round}, this build\n`);
	runs.newer.push(await run(process.cwd(), bench, load));
}
process.stdout.write(`\n${bench}, medians of ${values.rounds} rounds\n`);
for (const [key, name] of Object.entries(LABELS) as [keyof Figures, string][]) {
	const [older, newer] = [median(runs.older.map((one) => one[key])), median(runs.newer.map((one) => one[key]))];
	process.stdout.write(`${name.padEnd(26)}older ${older}, this ${newer}\n`);
	printFigure(`ratio of ${name.split(",")[0]}, this build to the older`, newer / older);
}

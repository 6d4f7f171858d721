/**
 * `npm run bench`: runs every bench, or the named ones (`npm run bench -- daily discord`), each in its own process,
 * which starts what it needs. Prints the figures, and writes them with the machine to bench/results.md: a table of all
 * ratios, then each bench's own output. The results of benches that are not run are kept.
 */
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";

const BENCHES = [
	"daily",
	"streaks",
	"discord",
	"discord-gateway",
	"slack",
	"cold",
	"memory",
	"practice",
	"import",
] as const;
const RESULTS = "bench/results.md";

interface Run {
	readonly name: string;
	readonly code: number | null;
	readonly output: string;
}

/** Runs one bench and shows its output as it comes. */
function run(name: string): Promise<Run> {
	return new Promise((resolve) => {
		const child = spawn(process.execPath, ["--import", "tsx", `bench/${name}.ts`], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		let output = "";
		child.stdout.on("data", (chunk: Buffer) => {
			process.stdout.write(chunk);
			output += chunk.toString("utf8");
		});
		child.once("exit", (code) => resolve({ name, code, output: output.trim() }));
	});
}

function describeMachine(): string {
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	return `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}, Node ${process.version}`;
}

function sectionOf({ name, code, output }: Run): string {
	return `## ${name}${code === 0 ? "" : ` (ended with ${code})`}\n\n\`\`\`text\n${output}\n\`\`\``;
}

/** The sections of earlier runs, by bench. */
function previousSections(): Map<string, string> {
	if (!existsSync(RESULTS)) return new Map();
	const sections = readFileSync(RESULTS, "utf8")
		.split(/\n(?=## )/)
		.slice(1);
	return new Map(sections.map((section) => [/^## (\S+)/.exec(section)?.[1] ?? "", section.trim()]));
}

/** A table of all ratios and shares in the sections. */
function ratioTable(sections: readonly string[]): string {
	const rows = sections.flatMap((section) => {
		const bench = /^## (\S+)/.exec(section)?.[1] ?? "";
		const figures = section.matchAll(/^(.*\b(?:ratio|share)\b.*): ([\d.]+)$/gm);
		return [...figures].map(([, what, figure]) => `| ${bench} | ${what} | ${figure} |`);
	});
	return ["| bench | what | figure |", "|---|---|---|", ...rows].join("\n");
}

const selected = process.argv.slice(2);
const unknown = selected.filter((name) => !BENCHES.some((bench) => bench === name));
if (unknown.length > 0) {
	console.error(`No such bench: ${unknown.join(", ")}. The benches are ${BENCHES.join(", ")}.`);
	process.exit(1);
}
const runs: Run[] = [];
for (const name of BENCHES) {
	if (selected.length > 0 && !selected.includes(name)) continue;
	console.log(`\n== ${name}`);
	runs.push(await run(name));
}
const newSections = new Map(runs.map((one) => [one.name, sectionOf(one)]));
const previous = previousSections();
const sections = BENCHES.flatMap((name) => newSections.get(name) ?? previous.get(name) ?? []);
const table = ratioTable(sections);
console.log(`\n${table}`);
const heading = `# Results\n\nOn ${describeMachine()}. Both sides of a ratio are measured in turn in one run, so ratios can be trusted; single times cannot.`;
writeFileSync(RESULTS, `${[heading, table, ...sections].join("\n\n")}\n`);
if (runs.some(({ code }) => code !== 0)) process.exitCode = 1;

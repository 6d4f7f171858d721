/**
 * `npm run bench`: runs every bench, or those that are named (`npm run bench -- daily discord`), each in a process
 * of its own that starts what it needs. The figures go to the screen and, with the machine, to bench/results.md.
 */
import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem, type } from "node:os";

const BENCHES = ["daily", "streaks", "discord", "discord-gateway", "slack"] as const;

interface Run {
	readonly name: string;
	readonly code: number | null;
	readonly output: string;
}

/** Runs one bench; its output is shown as it comes. */
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

function machine(): string {
	const [cpu] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	return `${cpu?.model.trim() ?? "unknown processor"}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}, Node ${process.version}`;
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench === name));
if (unknown.length > 0) {
	console.error(`There is no bench ${unknown.join(", ")}: there are ${BENCHES.join(", ")}.`);
	process.exit(1);
}
const runs: Run[] = [];
for (const name of BENCHES) {
	if ((wanted.length > 0 && !wanted.includes(name)) || !existsSync(`bench/${name}.ts`)) continue;
	console.log(`\n== ${name}`);
	runs.push(await run(name));
}
const parts = runs.map(
	({ name, code, output }) => `## ${name}${code === 0 ? "" : ` (ended with ${code})`}\n\n\`\`\`text\n${output}\n\`\`\``,
);
const heading = `# Results\n\nOn ${machine()}. Figures taken side by side in one run are ratios to trust; single times are not.`;
writeFileSync("bench/results.md", `${[heading, ...parts].join("\n\n")}\n`);
if (runs.some(({ code }) => code !== 0)) process.exitCode = 1;

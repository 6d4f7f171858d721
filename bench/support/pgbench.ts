import { spawn, spawnSync } from "node:child_process";

/** Why pgbench cannot be used; null if it can. */
export function whyPgbenchIsMissing(): string | null {
	const { error, stderr, status } = spawnSync("pgbench", ["--version"], { encoding: "utf8" });
	if (error) return "there is no pgbench on the PATH";
	return status === 0 ? null : `pgbench does not start: ${stderr.trim()}`;
}

/** Runs pgbench until all its transactions are done. @returns transactions per second */
export async function runPgbench(options: readonly string[], transactions: number): Promise<number> {
	const output = await outputOfPgbench(options);
	const done = Number(/actually processed: (\d+)/.exec(output)?.[1]);
	if (done !== transactions) throw new Error(`pgbench failed:\n${output}`);
	return Number(/tps = ([\d.]+)/.exec(output)?.[1]);
}

function outputOfPgbench(options: readonly string[]): Promise<string> {
	return new Promise((resolve, reject) => {
		const child = spawn("pgbench", options, { stdio: ["ignore", "pipe", "pipe"] });
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (chunk: Buffer) => {
				output += chunk.toString("utf8");
			});
		child.once("error", reject);
		child.once("close", (code) =>
			code === 0 ? resolve(output) : reject(new Error(`pgbench ended with ${code}:\n${output.slice(0, 4000)}`)),
		);
	});
}

/**
 * Two workers share the daily questions of a few hundred schedules on a real Postgres. They post to a local platform
 * that loses answers, refuses, resets and hangs, and they are killed repeatedly while the clock moves. What is due is
 * computed from the calendar; what was delivered, lost and duplicated is counted at the platform, not by the program.
 *
 *     npm run chaos -- --kills 1000
 *     npm run chaos -- --kills 1000 --no-lookup
 *
 * With `--commands`, a process is killed at members' commands instead: see `chaos-commands.ts`.
 */
import { parseArgs } from "node:util";
import { type ChaosOptions, type ChaosResult, runChaos } from "../tests/support/chaos/run.ts";
import { runCommands, setupsNamed } from "./chaos-commands.ts";

function optionsOf(args: string[]): ChaosOptions {
	const { values } = parseArgs({
		args,
		options: {
			kills: { type: "string", default: "1000" },
			schedules: { type: "string", default: "300" },
			seed: { type: "string" },
			"no-lookup": { type: "boolean", default: false },
			faults: { type: "string" },
			quiet: { type: "boolean", default: false },
		},
	});
	const lookUp = !values["no-lookup"];
	// Without look-up every lost answer stays unknown. By default only kills happen then, to show their effect.
	const faults = (values.faults ?? (lookUp ? "all" : "told")) === "all" ? "all" : "told";
	const [kills, schedules] = [Number(values.kills), Number(values.schedules)];
	const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
	if (![kills, schedules, seed].every((value) => Number.isInteger(value) && value >= 0))
		throw new RangeError("--kills, --schedules and --seed are whole numbers");
	const say = values.quiet ? {} : { say: (line: string) => process.stderr.write(`${line}\n`) };
	return { kills, schedules, lookUp, faults, seed, ...say };
}

/** What is wrong with a result; empty if nothing is. */
function complaints(result: ChaosResult, options: ChaosOptions): string[] {
	const found: string[] = [];
	if (result.lost > 0) found.push("questions were lost");
	if (result.duplicated > 0) found.push("messages came twice");
	if (result.skippedWanted !== result.skipped) found.push("others were skipped than had to be");
	if (options.lookUp && result.delivered !== result.due) found.push("not all that was due was delivered");
	if (options.lookUp && result.unknown > 0) found.push("outcomes stayed unknown");
	if (options.faults === "told" && result.unknown > result.inTheAirAtAKill)
		found.push("more stayed unknown than were in the air at a kill");
	return found;
}

async function commands(args: string[]): Promise<void> {
	const { values } = parseArgs({
		args,
		options: {
			commands: { type: "boolean" },
			kills: { type: "string", default: "100" },
			seed: { type: "string" },
			setup: { type: "string" },
			quiet: { type: "boolean", default: false },
		},
	});
	const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
	const say = values.quiet ? {} : { say: (line: string) => process.stderr.write(`${line}\n`) };
	const isSound = await runCommands({ kills: Number(values.kills), seed, setups: setupsNamed(values.setup), ...say });
	console.log(`seed: ${seed}`);
	if (!isSound) process.exitCode = 1;
}

async function deliveries(args: string[]): Promise<void> {
	const options = optionsOf(args);
	const begun = performance.now();
	const result = await runChaos(options);
	const { kills, due, delivered, skipped, lost, duplicated, unknown } = result;
	const lines = { kills, due, delivered, skipped, lost, duplicated, unknown };
	for (const [name, value] of Object.entries(lines)) console.log(`${name}: ${value}`);
	const asides = {
		"messages at the local platform": result.messages,
		"daily questions among them": result.dailyMessages,
		"in the air at a kill": result.inTheAirAtAKill,
		"moves of the clock": result.moves,
		"seconds taken": Math.round((performance.now() - begun) / 1000),
		seed: options.seed,
	};
	for (const [name, value] of Object.entries(asides)) console.log(`${name}: ${value}`);
	for (const [type, times] of [...result.treated].sort()) console.log(`requests met with ${type}: ${times}`);
	for (const row of result.believed) console.log(`of what was lost the program believes: ${row}`);
	const faults = new Map<string, number>();
	for (const fault of result.faults) {
		const [line = ""] = fault.split("\n");
		faults.set(line, (faults.get(line) ?? 0) + 1);
	}
	for (const [fault, times] of faults) console.log(`error met ${times} times: ${fault}`);
	const found = complaints(result, options);
	if (found.length > 0) {
		console.error(found.join("; "));
		process.exitCode = 1;
	}
}

const args = process.argv.slice(2);
await (args.includes("--commands") ? commands(args) : deliveries(args));

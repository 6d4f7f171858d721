/**
 * Members give commands on local platforms to a process that is killed again and again: between commit and reply, before
 * the commit, at any statement, at any moment. Effects are counted in the database, and held against what each member was
 * told last.
 *
 *     npm run chaos -- --commands --kills 100
 *     npm run chaos -- --commands --kills 20 --way slack-http --seed 7
 */
import { compileWorker, runCommandChaos, WAYS, type Way } from "../tests/support/chaos/commands/run.ts";

export interface CommandsOptions {
	/** On each way. */
	readonly kills: number;
	readonly seed: number;
	readonly ways: readonly Way[];
	readonly say?: (line: string) => void;
}

/** The ways that a name means; all without one. @throws RangeError for an unknown name */
export function waysNamed(name: string | undefined): readonly Way[] {
	const ways = WAYS.filter((way) => name === undefined || way === name);
	if (ways.length === 0) throw new RangeError(`--way is one of: ${WAYS.join(", ")}`);
	return ways;
}

/** @returns whether nothing was wrong */
export async function runCommands({ kills, seed, ways, say }: CommandsOptions): Promise<boolean> {
	const program = compileWorker();
	let isSound = true;
	try {
		for (const way of ways) {
			const begun = performance.now();
			const told = say ? { say: (line: string) => say(`${way}: ${line}`) } : {};
			const result = await runCommandChaos({ way, kills, seed, program: program.path, ...told });
			const { acts, effects, doubled, deceived, lost, toldTwice, faults } = result;
			const seconds = Math.round((performance.now() - begun) / 1000);
			console.log(
				`${way}: ${kills} kills, ${acts} commands, ${effects} with an effect, ${doubled.length} with more than one, ${lost.length} taken and lost, ${deceived.length} members believe what is not so, ${toldTwice} told twice, ${faults.length} unexpected errors, ${seconds} s`,
			);
			for (const line of [...doubled, ...lost, ...deceived, ...faults].slice(0, 20)) console.log(`  ${line}`);
			isSound &&= doubled.length + lost.length + deceived.length + faults.length === 0;
		}
	} finally {
		program.remove();
	}
	return isSound;
}

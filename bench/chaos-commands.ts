/**
 * Members give commands on local platforms to a process that is killed repeatedly: between commit and reply, before the
 * commit, at any statement, at any moment. Effects are counted in the database and compared with the
 * last reply that each member got.
 *
 *     npm run chaos -- --commands --kills 100
 *     npm run chaos -- --commands --kills 20 --setup slack-http --seed 7
 */
import { compileWorker, runCommandChaos, SETUPS, type Setup } from "../tests/support/chaos/commands/run.ts";

export interface CommandsOptions {
	/** The number of kills with each set-up. */
	readonly kills: number;
	readonly seed: number;
	readonly setups: readonly Setup[];
	readonly say?: (line: string) => void;
}

/** The set-up of that name, or all without a name. @throws RangeError for an unknown name */
export function setupsNamed(name: string | undefined): readonly Setup[] {
	const setups = SETUPS.filter((setup) => name === undefined || setup === name);
	if (setups.length === 0) throw new RangeError(`--setup is one of: ${SETUPS.join(", ")}`);
	return setups;
}

/** @returns whether nothing was wrong */
export async function runCommandsChaos({ kills, seed, setups, say }: CommandsOptions): Promise<boolean> {
	const program = compileWorker();
	let isSound = true;
	try {
		for (const setup of setups) {
			const startedAt = performance.now();
			const progress = say ? { say: (line: string) => say(`${setup}: ${line}`) } : {};
			const result = await runCommandChaos({ setup, kills, seed, program: program.path, ...progress });
			const { acts, effects, doubled, misinformed: deceived, lost, toldTwice, faults } = result;
			const seconds = Math.round((performance.now() - startedAt) / 1000);
			console.log(
				`${setup}: ${kills} kills, ${acts} commands, ${effects} with an effect, ${doubled.length} with more than one, ${lost.length} acknowledged and lost, ${deceived.length} members told the wrong result, ${toldTwice} told twice, ${faults.length} unexpected errors, ${seconds} s`,
			);
			for (const line of [...doubled, ...lost, ...deceived, ...faults].slice(0, 20)) console.log(`  ${line}`);
			isSound &&= doubled.length + lost.length + deceived.length + faults.length === 0;
		}
	} finally {
		program.remove();
	}
	return isSound;
}

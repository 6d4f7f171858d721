/**
 * Measures how well this installation has predicted its members' recall: log loss, RMSE in bins and AUC as defined by
 * open-spaced-repetition's srs-benchmark, beside two baselines, and a calibration table.
 *
 *     npm run memory
 *
 * Uses the database that the environment names, as `npm start` does. An embedded one must not be in use.
 */
import { createStore } from "../src/adapters/postgres/store.ts";
import { readConfig } from "../src/config.ts";
import type { RootStore } from "../src/core/ports/store.ts";
import {
	auc,
	calibration,
	logLoss,
	type Outcome,
	type Prediction,
	predictionsOf,
	rmseBins,
} from "../src/core/practice/accuracy.ts";
import { failureText } from "../src/run/failure.ts";
import { openDatabase } from "../src/run/open.ts";

const BATCH = 100;

async function readPredictions(store: RootStore): Promise<Prediction[]> {
	const found: Prediction[] = [];
	for (let after = 0; ; ) {
		const ids = await store.audit.membersAfter(after, BATCH);
		const last = ids.at(-1);
		if (last === undefined) return found;
		after = last;
		for (const { reviews } of await store.practice.histories(ids)) found.push(...predictionsOf(reviews));
	}
}

const say = (line: string) => process.stdout.write(`${line}\n`);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(8);

function row(name: string, outcomes: readonly Outcome[]): string {
	const area = auc(outcomes);
	const figures = [logLoss(outcomes).toFixed(4), rmseBins(outcomes).toFixed(4), area === null ? "-" : area.toFixed(4)];
	return name.padEnd(22) + figures.map((figure) => figure.padStart(12)).join("");
}

function print(predictions: readonly Prediction[]): void {
	const average = predictions.filter(({ recalled }) => recalled).length / predictions.length;
	const outcomes = (chanceOf: (prediction: Prediction) => number): Outcome[] =>
		predictions.map((prediction) => ({ ...prediction, chance: chanceOf(prediction) }));
	const ours = outcomes((prediction) => prediction.ours);
	say(`reviews: ${predictions.length}, recalled: ${percent(average).trim()}`);
	say(`${"".padEnd(22)}    log loss  RMSE(bins)         AUC`);
	say(row("ours (FSRS-6)", ours));
	say(
		row(
			"always the average",
			outcomes(() => average),
		),
	);
	say(
		row(
			"SM-2",
			outcomes(({ sm2 }) => sm2),
		),
	);
	say("\npredicted      reviews   predicted  recalled");
	for (const { from, count, predicted, recalled } of calibration(ours))
		say(
			`${from.toFixed(1)} to ${(from + 0.1).toFixed(1)} ${String(count).padStart(10)}   ${percent(predicted)}  ${percent(recalled)}`,
		);
}

async function main(): Promise<void> {
	const database = await openDatabase(readConfig(process.env));
	try {
		const predictions = await readPredictions(createStore(database.db));
		if (predictions.length === 0) say("No question has been reviewed a second time yet: there is nothing to judge.");
		else print(predictions);
	} finally {
		await database.close();
	}
}

main().catch((error: unknown) => {
	process.stderr.write(`${failureText(error)}\n`);
	process.exitCode = 1;
});

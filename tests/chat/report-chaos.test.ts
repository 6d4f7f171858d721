import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { compileReportWorker, runReportChaos } from "../support/chaos/reports/run.ts";
import type { Compiled } from "../support/compiled.ts";
import { byEffort, isQuickRun } from "../support/effort.ts";

const SIZE = byEffort({
	test: { reports: 0, kills: 0 },
	ci: { reports: 200, kills: 16 },
	full: { reports: 1_000, kills: 80 },
});

/** Far more than it takes: a busy machine is not a failure. */
const TIMEOUT = byEffort({ test: 240_000, ci: 600_000, full: 3_600_000 });

let program: Compiled;
beforeAll(() => {
	program = compileReportWorker();
});
afterAll(() => program.remove());

test.skipIf(isQuickRun)(
	`${SIZE.reports} reports while processes are killed between commit and message: each listed once, each reporter told once`,
	async () => {
		const result = await runReportChaos({
			...SIZE,
			seed: 20,
			program: program.path,
			databaseUrl: inject("postgresUrl"),
		});
		const { kills, listed, recorded, announced: told, twice, faults } = result;
		expect({ kills, listed, twice, faults }).toEqual({
			kills: SIZE.kills,
			listed: SIZE.reports,
			twice: [],
			faults: [],
		});
		const members = Array.from({ length: SIZE.reports }, (_, number) => `m${number}`);
		expect(recorded).toEqual(new Map(members.map((member) => [`This is wrong, says ${member}.`, 1])));
		expect([...told].sort()).toEqual(members.map((member) => [`home/${member}`, 1]).sort());
	},
	TIMEOUT,
);

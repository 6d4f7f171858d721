import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { LongestFirst } from "./tests/support/longest-first.ts";
import { useMemory } from "./tests/support/memory-folder.ts";
import { oldestPrograms } from "./tests/support/postgres-programs.ts";

/** Tests that start the compiled program as users do; it is built once before them. */
const PROGRAM = ["tests/terminal/**/*.test.ts", "tests/whole/**/*.test.ts"];
/** Tests with local platforms. Those of one platform share processes; no process has the clients of two platforms. */
const SLACK = ["tests/adapters/slack/**/*.test.ts", "packages/local-slack/**/*.test.ts"];
const DISCORD = ["tests/adapters/discord/**/*.test.ts", "packages/local-discord/**/*.test.ts"];
const PLATFORMS = ["tests/adapters/**/*.test.ts", "tests/run/**/*.test.ts", "packages/**/*.test.ts"];
/** Global set-up of all tests. */
const AROUND = ["tests/support/start-postgres.ts", "tests/support/search-logs.ts"];

/** What also runs on the oldest supported Postgres; everything runs on the newest. */
const ON_OLDEST = [
	"tests/contracts/opened-together.test.ts",
	"tests/contracts/store-server.test.ts",
	"tests/postgres/migrations.test.ts",
	"tests/postgres/rights.test.ts",
	"tests/whole/server.test.ts",
];
const hasOldest = oldestPrograms() !== null;

useMemory();

export default defineConfig({
	test: {
		// One more than there are cores, since many tests wait for programs and servers that they started.
		maxWorkers: availableParallelism() + 1,
		// Room for short-lived objects: collecting them took 3 to 16 % of the CPU time.
		execArgv: ["--max-semi-space-size=64"],
		sequence: { sequencer: LongestFirst },
		setupFiles: "tests/support/same-examples.ts",
		// Each project has its own module server. With this cache, others and the next run reuse what one has compiled.
		experimental: { fsModuleCache: true },
		// For machines that are busy with something else.
		testTimeout: 180_000,
		hookTimeout: 180_000,
		expect: { poll: { timeout: 100_000 } },
		projects: [
			{
				extends: true,
				test: {
					name: "parts",
					include: ["tests/**/*.test.ts"],
					exclude: [...configDefaults.exclude, ...PROGRAM, ...PLATFORMS],
					globalSetup: AROUND,
					// A process keeps what it has loaded for its next file: loading took a quarter of the time.
					isolate: false,
				},
			},
			{
				extends: true,
				test: { name: "slack", include: SLACK, globalSetup: AROUND, isolate: false },
			},
			{
				extends: true,
				test: { name: "discord", include: DISCORD, globalSetup: AROUND, isolate: false },
			},
			{
				extends: true,
				test: {
					name: "platforms",
					include: PLATFORMS,
					exclude: [...configDefaults.exclude, ...SLACK, ...DISCORD],
					globalSetup: AROUND,
					isolate: false,
				},
			},
			{
				extends: true,
				test: {
					name: "program",
					include: PROGRAM,
					globalSetup: ["tests/support/build-program.ts", ...AROUND],
					isolate: false,
				},
			},
			{
				extends: true,
				test: {
					name: "oldest-postgres",
					include: hasOldest ? ON_OLDEST : ["tests/support/without-oldest.ts"],
					globalSetup: hasOldest
						? [
								"tests/support/build-program.ts",
								"tests/support/start-oldest-postgres.ts",
								"tests/support/search-logs.ts",
							]
						: [],
				},
			},
		],
	},
});

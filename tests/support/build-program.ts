import { execFileSync } from "node:child_process";

/** Before the tests that start the program as users do: compiles it if a source is newer. */
export function setup(): void {
	execFileSync(process.execPath, ["scripts/build.mjs", "--if-stale"], { stdio: "inherit" });
}

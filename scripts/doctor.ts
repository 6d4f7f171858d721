/**
 * `npm run doctor`: finds what is wrong with an installation and prints the remedies. Exits with 1 if there is a fault.
 * `-- --settings` checks only the settings, as for a process without a terminal, and contacts nobody.
 */
import { readConfig } from "../src/config.ts";
import { UserError } from "../src/core/errors.ts";
import { diagnose } from "../src/run/doctor.ts";
import { diagnoseService } from "../src/run/doctor-settings.ts";
import { inShell } from "../src/run/shell-commands.ts";
import { runScript } from "./run-script.ts";

const SIGNS = { ok: "ok     ", warning: "warning", fault: "FAULT  " } as const;

await runScript("doctor", async () => {
	try {
		const config = readConfig(process.env);
		const found = process.argv.includes("--settings") ? diagnoseService(config) : await diagnose(config);
		for (const { name, state, detail, remedy } of found) {
			console.log(`${SIGNS[state]} ${name}: ${inShell(detail)}`);
			if (remedy !== "") console.log(`        ${inShell(remedy)}`);
		}
		if (found.some((diagnosis) => diagnosis.state === "fault")) process.exitCode = 1;
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		console.log(`${SIGNS.fault} settings: ${error.message}\n        ${error.remedy}`);
		process.exitCode = 1;
	}
});

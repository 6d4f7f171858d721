/** `npm run questions`: validates the bank and shows what it covers. */
import { faultLine, loadQuestionFiles } from "../src/adapters/files/bank.ts";
import { lintBank } from "../src/core/lint.ts";

const folder = "questions";
const only = process.argv.slice(2);
const bank = await loadQuestionFiles(folder);
const lint = lintBank(bank.questions);
const mine = (id: string) => only.length === 0 || only.includes(id);
for (const fault of bank.faults)
	if (only.length === 0 || only.some((id) => fault.file.includes(`${id}.yaml`))) console.log(faultLine(fault));
for (const fault of lint) if (mine(fault.id)) console.log(`${fault.id}: ${fault.field}: ${fault.message}`);
console.log(
	`${bank.questions.size} valid questions, ${bank.faults.length} faults in files, ${lint.length} faults of the bank`,
);

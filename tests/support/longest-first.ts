import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes minutes, the longest first. One that is missing here only ends later than it could. */
const LONGEST = [
	"postgres/failover",
	"terminal/crash",
	"terminal/input",
	"chat/daily-model",
	"slack/matrix",
	"chat/chaos",
	"service/streak-complaints",
	"service/prove",
	"postgres/backup",
	"discord/gateway",
	"questions/lifecycle",
];

function place({ moduleId }: TestSpecification): number {
	const found = LONGEST.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
	return found < 0 ? LONGEST.length : found;
}

/** Begins with the files that take longest, so that none of them is left running alone at the end. */
export class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		return (await super.sort(files)).sort((one, other) => place(one) - place(other));
	}
}

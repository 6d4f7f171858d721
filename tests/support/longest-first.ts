import { BaseSequencer, type TestSpecification } from "vitest/node";

/** What takes longest of each project, the longest first. One that is missing here only ends later than it could. */
const LONGEST = [
	"terminal/crash",
	"whole/server",
	"whole/start",
	"terminal/input",
	"postgres/failover",
	"postgres/embedded/embedded",
	"slack/matrix",
	"chat/no-answers",
	"chat/chaos",
	"chat/command-chaos",
	"postgres/backup",
	"discord/commands",
	"postgres/pooler",
	"chat/effects",
	"discord/gateway",
	"streak/prove",
	"postgres/faults",
	"tools/bank/questions",
];
/** A process is kept for the next file of its project alone: so each project's files come together, `parts` at the end. */
const PROJECTS = ["program", "oldest-postgres", "slack", "discord", "platforms", "parts"];

function place({ moduleId, project }: TestSpecification): number {
	const found = LONGEST.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
	const within = found < 0 ? LONGEST.length : found;
	return PROJECTS.indexOf(project.name) * (LONGEST.length + 1) + within;
}

/** Begins with the files that take longest, so that none of them is left running alone at the end. */
export class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		return (await super.sort(files)).sort((one, other) => place(one) - place(other));
	}
}

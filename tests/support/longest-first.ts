import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Each project's slowest files, slowest first. A file missing here merely ends later than it could. */
const SLOWEST_FILES = [
	"whole/server",
	"whole/start",
	"terminal/faults",
	"terminal/command-line",
	"terminal/input",
	"terminal/words",
	"terminal/keys",
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
/** A process is kept only for the next file of its project, so each project's files come together, `parts` last. */
const PROJECTS = ["program", "oldest-postgres", "slack", "discord", "platforms", "parts"];

function place({ moduleId, project }: TestSpecification): number {
	const found = SLOWEST_FILES.findIndex((name) => moduleId.endsWith(`${name}.test.ts`));
	const within = found < 0 ? SLOWEST_FILES.length : found;
	return PROJECTS.indexOf(project.name) * (SLOWEST_FILES.length + 1) + within;
}

/** Begins with the slowest files, so that none of them is left running alone at the end. */
export class LongestFirst extends BaseSequencer {
	override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
		return (await super.sort(files)).sort((one, other) => place(one) - place(other));
	}
}

/** Lets a member's open run ask questions that the bank no longer has. */
import type { Store } from "../../../src/core/ports/store.ts";

export async function retireQuestionsOfRun({ practice }: Pick<Store, "practice">, memberId: number): Promise<void> {
	const run = await practice.openRun(memberId);
	if (!run) throw new Error("no run is open");
	const steps = run.steps.map((step) => ({ ...step, questionId: `retired-${step.questionId}` }));
	await practice.saveRun({ ...run, steps });
}

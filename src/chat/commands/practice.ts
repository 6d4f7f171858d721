import { startRun, viewRun } from "../../core/service/practising.ts";
import type { Reply } from "../card.ts";
import { nothingCard } from "../cards/practice.ts";
import { defineCommand } from "../command.ts";
import { focusOption } from "../focus-option.ts";
import { numberOption, optional } from "../option.ts";
import { runReply } from "../practice-replies.ts";

const MAX_COUNT = 20;

export const practice = defineCommand({
	name: "practice",
	summary: "A run of questions chosen for you: what is due, what you missed, then new ones",
	wishedAs: ["session", "start", "begin", "mock interview", "rehearsal"],
	options: {
		focus: optional(focusOption()),
		count: optional(numberOption(`How many questions, 1 to ${MAX_COUNT}; 5 if left out`, 1, MAX_COUNT)),
	},
	example: "practice due 5",
	async run(context, { focus, count }): Promise<Reply> {
		const { services, asker, now } = context;
		const { view, input, resumed, replaced } = await startRun(services, asker, focus, count, now);
		if (!view) return { card: nothingCard(input, focus), data: { run: null } };
		const line = resumed
			? "Your run goes on where it was."
			: replaced
				? "Your earlier run was ended for this one."
				: null;
		return runReply(context, view, line);
	},
	async again(context, runId) {
		const { services, asker, now } = context;
		const run = runId === null ? null : await services.store.practice.run(asker.member.id, runId);
		return run && runReply(context, await viewRun(services, asker, run, now));
	},
});

import { moveRun, viewRun } from "../../core/service/practising.ts";
import { defineCommand } from "../command.ts";

import { runReply } from "../practice-replies.ts";

export const stop = defineCommand({
	name: "stop",
	summary: "End your practice run, with a summary",
	wishedAs: ["done", "finished"],
	textOnly: true,
	options: {},
	example: "stop",
	async run(context) {
		const view = await moveRun(context.services, context.asker, "stop", null, context.now);

		return runReply(context, view);
	},
	async again(context, runId) {
		const { services, asker, now } = context;
		const run = runId === null ? null : await services.store.practice.run(asker.member.id, runId);
		return run && runReply(context, await viewRun(services, asker, run, now));
	},
});

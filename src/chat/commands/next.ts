import { moveRun, viewRun } from "../../core/service/practising.ts";
import { defineCommand } from "../command.ts";
import { optional, questionOption } from "../option.ts";
import { movedReply, runReply } from "../practice-replies.ts";

export const next = defineCommand({
	name: "next",
	summary: "On to the next question of your practice run",
	wishedAs: [],
	textOnly: true,
	options: { question: optional(questionOption("The question to go on from; the current one if left out")) },
	example: "next",
	async run(context, { question }) {
		const view = await moveRun(context.services, context.asker, "next", question, context.now);
		return movedReply(context, view);
	},
	async again(context, runId) {
		const { services, asker, now } = context;
		const run = runId === null ? null : await services.store.practice.run(asker.member.id, runId);
		return run && runReply(context, await viewRun(services, asker, run, now));
	},
});

import type { Occurrence } from "../../core/model.ts";
import { NoOpenQuestion, recordSeen, todaysQuestion } from "../../core/question/asking.ts";
import { isSpoilable } from "../../core/service/revealing.ts";
import { type Block, button, type Card, instant, type Reply, type Text, titled } from "../card.ts";
import { type DailyWindow, questionCard, questionData, windowText } from "../cards/question.ts";
import { type Context, defineCommand } from "../command.ts";

/** Says whether the member can still answer the question for the streak. */
function statusText(window: DailyWindow | null, now: Date, attempted: boolean, revealed: boolean): Text {
	if (attempted) return "You have already answered this one, and it counted. Anything more is practice.";
	if (revealed) return "You have seen the answer. Anything you say now is practice.";
	return window === null ? "It is open." : windowText(window, now);
}

async function windowOf({ services, workspace }: Context, occurrence: Occurrence): Promise<DailyWindow | null> {
	const { deliveredAt, closesAt, scheduleId } = occurrence;
	if (deliveredAt === null) return null;
	const schedule = await services.store.schedules.get(workspace.id, scheduleId);
	return { deliveredAt, closesAt, next: schedule?.state === "active" ? schedule.nextRunAt : null };
}

/** Says when the next question comes. */
function waitingCard({ message, next, remedy }: NoOpenQuestion): Card {
	const text: Text = next ? ["The next one comes ", instant(next.nextRunAt, next.zone), "."] : remedy;
	const instead = [button("Practise", "practice", {}, "primary"), button("Random question", "random")];
	return {
		tone: "plain",
		title: message,
		blocks: [
			{ type: "text", text },
			{ type: "actions", buttons: [...instead, button("What I can do", "help")] },
		],
	};
}

async function todayReply(context: Context): Promise<Reply> {
	const { occurrence, question } = await todaysQuestion(context.services, context.asker, context.now);
	const { services, asker, member, workspace, now } = context;
	const open = await services.store.answers.openOccurrences(workspace.id, member.id, question.id, now);
	await recordSeen(services, asker, question, now, isSpoilable(open) ? "asked" : "shown");
	const mine = open.find((entry) => entry.occurrence.id === occurrence.id);
	const attempted = mine?.attempted ?? false;
	const compare = attempted ? [button("My answer", "compare", { question: question.id })] : [];
	const card = questionCard(question, compare);
	const window = await windowOf(context, occurrence);
	const note: Block = { type: "note", text: statusText(window, now, attempted, mine?.revealed ?? false) };
	return {
		card: {
			...card,
			title: titled(`Today's question #${occurrence.number}`, question.title),
			blocks: [...card.blocks.slice(0, -1), note, ...card.blocks.slice(-1)],
		},
		data: { ...questionData(question), number: occurrence.number, answered: attempted },
	};
}

export const today = defineCommand({
	name: "today",
	summary: "The newest open daily question",
	wishedAs: ["today's", "todays", "daily", "day"],
	showsToday: true,
	options: {},
	example: "today",
	async run(context) {
		return todayReply(context).catch((error: unknown) => {
			if (error instanceof NoOpenQuestion) return { card: waitingCard(error), data: { error: error.message } };
			throw error;
		});
	},
});

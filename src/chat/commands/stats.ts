import { countsOf } from "../../core/practice/queue.ts";
import { recallMap } from "../../core/practice/recall-map.ts";
import { Retention } from "../../core/practice/retention.ts";
import { statisticsOf } from "../../core/practice/statistics.ts";
import { bankOf } from "../../core/question/workspace-bank.ts";
import { outlook } from "../../core/service/forecasting.ts";
import { readPracticeInput } from "../../core/service/practising.ts";
import { nextBlocks, outlookBlocks } from "../cards/memory.ts";
import { statsCard } from "../cards/stats.ts";
import { defineCommand } from "../command.ts";
import { categoryOption } from "../option.ts";

export const stats = defineCommand({
	name: "stats",
	summary: "Your answers by category and difficulty, weak topics, what to practise next",
	wishedAs: ["statistics", "progress", "score", "scores", "results", "due", "doing", "ready"],
	options: { category: categoryOption() },
	example: "stats transformers",
	async run(context, { category }) {
		const { store } = context.services;
		const bank = await bankOf(context.services, context.workspace.id);
		const all = await store.answers.firstAttempts(context.member.id);
		const answers = all.filter((answer) => category === null || bank.get(answer.questionId)?.category === category);
		const statistics = statisticsOf(answers, (id) => bank.get(id));
		const input = await readPracticeInput(context.services, context.asker, null, context.now);
		const retention = new Retention(await store.practice.bookedReviews(context.member.id));
		const memory = outlook({ ...input, questions: bank.all() }, retention, all, context.member.reviewsADay);
		const questions = bank.all().filter((question) => category === null || question.category === category);
		const map = recallMap(questions, input.memories, retention, input.today);
		const weak = statistics.weakest.map(({ name }) => name);
		const { due } = countsOf(input);
		const { blocks, next } = nextBlocks(input, due, weak);
		return {
			card: statsCard(statistics, category, outlookBlocks(memory, map, category, input.today), blocks),
			data: {
				answered: statistics.answered,
				categories: statistics.categories.filter((tally) => tally.answered > 0),
				difficulties: statistics.difficulties.filter((tally) => tally.answered > 0),
				weakest: statistics.weakest,
				next: next.map((question) => question.id),
				memory: { due, recallNow: memory.recallNow, recallThen: memory.recallThen, date: memory.date },
			},
		};
	},
});

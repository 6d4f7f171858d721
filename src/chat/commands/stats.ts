import { nextToPractise, statisticsOf } from "../../core/practice/statistics.ts";
import { bankOf } from "../../core/question/workspace-bank.ts";
import { statsCard } from "../cards/stats.ts";
import { defineCommand } from "../command.ts";
import { categoryOption } from "../option.ts";

const SUGGESTIONS = 3;

export const stats = defineCommand({
	name: "stats",
	summary: "Your answers by category and difficulty, weak topics, what to practise next",
	slow: true,
	options: { category: categoryOption() },
	example: "stats transformers",
	async run(context, { category }) {
		const { store } = context.services;
		const bank = await bankOf(context.services, context.workspace.id);
		const all = await store.answers.firstAttempts(context.member.id);
		const answers = all.filter((answer) => category === null || bank.get(answer.questionId)?.category === category);
		const statistics = statisticsOf(answers, (id) => bank.get(id));
		const pool = bank.all().filter((question) => category === null || question.category === category);
		const next = nextToPractise(all, pool, statistics, SUGGESTIONS);
		return {
			card: statsCard(statistics, category, next),
			data: {
				answered: statistics.answered,
				categories: statistics.categories.filter((tally) => tally.answered > 0),
				difficulties: statistics.difficulties.filter((tally) => tally.answered > 0),
				weakest: statistics.weakest,
				next: next.map((question) => question.id),
			},
		};
	},
});

import postgres from "postgres";
import { ManualClock } from "../../src/adapters/clock.ts";
import { withDefaults } from "../../src/chat/daily/engine-options.ts";
import { settleClosed } from "../../src/chat/daily/upkeep.ts";
import type { Question } from "../../src/core/question/question.ts";
import type { Services } from "../../src/core/service/services.ts";
import { median, quantile } from "../support/figures.ts";
import { AnsweringMembers } from "./answers.ts";
import { LONG_HISTORY, OCCURRENCE_ID_STRIDE, type Population, TODAY } from "./population.ts";

/** Answers come for this many milliseconds without settling, then as long with it, and so on. */
const PHASE_MS = 3000;
const ANSWERS_PER_SECOND = 100;
const DAY = 24 * 60 * 60 * 1000;

export interface SettlingFigures {
	/** How many streaks the settlement had to check. */
	readonly members: number;
	/** How many seconds the settlement ran. */
	readonly seconds: number;
	/** p99 of all answers in milliseconds, without and with the settlement. */
	readonly quietP99: number;
	readonly settlingP99: number;
	/** The median, over all rounds, of p99 with the settlement divided by p99 without it. */
	readonly ratio: number;
	readonly rounds: number;
}

/** Posts the next day's question in the large workspace, which closes today's. */
async function postNextQuestion(url: string, { tomorrow }: Population): Promise<number> {
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	const next = new Date(TODAY.getTime() + DAY).toISOString();
	const [closing, coming] = [OCCURRENCE_ID_STRIDE + LONG_HISTORY, OCCURRENCE_ID_STRIDE + LONG_HISTORY + 1];
	try {
		await client`update occurrences set closes_at = ${next} where id = ${closing}`;
		await client`
			insert into occurrences (id, workspace_id, schedule_id, local_date, due_at, state, question_id, question_revision,
				number, delivered_at, channel_id, message_id)
			select ${coming}, workspace_id, schedule_id, local_date + 1, ${next}, state, ${tomorrow}, 1, number + 1, ${next},
				channel_id, 'next' from occurrences where id = ${closing}`;
		await client`update schedules set last_number = last_number + 1 where id = 1`;
		const [row] = await client<{ waiting: string }[]>`
			select count(*) as waiting from streaks where schedule_id = 1 and booked_to < ${LONG_HISTORY} and (current > 0 or booked > 0)`;
		return Number(row?.waiting);
	} finally {
		await client.end();
	}
}

/** Settles the large workspace's closed occurrence as the engine does, in slices, while members answer the next one. */
export async function settleWhileAnswering(
	url: string,
	services: Services,
	population: Population,
	question: Question,
): Promise<SettlingFigures> {
	const members = await postNextQuestion(url, population);
	const now = new Date(TODAY.getTime() + DAY + DAY / 24);
	const observer = { delivered: () => undefined, fault: (_what: string, error: unknown) => Promise.reject(error) };
	const clock = new ManualClock(now);
	const engineOptions = withDefaults({ services, platforms: [], clock, worker: "bench", observer });
	const answers = new AnsweringMembers(services, population, question, now, population.bigWorkspace);
	const [quiet, busy, ratios]: [number[], number[], number[]] = [[], [], []];
	let seconds = 0;
	while ((await services.store.occurrences.toSettle(now, 1)).length > 0) {
		const withoutSettling = await answers.answerAtRate(ANSWERS_PER_SECOND, PHASE_MS);
		let stopped = false;
		const startedAt = performance.now();
		const settling = settleClosed(
			engineOptions,
			() => stopped,
			() => undefined,
		).then(() => {
			seconds += (performance.now() - startedAt) / 1000;
		});
		let ended = false;
		settling.then(
			() => {
				ended = true;
			},
			() => undefined,
		);
		const withSettling = await answers.answerAtRate(ANSWERS_PER_SECOND, PHASE_MS, () => ended);
		stopped = true;
		await settling;
		quiet.push(...withoutSettling);
		busy.push(...withSettling);
		ratios.push(quantile(withSettling, 0.99) / quantile(withoutSettling, 0.99));
	}
	return {
		members,
		seconds,
		quietP99: quantile(quiet, 0.99),
		settlingP99: quantile(busy, 0.99),
		ratio: median(ratios),
		rounds: ratios.length,
	};
}

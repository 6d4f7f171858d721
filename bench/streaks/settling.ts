import postgres from "postgres";
import { ManualClock } from "../../src/adapters/clock.ts";
import { withDefaults } from "../../src/chat/daily/engine-options.ts";
import { settleClosed } from "../../src/chat/daily/upkeep.ts";
import type { Question } from "../../src/core/question/question.ts";
import type { Services } from "../../src/core/service/services.ts";
import { median, quantile } from "../support/figures.ts";
import { Answers } from "./answers.ts";
import { LONG, type Population, STRIDE, TODAY } from "./population.ts";

/** Milliseconds during which answers come with the settlement, then as long without it, in turns. */
const SLICE = 3000;
const PER_SECOND = 100;
const DAY = 24 * 60 * 60 * 1000;

export interface SettlingFigures {
	readonly members: number;
	/** How many seconds the settlement ran while answers came. */
	readonly seconds: number;
	/** p99 of answers in milliseconds, without and with the settlement, over all slices. */
	readonly usual: number;
	readonly meanwhile: number;
	/** The median of the rounds' ratios of the second to the first. */
	readonly ratio: number;
	readonly rounds: number;
}

/** Posts the next day's question in the large workspace, which closes today's. */
async function postNext(url: string, { tomorrow }: Population): Promise<number> {
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	const next = new Date(TODAY.getTime() + DAY).toISOString();
	const [closing, coming] = [STRIDE + LONG, STRIDE + LONG + 1];
	try {
		await client`update occurrences set closes_at = ${next} where id = ${closing}`;
		await client`
			insert into occurrences (id, workspace_id, schedule_id, local_date, due_at, state, question_id, question_revision,
				number, delivered_at, channel_id, message_id)
			select ${coming}, workspace_id, schedule_id, local_date + 1, ${next}, state, ${tomorrow}, 1, number + 1, ${next},
				channel_id, 'next' from occurrences where id = ${closing}`;
		await client`update schedules set last_number = last_number + 1 where id = 1`;
		const [row] = await client<{ waiting: string }[]>`
			select count(*) as waiting from streaks where schedule_id = 1 and booked_to < ${LONG} and (current > 0 or booked > 0)`;
		return Number(row?.waiting);
	} finally {
		await client.end();
	}
}

/** Settles the large workspace's closed occurrence as the engine does, in slices, while members answer the next one. */
export async function settleMeanwhile(
	url: string,
	services: Services,
	population: Population,
	question: Question,
): Promise<SettlingFigures> {
	const members = await postNext(url, population);
	const now = new Date(TODAY.getTime() + DAY + DAY / 24);
	const observer = { delivered: () => undefined, fault: (_what: string, error: unknown) => Promise.reject(error) };
	const clock = new ManualClock(now);
	const parts = withDefaults({ services, platforms: [], clock, worker: "bench", observer });
	const answers = new Answers(services, population, question, now, population.big);
	const [quiet, busy, ratios]: [number[], number[], number[]] = [[], [], []];
	let seconds = 0;
	while ((await services.store.occurrences.toSettle(now, 1)).length > 0) {
		const usual = await answers.onTime(PER_SECOND, SLICE);
		let stopped = false;
		const begun = performance.now();
		const settling = settleClosed(
			parts,
			() => stopped,
			() => undefined,
		).then(() => {
			seconds += (performance.now() - begun) / 1000;
		});
		let ended = false;
		settling.then(
			() => {
				ended = true;
			},
			() => undefined,
		);
		const meanwhile = await answers.onTime(PER_SECOND, SLICE, () => ended);
		stopped = true;
		await settling;
		quiet.push(...usual);
		busy.push(...meanwhile);
		ratios.push(quantile(meanwhile, 0.99) / quantile(usual, 0.99));
	}
	return {
		members,
		seconds,
		usual: quantile(quiet, 0.99),
		meanwhile: quantile(busy, 0.99),
		ratio: median(ratios),
		rounds: ratios.length,
	};
}

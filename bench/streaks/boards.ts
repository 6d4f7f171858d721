import type { Services } from "../../src/core/service/services.ts";
import { boardPage } from "../../src/core/streak/boards.ts";
import { currentStreaks } from "../../src/core/streak/current-board.ts";
import { median, quantile, timed } from "../support/figures.ts";
import { askerOf, memberAtStep, type Population, SMALL_WORKSPACE } from "./population.ts";

const ROUNDS = 7;
const READS_PER_ROUND = 60;

/** Milliseconds of each read in one round, from the large workspace and from the small one. */
interface Round {
	readonly large: number[];
	readonly small: number[];
}

export interface BoardFigures {
	readonly page: Comparison;
	readonly topTen: Comparison;
	readonly ownRank: Comparison;
}

/** Reads of the large and of the small workspace, in milliseconds. */
export interface Comparison {
	readonly large: { readonly p50: number; readonly p99: number };
	readonly small: { readonly p50: number; readonly p99: number };
	/** The large workspace's median, divided by the small one's. */
	readonly ratio: number;
}

const percentiles = (figures: readonly number[]) => ({ p50: median(figures), p99: quantile(figures, 0.99) });

/** Reads from the large workspace and the small one in turn, so that both are measured on the same machine. */
export async function compare(read: (workspaceId: number, turn: number) => Promise<unknown>): Promise<Comparison> {
	const rounds: Round[] = [];
	for (let turn = 0; turn < READS_PER_ROUND; turn += 1) await read(1 + (turn % 2), turn);
	for (let round = 0; round < ROUNDS; round += 1) {
		const times: Round = { large: [], small: [] };
		for (let turn = 0; turn < READS_PER_ROUND; turn += 1) {
			times.large.push(await timed(() => read(1, turn)));
			times.small.push(await timed(() => read(2, turn)));
		}
		rounds.push(times);
	}
	return {
		large: percentiles(rounds.flatMap((round) => round.large)),
		small: percentiles(rounds.flatMap((round) => round.small)),
		ratio: median(rounds.map((round) => median(round.large) / median(round.small))),
	};
}

/** Reads the boards of current streaks. */
export async function readBoards(services: Services, population: Population, now: Date): Promise<BoardFigures> {
	const { boards } = services.store;
	const scopeOf = (workspaceId: number) => ({ workspaceId, scheduleId: workspaceId });
	const memberIn = (workspaceId: number, turn: number) =>
		workspaceId === 1
			? memberAtStep(turn, population.bigWorkspace)
			: population.bigWorkspace + memberAtStep(turn, SMALL_WORKSPACE);
	const page = await compare((workspaceId, turn) => {
		const asker = askerOf(population, memberIn(workspaceId, turn));
		return boardPage(services, asker, scopeOf(workspaceId), "current", null, 0, now);
	});
	const streaksOf = async (workspaceId: number, turn: number) =>
		currentStreaks(services.store, scopeOf(workspaceId), memberIn(workspaceId, turn), now);
	const topTen = await compare(async (workspaceId, turn) =>
		boards.currentTop((await streaksOf(workspaceId, turn)).current, 0, 10),
	);
	const ownRank = await compare(async (workspaceId, turn) => {
		const { current, own } = await streaksOf(workspaceId, turn);
		return boards.currentAbove(current, own);
	});
	return { page, topTen, ownRank };
}

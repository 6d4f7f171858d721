import type { Services } from "../../src/core/service/services.ts";
import { boardPage } from "../../src/core/streak/boards.ts";
import { currentStreaks } from "../../src/core/streak/current-board.ts";
import { median, quantile, timed } from "../support/figures.ts";
import { askerOf, type Population, SMALL } from "./population.ts";

const ROUNDS = 7;
const EACH = 60;

/** Milliseconds of one kind of read, in the large workspace and in the small one. */
interface Reading {
	readonly large: number[];
	readonly small: number[];
}

export interface BoardFigures {
	/** p50 and p99 in milliseconds, and the ratio of the large workspace's median to the small one's. */
	readonly page: Figures;
	readonly topTen: Figures;
	readonly ownRank: Figures;
}

export interface Figures {
	readonly large: { readonly p50: number; readonly p99: number };
	readonly small: { readonly p50: number; readonly p99: number };
	readonly ratio: number;
}

const both = (figures: readonly number[]) => ({ p50: median(figures), p99: quantile(figures, 0.99) });

/** Reads from the large workspace and the small one in turn, so that both are measured on the same machine. */
export async function compare(read: (workspaceId: number, turn: number) => Promise<unknown>): Promise<Figures> {
	const rounds: Reading[] = [];
	for (let warm = 0; warm < EACH; warm += 1) await read(1 + (warm % 2), warm);
	for (let round = 0; round < ROUNDS; round += 1) {
		const reading: Reading = { large: [], small: [] };
		for (let turn = 0; turn < EACH; turn += 1) {
			reading.large.push(await timed(() => read(1, turn)));
			reading.small.push(await timed(() => read(2, turn)));
		}
		rounds.push(reading);
	}
	return {
		large: both(rounds.flatMap((round) => round.large)),
		small: both(rounds.flatMap((round) => round.small)),
		ratio: median(rounds.map((round) => median(round.large) / median(round.small))),
	};
}

/** Reads the boards of current streaks. */
export async function readBoards(services: Services, population: Population, now: Date): Promise<BoardFigures> {
	const { boards } = services.store;
	const scopeOf = (workspaceId: number) => ({ workspaceId, scheduleId: workspaceId });
	const memberIn = (workspaceId: number, turn: number) =>
		workspaceId === 1 ? 1 + ((turn * 7_919) % population.big) : population.big + 1 + ((turn * 7_919) % SMALL);
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

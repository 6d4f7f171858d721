import type { Schedule } from "../../core/model.ts";
import { boardPage, evaluatedStreaks, isOwnChannel, periodStart, schedulesHere } from "../../core/streak/boards.ts";
import { withoutDeparted } from "../../core/streak/departures.ts";
import { type Inline, plain, type Reply } from "../card.ts";
import { leaderboardCard, ownRankCard, periodOf } from "../cards/leaderboard.ts";
import { type Context, defineCommand } from "../command.ts";
import { choiceOption, numberOption, optional } from "../option.ts";

/** How long a platform may take to say who has left, in milliseconds. After that the board shows everybody. */
const PRESENCE_TIMEOUT = 1_200;

/** The schedule for a channel's board: the one with the asker's best streak, or else the oldest. */
async function scheduleMeant(context: Context): Promise<Schedule | null> {
	const { store } = context.services;
	const here = await schedulesHere(store, context.asker);
	if (!isOwnChannel(here, context.asker)) return null;
	if (here.length === 1) return here[0] ?? null;
	const rows = await evaluatedStreaks(store, context.member.id, context.now);
	const best = rows.find(({ row }) => row.current > 0 && here.some((schedule) => schedule.id === row.scheduleId));
	return here.find((schedule) => schedule.id === best?.row.scheduleId) ?? here[0] ?? null;
}

async function whoLeft({ platform, workspace }: Context, ids: readonly string[]): Promise<ReadonlySet<string>> {
	const signal = AbortSignal.timeout(PRESENCE_TIMEOUT);
	return (await platform.whoLeft?.(workspace.externalId, ids, signal)) ?? new Set();
}

export const leaderboard = defineCommand({
	name: "leaderboard",
	summary: "Who keeps going: the top ten, and your own rank privately",
	wishedAs: ["rank", "ranking", "rankings", "leaders", "leading", "winning", "winner"],
	audience: "channel",
	replacesCard: "page",
	options: {
		board: optional(
			choiceOption("Which board; current streaks if left out", ["current", "longest", "answered", "accuracy"]),
		),
		period: optional(
			choiceOption("For answered and accuracy; season for current too", ["week", "month", "season", "all"]),
		),
		scope: optional(choiceOption("This channel's daily question, or the whole workspace", ["here", "workspace"])),
		page: optional(numberOption("Page, ten members each", 1, 10_000)),
	},
	example: "leaderboard answered week",
	async run(context, options): Promise<Reply> {
		const board = options.board ?? "current";
		const requested = options.period ?? "all";
		const period = periodOf(board, requested);
		const scope = options.scope ?? "here";
		const schedule = scope === "here" ? await scheduleMeant(context) : null;
		const since = periodStart(period, schedule?.zone ?? "UTC", context.now);
		const choice = { board, period, scope, page: (options.page ?? 1) - 1 };
		const within = { workspaceId: context.workspace.id, scheduleId: schedule?.id ?? null };
		const { services, asker, now } = context;
		const draw = () => boardPage(services, asker, within, board, since, choice.page, now);
		const page = await withoutDeparted(services, asker, draw, (ids) => whoLeft(context, ids), now);
		const rows = page.rows.map((row) => ({ rank: row.rank, member: row.name, value: row.value }));
		const where: Inline = schedule
			? { type: "channel", id: schedule.channelId, name: schedule.channelName }
			: plain(context.workspace.name || "this workspace");
		return {
			audience: "channel",
			card: leaderboardCard(where, choice, requested, page),
			data: { board, rows },
			followUp: {
				card: ownRankCard(board, page.own, context.member.hidden),
				data: { board, own: page.own },
			},
		};
	},
});

import { eq, sql } from "drizzle-orm";
import * as schema from "../../../../drizzle/schema.ts";
import type { Db } from "../../../../src/adapters/postgres/db.ts";
import type { Act, Peer } from "./peer.ts";

const { reports, answers, schedules } = schema;

/** Words of a reply by which a member believes that the command was saved, or was not. */
const SAVED = /Thank you for the report|Compare · |Schedule #\d+ is set|Saved: | was saved/;
const NOT_SAVED = /Not saved: | was not saved|Nothing was (saved|changed|recorded|done)/;

/** What a member was told last; null if nothing said how their command ended. */
export function lastTold(texts: readonly string[]): "saved" | "not saved" | null {
	const results = texts.flatMap((text) => {
		if (NOT_SAVED.test(text)) return ["not saved" as const];
		return SAVED.test(text) ? ["saved" as const] : [];
	});
	return results.at(-1) ?? null;
}

export interface Verdict {
	readonly acts: number;
	/** How many acts had an effect. */
	readonly effects: number;
	/** Acts with more than one effect. */
	readonly doubled: readonly string[];
	/** Acts whose member was told the wrong result, with what they were told. */
	readonly misinformed: readonly string[];
	/** On Slack: acts that the program acknowledged but that have no effect. */
	readonly lost: readonly string[];
	/** How many acts were reported as saved more than once. */
	readonly toldTwice: number;
}

async function countsOf(db: Db): Promise<(act: Act, channel: string) => number> {
	const count = sql<number>`count(*)`.mapWith(Number);
	const [texts, answered, set] = await Promise.all([
		db.select({ mark: reports.text, count }).from(reports).groupBy(reports.text),
		db.select({ mark: answers.text, count }).from(answers).where(eq(answers.kind, "text")).groupBy(answers.text),
		db.select({ mark: schedules.channelId, count }).from(schedules).groupBy(schedules.channelId),
	]);
	const byMark = (rows: readonly { mark: string | null; count: number }[]) =>
		new Map(rows.map((row) => [row.mark ?? "", row.count]));
	const [reported, said, inChannel] = [byMark(texts), byMark(answered), byMark(set)];
	return (act, channel) => {
		if (act.type === "schedule") return inChannel.get(channel) ?? 0;
		return (act.type === "report" ? reported : said).get(act.mark) ?? 0;
	};
}

/** Compares what members were told with the database. */
export async function judge(db: Db, peer: Peer, acts: readonly Act[], isExact: boolean): Promise<Verdict> {
	const countOf = await countsOf(db);
	const doubled: string[] = [];
	const misinformed: string[] = [];
	const lost: string[] = [];
	let [effects, toldTwice] = [0, 0];
	for (const act of acts) {
		const { mark } = act;
		const count = countOf(act, peer.channelOf(mark));
		const texts = peer.told(mark);
		const lastResult = lastTold(texts);
		const name = `${act.type} ${mark}: ${count} in the database, told ${lastResult ?? "nothing"}`;
		if (count > 0) effects += 1;
		if (count > 1) doubled.push(name);
		if ((lastResult === "saved") !== count > 0) misinformed.push(`${name}: ${texts.join(" | ").slice(0, 400)}`);
		if (isExact && peer.wasTaken(mark) && count === 0) lost.push(name);
		if (texts.filter((text) => SAVED.test(text)).length > 1) toldTwice += 1;
	}
	return { acts: acts.length, effects, doubled, misinformed, lost, toldTwice };
}

/** Converts rows of memories and runs to and from the rules' types. */
import { sql } from "drizzle-orm";
import type { memories, practiceRuns } from "../../../drizzle/schema.ts";
import type { Grade } from "../../core/model.ts";
import type { Memory, Reviewed } from "../../core/practice/memory.ts";
import type { PracticeRun } from "../../core/practice/run.ts";
import type { Db } from "./db.ts";

type MemoryRow = typeof memories.$inferSelect;

function stateOf(stability: number | null, difficulty: number | null, on: string | null): Reviewed | null {
	return stability === null || difficulty === null || on === null ? null : { stability, difficulty, on };
}

export function memoryOf(row: MemoryRow): Memory {
	const { workspaceId, memberId, questionId, revision, grade, answerId, untickedOn, dueOn } = row;
	return {
		workspaceId,
		memberId,
		questionId,
		revision,
		state: stateOf(row.stability, row.difficulty, row.reviewedOn),
		before: stateOf(row.stabilityBefore, row.difficultyBefore, row.reviewedBefore),
		grade,
		answerId,
		untickedOn,
		dueOn,
	};
}

/** A member's memories as JSON, column by column: row by row takes the server half as long again. */
export const memoryColumns = sql`json_build_array(json_agg(question_id), json_agg(revision),
	json_agg(stability), json_agg(difficulty), json_agg(reviewed_on),
	json_agg(stability_before), json_agg(difficulty_before), json_agg(reviewed_before),
	json_agg(grade), json_agg(answer_id), json_agg(unticked_on), json_agg(due_on))`;

export type MemoryColumns = readonly [
	/** Null, like all columns, when the member has no memory. */
	questionId: readonly string[] | null,
	revision: readonly number[],
	stability: readonly (number | null)[],
	difficulty: readonly (number | null)[],
	reviewedOn: readonly (string | null)[],
	stabilityBefore: readonly (number | null)[],
	difficultyBefore: readonly (number | null)[],
	reviewedBefore: readonly (string | null)[],
	grade: readonly (Grade | null)[],
	answerId: readonly (number | null)[],
	untickedOn: readonly (string | null)[],
	dueOn: readonly string[],
];

export function memoriesOfColumns(workspaceId: number, memberId: number, columns: MemoryColumns): Memory[] {
	const [questionIds, revision, stability, difficulty, reviewedOn, ...rest] = columns;
	const [stabilityBefore, difficultyBefore, reviewedBefore, grade, answerId, untickedOn, dueOn] = rest;
	return (questionIds ?? []).map((questionId, at) => ({
		workspaceId,
		memberId,
		questionId,
		revision: revision[at] ?? 0,
		state: stateOf(stability[at] ?? null, difficulty[at] ?? null, reviewedOn[at] ?? null),
		before: stateOf(stabilityBefore[at] ?? null, difficultyBefore[at] ?? null, reviewedBefore[at] ?? null),
		grade: grade[at] ?? null,
		answerId: answerId[at] ?? null,
		untickedOn: untickedOn[at] ?? null,
		dueOn: dueOn[at] ?? "",
	}));
}

/** A memory as JSON, under the columns' own names. */
export function givenMemory(memory: Memory) {
	return {
		member_id: memory.memberId,
		question_id: memory.questionId,
		workspace_id: memory.workspaceId,
		revision: memory.revision,
		stability: memory.state?.stability ?? null,
		difficulty: memory.state?.difficulty ?? null,
		reviewed_on: memory.state?.on ?? null,
		stability_before: memory.before?.stability ?? null,
		difficulty_before: memory.before?.difficulty ?? null,
		reviewed_before: memory.before?.on ?? null,
		grade: memory.grade,
		answer_id: memory.answerId,
		unticked_on: memory.untickedOn,
		due_on: memory.dueOn,
	};
}

/** The end of an insert that replaces stored memories by the given ones. */
export const replacingMemories = sql`
	on conflict (member_id, question_id) do update set
		revision = excluded.revision, stability = excluded.stability, difficulty = excluded.difficulty,
		reviewed_on = excluded.reviewed_on, stability_before = excluded.stability_before,
		difficulty_before = excluded.difficulty_before, reviewed_before = excluded.reviewed_before,
		grade = excluded.grade, answer_id = excluded.answer_id, unticked_on = excluded.unticked_on,
		due_on = excluded.due_on`;

export async function saveMemories(db: Db, memories: readonly Memory[]): Promise<void> {
	if (memories.length === 0) return;
	await db.execute(sql`
		insert into memories
		select given.* from json_populate_recordset(
			null::memories, ${JSON.stringify(memories.map(givenMemory))}::text::json) as given
		${replacingMemories}`);
}

export const runOf = ({ steps, ...row }: typeof practiceRuns.$inferSelect): PracticeRun => ({ ...row, steps });

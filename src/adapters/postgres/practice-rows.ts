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

/** A memory's fields as a JSON array: a row as an object takes the server three times as long. */
export const memoryFields = sql`json_build_array(workspace_id, member_id, question_id, revision,
	stability, difficulty, reviewed_on, stability_before, difficulty_before, reviewed_before,
	grade, answer_id, unticked_on, due_on)`;

export type MemoryFields = readonly [
	workspaceId: number,
	memberId: number,
	questionId: string,
	revision: number,
	stability: number | null,
	difficulty: number | null,
	reviewedOn: string | null,
	stabilityBefore: number | null,
	difficultyBefore: number | null,
	reviewedBefore: string | null,
	grade: Grade | null,
	answerId: number | null,
	untickedOn: string | null,
	dueOn: string,
];

export function memoryOfFields(fields: MemoryFields): Memory {
	const [workspaceId, memberId, questionId, revision, stability, difficulty, reviewedOn, ...rest] = fields;
	const [stabilityBefore, difficultyBefore, reviewedBefore, grade, answerId, untickedOn, dueOn] = rest;
	return {
		workspaceId,
		memberId,
		questionId,
		revision,
		state: stateOf(stability, difficulty, reviewedOn),
		before: stateOf(stabilityBefore, difficultyBefore, reviewedBefore),
		grade,
		answerId,
		untickedOn,
		dueOn,
	};
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

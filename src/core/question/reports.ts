import { enqueue } from "../daily/enqueue.ts";
import { platformOf } from "../daily/occurrences.ts";
import { FinalError } from "../errors.ts";
import type { Items } from "../ports/cleanup.ts";
import type { Report, ReportDecision } from "../ports/reports.ts";
import type { Asker, ReadServices, Services } from "../service/services.ts";
import type { Question } from "./question.ts";

/** Reports closed in one transaction. */
const BATCH = 50;

/** Files a member's report, and tells the admins about the first report on a question's revision. @returns its number */
export function fileReport(
	services: ReadServices,
	{ workspace, member }: Asker,
	question: Question,
	text: string,
	now: Date,
): Promise<number> {
	return services.transaction(
		async (tx) => {
			const { people, reports } = tx.store;
			// Reports are filed one at a time, so that two reports on one question see each other.
			await people.lockWorkspace(workspace.id);
			const { id: questionId, revision } = question;
			const author = { workspaceId: workspace.id, memberId: member.id };
			const report = await reports.add({ ...author, questionId, revision, text, at: now });
			if (report.repeatOf !== null) return report.id;
			const { id: workspaceId, platform } = workspace;
			await enqueue(tx, platform, { kind: "report", workspaceId, report: report.id }, now);
			return report.id;
		},
		(id) => id,
	);
}

/** Records a decision on a locked report, and enqueues a message to each reporter. Runs inside a transaction. */
async function settleReport(tx: Services, report: Report, decision: ReportDecision): Promise<void> {
	const { id, workspaceId } = report;
	const members = await tx.store.reports.decide(workspaceId, id, decision);
	const platform = await platformOf(tx, workspaceId);
	for (const memberId of members)
		await enqueue(tx, platform, { kind: "report-outcome", workspaceId, memberId, report: id }, decision.at);
}

const DECIDED: Readonly<Record<Exclude<Report["state"], "open">, string>> = {
	accepted: "accepted",
	declined: "declined",
	duplicate: "marked as a duplicate",
	corrected: "settled by a new revision",
};

/**
 * Records an admin's decision on an open report. One transaction.
 * @param reason why it is declined; null for the other decisions
 * @throws UserError when there is no such report, or it is already decided
 */
export function decideReport(
	services: ReadServices,
	{ workspace, member }: Asker,
	id: number,
	state: "accepted" | "declined" | "duplicate",
	reason: string | null,
	now: Date,
): Promise<Report> {
	return services.transaction(
		async (tx) => {
			const report = await tx.store.reports.lock(workspace.id, id);
			if (!report || report.repeatOf !== null)
				throw new FinalError(
					`There is no report #${id} here. Nothing was changed.`,
					"`/nlpq reports` lists the open ones with their numbers.",
				);
			if (report.state !== "open") {
				const decider = report.decidedBy === null ? null : await tx.store.people.member(report.decidedBy);
				const by = decider && decider.id !== member.id ? "by another admin" : "already";
				throw new FinalError(
					`Report #${id} was ${DECIDED[report.state]} ${by}. Nothing was changed.`,
					"`/nlpq reports` lists what is still open.",
				);
			}
			await settleReport(tx, report, { state, reason, decidedBy: member.id, at: now });
			return { ...report, state, reason, decidedBy: member.id, decidedAt: now };
		},
		(report) => report.id,
	);
}

/** Closes reports on questions that have been revised since, and tells the reporters. @returns how many it closed */
export async function closeOutdated(tx: Services, now: Date, items: Items): Promise<number> {
	const outdated = await tx.store.reports.outdated(BATCH, items.failed);
	for (const report of outdated) {
		items.begin(report.id);
		await settleReport(tx, report, { state: "corrected", reason: null, decidedBy: null, at: now });
	}
	return outdated.length;
}

/** Closes a workspace's reports on its own question after a revision. Runs inside a transaction. */
export async function settleReportsOn(
	tx: Services,
	workspaceId: number,
	questionId: string,
	revision: number,
	now: Date,
): Promise<void> {
	for (const report of await tx.store.reports.openBelow(workspaceId, questionId, revision))
		await settleReport(tx, report, { state: "corrected", reason: null, decidedBy: null, at: now });
}

import type { AnswerStore } from "./answers.ts";
import type { BankStore } from "./bank.ts";
import type { BoardStore } from "./boards.ts";
import type { OccurrenceStore } from "./occurrences.ts";
import type { OwnStore } from "./own.ts";
import type { PeopleStore } from "./people.ts";
import type { PracticeStore } from "./practice.ts";
import type { RecapStore } from "./recaps.ts";
import type { ReportStore } from "./reports.ts";
import type { ScheduleStore } from "./schedules.ts";
import type { StreakStore } from "./streaks.ts";

/**
 * Writes that record that a member was seen or saw something. They may run outside a command's transaction, because
 * repeating one cannot make a reply wrong.
 */
type Sightings = "enter" | "ensureWorkspace" | "ensureMember" | "noteDepartures";

/**
 * The store methods that a command may use outside a transaction: reads and sightings. Every other method is a write.
 */
export interface Reads {
	readonly people: Pick<
		PeopleStore,
		| Sightings
		| "findWorkspace"
		| "workspace"
		| "lastWorkspaceOf"
		| "externalIds"
		| "findMember"
		| "findMemberByName"
		| "member"
		| "awayDates"
		| "admins"
		| "exportMember"
	>;
	readonly bank: Pick<BankStore, "revision">;
	readonly own: Omit<OwnStore, "hold" | "keepImport" | "takeImport" | "forgetImports">;
	readonly recaps: Pick<RecapStore, "week">;
	readonly reports: Pick<ReportStore, "get" | "list" | "count" | "words">;
	readonly answers: Pick<
		AnswerStore,
		| "recordSeen"
		| "openOccurrences"
		| "answer"
		| "latestAnswer"
		| "latestAttempt"
		| "occurrenceOf"
		| "history"
		| "historyLength"
		| "firstAttempts"
		| "seenLately"
		| "countAnswered"
	>;
	readonly practice: Pick<
		PracticeStore,
		| "memory"
		| "memories"
		| "dates"
		| "context"
		| "bookedReviews"
		| "askedAt"
		| "practiceReveal"
		| "openRun"
		| "latestRun"
		| "run"
	>;
	readonly streaks: Pick<
		StreakStore,
		"get" | "ofMember" | "ofMembers" | "occurrencesAfter" | "marks" | "ledgerOf" | "ledgerOfSchedule"
	>;
	readonly boards: BoardStore;
	readonly schedules: Pick<ScheduleStore, "get" | "list" | "counts" | "inChannel">;
	readonly occurrences: Pick<
		OccurrenceStore,
		"get" | "unclosed" | "closedLately" | "ofDate" | "waiting" | "open" | "hasAttempts" | "since" | "sinceFor"
	>;
}

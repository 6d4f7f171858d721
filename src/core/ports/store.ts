import type { AnswerStore } from "./answers.ts";
import type { AuditStore } from "./audit.ts";
import type { BankStore } from "./bank.ts";
import type { BoardStore } from "./boards.ts";
import type { CleanupStore } from "./cleanup.ts";
import type { CoordinationStore } from "./coordination.ts";
import type { DeliveryStore } from "./deliveries.ts";
import type { InteractionStore } from "./interactions.ts";
import type { OccurrenceStore } from "./occurrences.ts";
import type { OwnStore } from "./own.ts";
import type { PeopleStore } from "./people.ts";
import type { PracticeStore } from "./practice.ts";
import type { RecapStore } from "./recaps.ts";
import type { ReminderStore } from "./reminders.ts";
import type { ReportStore } from "./reports.ts";
import type { ScheduleStore } from "./schedules.ts";
import type { StreakStore } from "./streaks.ts";

/**
 * All stored data. One implementation serves both databases. Every query on a member's behalf names the workspace, or a
 * member, who belongs to exactly one workspace.
 */
export interface Store {
	readonly people: PeopleStore;
	readonly bank: BankStore;
	readonly own: OwnStore;
	readonly reports: ReportStore;
	readonly recaps: RecapStore;
	readonly answers: AnswerStore;
	readonly practice: PracticeStore;
	readonly streaks: StreakStore;
	readonly boards: BoardStore;
	readonly audit: AuditStore;
	readonly schedules: ScheduleStore;
	readonly occurrences: OccurrenceStore;
	readonly deliveries: DeliveryStore;
	readonly reminders: ReminderStore;
	readonly running: CoordinationStore;
	readonly interactions: InteractionStore;
	readonly cleanup: CleanupStore;
}

/** The store on the database itself, where transactions begin. */
export interface RootStore extends Store {
	/** Runs `work` in one transaction and rolls back if it throws. Inside, use only the given store. */
	transaction<T>(work: (store: Store) => Promise<T>): Promise<T>;
	/** Resolves when every statement made before has been sent, in that order. */
	sent(): Promise<void>;
}

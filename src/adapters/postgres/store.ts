import type { RootStore, Store } from "../../core/ports/store.ts";
import { PostgresAnswers } from "./answers.ts";
import { PostgresBank } from "./bank.ts";
import { PostgresBoards } from "./boards.ts";
import { PostgresCoordination } from "./coordination.ts";
import type { Db } from "./db.ts";
import { PostgresDeliveries } from "./deliveries.ts";
import { PostgresInteractions } from "./interactions.ts";
import { PostgresAudit } from "./maintenance/audit.ts";
import { PostgresCleanup } from "./maintenance/cleanup.ts";
import { PostgresOccurrences } from "./occurrences.ts";
import { PostgresOwn } from "./own.ts";
import { PostgresPeople } from "./people.ts";
import { PostgresPractice } from "./practice.ts";
import { PostgresRecaps } from "./recaps.ts";
import { PostgresReminders } from "./reminders.ts";
import { PostgresReports } from "./reports.ts";
import { PostgresSchedules } from "./schedules.ts";
import { PostgresStreaks } from "./streaks.ts";

function partsOn(db: Db): Store {
	return {
		people: new PostgresPeople(db),
		bank: new PostgresBank(db),
		own: new PostgresOwn(db),
		reports: new PostgresReports(db),
		recaps: new PostgresRecaps(db),
		answers: new PostgresAnswers(db),
		practice: new PostgresPractice(db),
		streaks: new PostgresStreaks(db),
		boards: new PostgresBoards(db),
		audit: new PostgresAudit(db),
		schedules: new PostgresSchedules(db),
		occurrences: new PostgresOccurrences(db),
		deliveries: new PostgresDeliveries(db),
		reminders: new PostgresReminders(db),
		running: new PostgresCoordination(db),
		interactions: new PostgresInteractions(db),
		cleanup: new PostgresCleanup(db),
	};
}

/** Creates the store on a database; PGlite and Postgres share the code. */
export function createStore(db: Db): RootStore {
	return {
		...partsOn(db),
		transaction: (work) => db.transaction((transaction) => work(partsOn(transaction))),
		// Between making a statement and sending it, there are only microtasks.
		sent: () => new Promise((resolve) => setImmediate(resolve)),
	};
}

import { afterAll, beforeAll, beforeEach, describe } from "vitest";
import type { TestDatabase } from "../support/embedded.ts";
import { answersContract } from "./store/answers.ts";
import { attemptsContract } from "./store/attempts.ts";
import { auditContract } from "./store/audit.ts";
import { bankContract } from "./store/bank.ts";
import { boardsContract } from "./store/boards.ts";
import { catalogContract } from "./store/catalog.ts";
import { cleanupContract } from "./store/cleanup.ts";
import { countedBoardsContract } from "./store/counted-boards.ts";
import { dailyBatchesContract } from "./store/daily-batches.ts";
import { deliveriesContract } from "./store/deliveries.ts";
import { erasureContract } from "./store/erasure.ts";
import { StoreFixture } from "./store/fixture.ts";
import { interactionsContract } from "./store/interactions.ts";
import { occurrencesContract } from "./store/occurrences.ts";
import { peopleContract } from "./store/people.ts";
import { planningContract } from "./store/planning.ts";
import { practiceContract } from "./store/practice.ts";
import { remindersContract } from "./store/reminders.ts";
import { reportsContract } from "./store/reports.ts";
import { runningContract } from "./store/running.ts";
import { schedulesContract } from "./store/schedules.ts";
import { streaksContract } from "./store/streaks.ts";

/** What every database must do for the program: the whole store port, on an empty database each time. */
export function storeContract(name: string, open: () => Promise<TestDatabase>): void {
	describe(`the store on ${name}`, () => {
		let database: TestDatabase | null = null;
		const fixture = new StoreFixture(() => {
			if (!database) throw new Error("the database is not open");
			return database;
		});
		beforeAll(async () => {
			database = await open();
		});
		beforeEach(() => database?.clear());
		afterAll(() => database?.close());

		peopleContract(fixture);
		bankContract(fixture);
		reportsContract(fixture);
		answersContract(fixture);
		attemptsContract(fixture);
		practiceContract(fixture);
		streaksContract(fixture);
		boardsContract(fixture);
		countedBoardsContract(fixture);
		schedulesContract(fixture);
		occurrencesContract(fixture);
		deliveriesContract(fixture);
		dailyBatchesContract(fixture);
		planningContract(fixture);
		remindersContract(fixture);
		runningContract(fixture);
		interactionsContract(fixture);
		auditContract(fixture);
		erasureContract(fixture);
		catalogContract(fixture);
		cleanupContract(fixture);
	});
}

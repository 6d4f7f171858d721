import type {
	Answer,
	Delivery,
	DeliveryKind,
	Grade,
	LedgerKind,
	Member,
	NewAnswer,
	Occurrence,
	Schedule,
	Workspace,
} from "./model.ts";
import type { InteractionStore } from "./ports/interactions.ts";
import type { Question } from "./question.ts";
import type { NumberRange, ScheduleWindows } from "./standing.ts";
import type { AwayDate } from "./streak.ts";

/** The program's clock. Rules take `now`; only those who start something read it. */
export interface Clock {
	now(): Date;
}

/** Uniform in [0, 1). */
export type Random = () => number;

/**
 * Everything that is kept. One implementation serves both databases; every query on a member's behalf
 * carries the workspace or the member, who belongs to one.
 */
export interface Store {
	readonly people: PeopleStore;
	readonly bank: BankStore;
	readonly answers: AnswerStore;
	readonly streaks: StreakStore;
	readonly boards: BoardStore;
	readonly audit: AuditStore;
	readonly schedules: ScheduleStore;
	readonly occurrences: OccurrenceStore;
	readonly deliveries: DeliveryStore;
	readonly reminders: ReminderStore;
	readonly running: RunningStore;
	readonly interactions: InteractionStore;
	readonly cleanup: CleanupStore;
}

/** The store on the database itself, where transactions begin. */
export interface RootStore extends Store {
	/** Runs work in one transaction and rolls it back when work throws. Inside, only the given store may be used. */
	transaction<T>(work: (store: Store) => Promise<T>): Promise<T>;
}

export interface MemberSettings {
	readonly hidden?: boolean;
	readonly milestonesPublic?: boolean;
	readonly reminderHours?: number | null;
}

export interface PeopleStore {
	/** The workspace of an installation; made at first sight, its name kept current. A removal before `now` is over. */
	ensureWorkspace(platform: string, externalId: string, name: string, now: Date): Promise<Workspace>;
	findWorkspace(platform: string, externalId: string): Promise<Workspace | null>;
	workspace(id: number): Promise<Workspace | null>;
	/** The workspace that a person used last on a platform. */
	lastWorkspaceOf(platform: string, memberExternalId: string): Promise<Workspace | null>;
	/** A workspace, held until the transaction ends, and when a member used it last; null without one. */
	lockWorkspace(id: number): Promise<{ workspace: Workspace; usedAt: Date | null } | null>;
	/** The installation is gone: its data is due for deletion. */
	removeWorkspace(id: number, at: Date): Promise<void>;
	/** The installation is there again. */
	restoreWorkspace(id: number): Promise<void>;
	/** True for whoever is the first to guide a workspace's admins: that comes once, for good. */
	guide(id: number, at: Date): Promise<boolean>;
	/** The admin who gave an admin's command last, by the id on the platform. */
	lastAdmin(workspaceId: number): Promise<string | null>;
	setLastAdmin(platform: string, workspaceExternalId: string, externalId: string): Promise<void>;
	/** The member of a person; made at first sight, the name kept current. */
	ensureMember(workspaceId: number, externalId: string, name: string, now: Date): Promise<Member>;
	findMember(workspaceId: number, externalId: string): Promise<Member | null>;
	/** By name, in any case; null when none or several bear it. */
	findMemberByName(workspaceId: number, name: string): Promise<Member | null>;
	member(id: number): Promise<Member | null>;
	/**
	 * Holds the member, and with it all of the member's streaks, until the transaction ends: one thing at a time.
	 * @throws UserError when the member was forgotten meanwhile
	 */
	lockMember(id: number): Promise<void>;
	changeSettings(memberId: number, settings: MemberSettings): Promise<void>;
	setLastQuestion(memberId: number, questionId: string): Promise<void>;
	awayDates(memberId: number): Promise<AwayDate[]>;
	addAwayDates(workspaceId: number, memberId: number, dates: readonly string[], now: Date): Promise<void>;
	withdrawAwayDates(memberId: number, dates: readonly string[], now: Date): Promise<void>;
	admins(workspaceId: number): Promise<string[]>;
	setAdmin(workspaceId: number, externalId: string, admin: boolean): Promise<void>;
	/** All rows of a member, by table, for the export. */
	exportMember(memberId: number): Promise<Record<string, unknown[]>>;
	/** Erases a member from every table, and remembers the erasure as a salted hash. */
	eraseMember(memberId: number, now: Date): Promise<void>;
}

export interface BankStore {
	/** Brings the tables to the files' state: new revisions are added, missing questions retired. */
	synchronise(questions: readonly Question[], now: Date): Promise<{ added: number; revised: number; retired: number }>;
	/** A question as it was at a revision; also of a retired one. */
	revision(questionId: string, revision: number): Promise<Question | null>;
	addReport(
		workspaceId: number,
		memberId: number,
		questionId: string,
		revision: number,
		text: string,
		at: Date,
	): Promise<number>;
	report(id: number): Promise<{ questionId: string; text: string; memberId: number } | null>;
}

/** An occurrence whose window is open, with what it already is to the member who asks. */
export interface OpenOccurrence {
	readonly occurrence: Occurrence;
	readonly attempted: boolean;
	readonly revealed: boolean;
}

/** A streak and what its schedule has brought above the row's `bookedTo`. */
export interface StreakGround {
	readonly row: StreakRow;
	/** Numbered ones, ascending. */
	readonly occurrences: readonly Occurrence[];
	readonly marks: MemberMarks;
}

/** What an answer to a question meets. */
export interface AnswerGround {
	/** The member's latest answer to the question. */
	readonly latest: Pick<Answer, "id" | "at" | "kind" | "grade"> | null;
	/** When the member last took the hint. */
	readonly hintedAt: Date | null;
	/** Open occurrences of the question in the workspace, newest first, held against a change of their question. */
	readonly open: readonly OpenOccurrence[];
	/** The member's streaks in their schedules; a schedule without one has no attempt of the member yet. */
	readonly streaks: readonly StreakGround[];
}

/** What is to be kept of an answer. */
export interface AnswerRecord {
	readonly answer: NewAnswer & { readonly grade: Grade | null };
	/** Occurrences at which it is an attempt; their posts' counts are brought up to date from `countFrom` on. */
	readonly attempts: readonly Occurrence[];
	readonly countFrom: Date;
	/** An earlier answer whose grade this one changes. */
	readonly regraded: { readonly answerId: number; readonly grade: Grade } | null;
}

export interface AnswerStore {
	/** Open occurrences of a question in a workspace at an instant, as one member stands to them. */
	openOccurrences(workspaceId: number, memberId: number, questionId: string, at: Date): Promise<OpenOccurrence[]>;
	/** All that an answer needs to know, at once; the member must be held. */
	ground(workspaceId: number, memberId: number, questionId: string, at: Date): Promise<AnswerGround>;
	/** Keeps an answer and its attempts; returns its number. The member must be held. */
	record(record: AnswerRecord): Promise<number>;
	addReveal(memberId: number, occurrence: Occurrence, at: Date): Promise<void>;
	/** Another question has taken the occurrence's place: nobody has seen its answer. */
	clearReveals(occurrenceId: number): Promise<void>;
	answer(memberId: number, answerId: number): Promise<Answer | null>;
	latestAnswer(memberId: number, questionId: string): Promise<Answer | null>;
	/** The latest answer that was an attempt. */
	latestAttempt(memberId: number, questionId: string): Promise<Answer | null>;
	setGrade(answerId: number, points: readonly number[] | null, grade: Grade): Promise<void>;
	/** Marks the answer as shared; false when it already was. */
	setShared(answerId: number, at: Date): Promise<boolean>;
	/** The newest occurrence that the answer was an attempt at. */
	occurrenceOf(answerId: number): Promise<Occurrence | null>;
	/** Newest first. */
	history(memberId: number, offset: number, limit: number): Promise<{ answer: Answer; attempt: boolean }[]>;
	historyLength(memberId: number): Promise<number>;
	/** The first answer to each question, for statistics. */
	firstAttempts(
		memberId: number,
	): Promise<{ questionId: string; revision: number; correct: boolean | null; grade: Grade | null; at: Date }[]>;
	meet(workspaceId: number, memberId: number, questionId: string, at: Date, hinted: boolean): Promise<void>;
	/** Ids of the questions that a member met last, newest first. */
	metLately(memberId: number, limit: number): Promise<string[]>;
	/** How many have answered an occurrence, erased members included. */
	countAnswered(occurrenceId: number): Promise<number>;
}

export interface StreakRow {
	readonly memberId: number;
	readonly scheduleId: number;
	readonly workspaceId: number;
	readonly current: number;
	readonly longest: number;
	readonly answered: number;
	readonly freezes: number;
	readonly booked: number;
	readonly bookedTo: number;
	readonly firstNumber: number;
	/** Number of the newest occurrence that the member attempted. */
	readonly latestNumber: number;
}

export interface LedgerEntry {
	readonly memberId: number;
	readonly scheduleId: number;
	readonly workspaceId: number;
	readonly number: number;
	readonly localDate: string;
	readonly kind: LedgerKind;
	readonly freezes: number;
	readonly current: number;
	readonly at: Date;
}

/** What the fold needs of members in one schedule, beyond a number. */
export interface MemberMarks {
	readonly memberId: number;
	readonly attempted: readonly number[];
	readonly repaired: readonly number[];
	readonly away: readonly AwayDate[];
}

/** Streaks that are changed together. */
export interface StreakBatch {
	/** Ascending by member. */
	readonly rows: readonly StreakRow[];
	/** The member after whom to go on. */
	readonly through: number;
	readonly last: boolean;
}

export interface StreakStore {
	/** Null before the first attempt. */
	get(memberId: number, scheduleId: number): Promise<StreakRow | null>;
	/** Keeps rows, and with them their members' records in the workspace. The members must be held. */
	save(rows: readonly StreakRow[]): Promise<void>;
	ofMember(memberId: number): Promise<StreakRow[]>;
	ofMembers(memberIds: readonly number[]): Promise<StreakRow[]>;
	/** Living streaks after a member's id that are not yet booked up to a number, held until the transaction ends. */
	holdLiving(scheduleId: number, afterMember: number, limit: number, below: number): Promise<StreakBatch>;
	/** Numbered occurrences above a number, ascending. */
	occurrencesAfter(scheduleId: number, number: number): Promise<Occurrence[]>;
	marks(scheduleId: number, memberIds: readonly number[], afterNumber: number): Promise<MemberMarks[]>;
	addLedger(entries: readonly LedgerEntry[]): Promise<void>;
	clearLedger(memberId: number, scheduleId: number): Promise<void>;
	/** Newest first. */
	ledgerOf(memberId: number, limit: number): Promise<LedgerEntry[]>;
	ledgerOfSchedule(memberId: number, scheduleId: number): Promise<LedgerEntry[]>;
	/** Records milestones; returns those that are new. */
	addMilestones(
		workspaceId: number,
		memberId: number,
		scheduleId: number,
		values: readonly number[],
		at: Date,
	): Promise<number[]>;
	addRepair(workspaceId: number, memberId: number, occurrenceId: number, at: Date): Promise<void>;
	/** Recomputes the members' records from their streaks. The members must be held. */
	refreshStandings(memberIds: readonly number[]): Promise<void>;
}

/** One member in one schedule. */
export type Pair = Pick<StreakRow, "memberId" | "scheduleId" | "workspaceId">;

/** A member whose lines on the boards are not what the streaks say. */
export interface StandingCheck {
	readonly memberId: number;
	/** A headline without any streak. */
	readonly surplus: boolean;
}

/** Verifying and mending what is kept of streaks beside the facts that they follow from; across workspaces. */
export interface AuditStore {
	/** Ids of members above an id, ascending; without those of workspaces that are being deleted. */
	membersAfter(after: number, limit: number): Promise<number[]>;
	/** In which schedules members have attempts. */
	attemptedPairs(memberIds: readonly number[]): Promise<Pair[]>;
	/** By member, schedule and number. */
	ledgerOf(memberIds: readonly number[]): Promise<LedgerEntry[]>;
	/** Members whose headline, name or visibility on boards differs from what their streaks and their own row say. */
	wrongStandings(memberIds: readonly number[]): Promise<StandingCheck[]>;
	/** Removes a streak that has no attempt. The member must be held. */
	drop(memberId: number, scheduleId: number): Promise<void>;
	/** Brings name and visibility on boards to the member's own. The member must be held. */
	mendLines(memberId: number, surplus: boolean): Promise<void>;
}

export type Board = "current" | "longest" | "answered" | "accuracy";
/** Boards whose stored values are right whatever has been settled. */
export type StoredBoard = Exclude<Board, "current">;

/** A schedule's boards, or the workspace's. */
export type BoardScope = { readonly workspaceId: number; readonly scheduleId: number | null };

export interface BoardRow {
	readonly memberId: number;
	readonly name: string;
	/** A count, or for accuracy a share from 0 to 1. */
	readonly value: number;
	readonly longest: number;
}

/** A member's own place on a board. */
export interface OwnPlace {
	readonly value: number;
	/** How many visible members stand above it. */
	readonly above: number;
}

/** A streak whose stored value was in doubt, as the rules see it. */
export interface JudgedStreak {
	readonly memberId: number;
	readonly scheduleId: number;
	readonly value: number;
}

/** Current streaks as they stand at an instant: rows that are right as they are stored, and those that were judged. */
export interface CurrentStreaks {
	readonly standing: readonly NumberRange[];
	readonly judged: readonly JudgedStreak[];
}

export interface BoardStore {
	/** Where the windows of the scope's living schedules stand. */
	windows(scope: BoardScope, now: Date): Promise<ScheduleWindows[]>;
	/**
	 * Visible living streaks that do not hold through a number, and may stand all the same: those of members who attempted
	 * a later one, or were away on one of the dates; null: all of them.
	 */
	doubtful(scheduleId: number, through: number, dates: readonly string[] | null): Promise<StreakRow[]>;
	/** Visible members by their best current streak, highest first, that streak's longest and the name ordering ties. */
	currentTop(current: CurrentStreaks, offset: number, limit: number): Promise<BoardRow[]>;
	/** How many visible members have a current streak above a value. */
	currentAbove(current: CurrentStreaks, value: number): Promise<number>;
	/** Visible members by the stored value, highest first, longest and name ordering ties. */
	top(scope: BoardScope, board: StoredBoard, since: Date | null, offset: number, limit: number): Promise<BoardRow[]>;
	/** How many visible members stand above a value. */
	countAbove(scope: BoardScope, board: StoredBoard, since: Date | null, value: number): Promise<number>;
	/** A member's place, hidden or not; null without a value. */
	place(scope: BoardScope, board: StoredBoard, since: Date | null, memberId: number): Promise<OwnPlace | null>;
	/** Members who attempted the newest occurrence, and those who attempted any of the last ones of its schedule. */
	participation(scheduleId: number, lastOccurrences: number): Promise<{ today: number; active: number } | null>;
}

export type NewSchedule = Pick<
	Schedule,
	| "workspaceId"
	| "channelId"
	| "channelName"
	| "localTime"
	| "zone"
	| "weekdays"
	| "categories"
	| "difficulties"
	| "nextRunAt"
	| "createdAt"
>;
export type ScheduleChanges = Partial<Omit<Schedule, "id" | "workspaceId" | "createdAt">>;

/** A schedule locked until the transaction ends. There is no other way to change one, so no change is lost. */
export interface HeldSchedule {
	/** The row as it stands now, including what this transaction has changed. */
	readonly row: Schedule;
	/** @returns the row afterwards */
	change(changes: ScheduleChanges): Promise<Schedule>;
}

export interface OccurrenceCounts {
	readonly delivered: number;
	readonly skipped: number;
	readonly unknown: number;
	readonly last: Occurrence | null;
}

/** A schedule that has fallen due. */
export interface DueSchedule {
	readonly id: number;
	readonly workspaceId: number;
	readonly platform: string;
	/** How many of its workspace wait or fall due before it. */
	readonly turn: number;
}

/** Where a schedule posts, by the platform's own ids. */
export interface PlacedSchedule {
	readonly id: number;
	readonly workspaceExternalId: string;
	readonly channelId: string;
	readonly channelName: string;
}

export interface ScheduleStore {
	add(schedule: NewSchedule): Promise<Schedule>;
	/** One of the workspace's schedules, removed ones too. */
	get(workspaceId: number, id: number): Promise<Schedule | null>;
	/** Oldest first, without the removed ones unless told. */
	list(workspaceId: number, withRemoved?: boolean): Promise<Schedule[]>;
	/** Any schedule, held until the transaction ends; null when another holds it, unless told to wait. */
	lock(id: number, wait?: boolean): Promise<HeldSchedule | null>;
	/** The engine's: schedules whose next instant or end of pause has come, by turn, but for some. */
	due(now: Date, limit: number, without?: readonly number[]): Promise<DueSchedule[]>;
	/** The engine's: the schedule of an occurrence, held until the transaction ends. */
	lockOf(occurrenceId: number): Promise<HeldSchedule | null>;
	/** The engine's: the earliest instant at which any schedule of a platform runs or resumes. */
	nextInstant(platform: string): Promise<Date | null>;
	counts(scheduleId: number): Promise<OccurrenceCounts>;
	/** The doctor's: active schedules of a platform's workspaces that have not removed us, newest first. */
	active(platform: string, limit: number): Promise<PlacedSchedule[]>;
	/** Active schedules of a channel that is gone or closed to us. */
	inChannel(workspaceId: number, channelId: string): Promise<Schedule[]>;
}

export type NewOccurrence = Pick<
	Occurrence,
	| "workspaceId"
	| "scheduleId"
	| "localDate"
	| "dueAt"
	| "state"
	| "questionId"
	| "questionRevision"
	| "channelId"
	| "fault"
>;
export type OccurrenceChanges = Partial<Omit<Occurrence, "id" | "workspaceId" | "scheduleId" | "localDate">>;

export interface OccurrenceStore {
	/** Records an occurrence; null when the schedule's date is already used. */
	add(occurrence: NewOccurrence): Promise<Occurrence | null>;
	get(id: number): Promise<Occurrence | null>;
	change(id: number, changes: OccurrenceChanges): Promise<void>;
	/** The row held until the transaction ends, so that no attempt joins it meanwhile. */
	lock(id: number): Promise<Occurrence | null>;
	/** Numbered occurrences below a number whose closing is not yet known. */
	unclosed(scheduleId: number, below: number): Promise<Occurrence[]>;
	ofDate(scheduleId: number, localDate: string): Promise<Occurrence | null>;
	/** Those of a schedule that wait for their send, or for its outcome. */
	waiting(scheduleId: number): Promise<Occurrence[]>;
	/** Open ones of a workspace, or of one of its channels, newest first. */
	open(workspaceId: number, channelId: string | null, at: Date): Promise<Occurrence[]>;
	/** The engine's: closed by an instant and not yet settled, in order of their closing; not where all is being deleted. */
	toSettle(now: Date, limit: number, withoutSchedules?: readonly number[]): Promise<Occurrence[]>;
	/** The engine's: the earliest closing ahead on a platform. */
	nextClosing(platform: string, after: Date): Promise<Date | null>;
	/** Asks for the post's answered count to be brought up to date. */
	requestCount(occurrenceId: number, notBefore: Date): Promise<void>;
	/** The engine's: takes requests that are due, each for one process, which has until `until` before another may. */
	takeCountRequests(
		platform: string,
		now: Date,
		until: Date,
		limit: number,
		without?: readonly number[],
	): Promise<number[]>;
	/** The request is served; whoever answered meanwhile has waited for this, or asks anew. */
	endCountRequest(occurrenceId: number): Promise<void>;
	hasAttempts(occurrenceId: number): Promise<boolean>;
	/** Of a schedule since a local date, for the picture of the last weeks. */
	since(scheduleId: number, localDate: string): Promise<Occurrence[]>;
}

export interface NewDelivery {
	readonly workspaceId: number;
	readonly platform: string;
	readonly kind: DeliveryKind;
	readonly key: string;
	readonly occurrenceId: number | null;
	readonly memberId: number | null;
	readonly facts: Readonly<Record<string, string | number>>;
	readonly turn: number;
	readonly dueAt: Date;
	readonly expiresAt: Date;
}

export type DeliveryChanges = Partial<
	Pick<Delivery, "state" | "nextTryAt" | "tries" | "sendBegunAt" | "messageId" | "fault" | "dueAt" | "expiresAt">
>;

/** Who claims what. */
export interface Claim {
	readonly platform: string;
	readonly worker: string;
	readonly now: Date;
	/** How long the claim holds, by the database's clock. */
	readonly leaseSeconds: number;
	readonly limit: number;
	/** Workspaces that are to wait. */
	readonly without: readonly number[];
}

export interface DeliveryStore {
	/** Adds a delivery unless its key is taken; true when it is new. */
	add(delivery: NewDelivery): Promise<boolean>;
	/** Claims deliveries whose time has come, by turn; each claim raises the fence. */
	claim(claim: Claim): Promise<Delivery[]>;
	/**
	 * Notes that a send begins, and renews the lease from now on by the database's clock. False when the claim was
	 * lost or the delivery has expired: then nothing may be sent.
	 */
	beginSend(delivery: Delivery, now: Date, leaseSeconds: number): Promise<boolean>;
	/** Writes if the fence is still the claim's and gives up the lease unless told to keep it; false when it was lost. */
	change(delivery: Delivery, changes: DeliveryChanges, keepLease?: boolean): Promise<boolean>;
	get(id: number): Promise<Delivery | null>;
	byKey(key: string): Promise<Delivery | null>;
	/** Takes back an occurrence's delivery of which no send is in the air; false when there is none. */
	cancel(occurrenceId: number, kind: DeliveryKind, reason: string): Promise<boolean>;
	/** Lets a delivery of which nobody knows whether it arrived be looked up, and never sent again. */
	expire(occurrenceId: number, kind: DeliveryKind, at: Date): Promise<void>;
	/** Instant at which the oldest waiting delivery of a platform fell due; null when none waits. */
	oldestWaiting(platform: string, now: Date): Promise<Date | null>;
	/** The earliest try ahead on a platform. */
	nextTry(platform: string): Promise<Date | null>;
}

/** A nudge that is due. */
export interface Reminder {
	readonly memberId: number;
	readonly workspaceId: number;
	readonly occurrenceId: number;
	readonly questionId: string;
}

export interface ReminderStore {
	/** The engine's: members whose window closes within the hours that they asked for, not answered, not nudged today. */
	due(platform: string, now: Date, limit: number, withoutMembers?: readonly number[]): Promise<Reminder[]>;
	/** True for whoever nudges the member first on a UTC date. */
	claim(memberId: number, date: string): Promise<boolean>;
	/** The engine's: the earliest nudge ahead on a platform. */
	next(platform: string, after: Date): Promise<Date | null>;
	/** False once the member has answered. */
	stillWanted(memberId: number, occurrenceId: number): Promise<boolean>;
}

/**
 * Deletes what is no longer to be kept, at most `limit` rows a call, so that a transaction is short whatever the size.
 * Every method returns how many rows went: 0 when there is nothing to do.
 */
export interface CleanupStore {
	/** Deliveries that were done before an instant, but for what makes a daily question come once. */
	deliveries(before: Date, limit: number): Promise<number>;
	/** A workspace that was removed before an instant, and whose deletion has not begun; null when none waits. */
	removedWorkspace(before: Date): Promise<number | null>;
	/** From here on nobody finds the workspace: whoever comes back begins with an empty one. */
	beginDeletion(workspaceId: number, at: Date): Promise<void>;
	/** Rows of a workspace whose deletion has begun; the workspace's own goes last. */
	workspaceRows(limit: number): Promise<number>;
}

export interface RunningStore {
	/** True for whoever uses a key first. */
	firstSight(key: string, now: Date): Promise<boolean>;
	/** Takes or keeps a lease by the database's clock; null when another holds it. */
	takeLease(name: string, holder: string, seconds: number): Promise<{ fence: number } | null>;
	giveUpLease(name: string, holder: string): Promise<void>;
	/**
	 * Reserves the next `wanted` sends of a budget that all processes share, by the database's clock.
	 * @returns milliseconds until the first may leave; the others follow it, each 1000 / `perSecond` later
	 */
	takeSends(name: string, wanted: number, perSecond: number): Promise<number>;
	/** The database's own time; also shows that it answers. */
	databaseTime(): Promise<Date>;
}

import type { Command } from "../command.ts";
import { answer } from "./answer.ts";
import { check } from "./check.ts";
import { compare } from "./compare.ts";
import { help } from "./help.ts";
import { hint } from "./hint.ts";
import { history } from "./history.ts";
import { leaderboard } from "./leaderboard.ts";
import { next } from "./next.ts";
import { practice } from "./practice.ts";
import { questionsAdd, questionsEdit, questionsRetire, questionsShow } from "./questions-change.ts";
import { questionsAccept, questionsDecline } from "./questions-decide.ts";
import { questionsExport } from "./questions-export.ts";
import { questionsImport } from "./questions-import.ts";
import { questionsList } from "./questions-list.ts";
import { questionsWaiting } from "./questions-waiting.ts";
import { random } from "./random.ts";
import { rate } from "./rate.ts";
import { report } from "./report.ts";
import { reportsAccept, reportsDecline, reportsDuplicate } from "./reports-decide.ts";
import { reportsAll, reportsOpen } from "./reports-list.ts";
import { reveal } from "./reveal.ts";
import { scheduleAdd } from "./schedule-add.ts";
import { scheduleAdmins } from "./schedule-admins.ts";
import { scheduleEdit } from "./schedule-edit.ts";
import { scheduleList } from "./schedule-list.ts";
import { schedulePause } from "./schedule-pause.ts";
import { schedulePost } from "./schedule-post.ts";
import { scheduleRemove } from "./schedule-remove.ts";
import { scheduleRepair } from "./schedule-repair.ts";
import { scheduleResume } from "./schedule-resume.ts";
import { scheduleSettle } from "./schedule-settle.ts";
import { scheduleTest } from "./schedule-test.ts";
import { search } from "./search.ts";
import { settingsAway } from "./settings-away.ts";
import { settingsExport } from "./settings-export.ts";
import { settingsForget } from "./settings-forget.ts";
import { settingsInterview } from "./settings-interview.ts";
import { settingsLeaderboard } from "./settings-leaderboard.ts";
import { settingsMilestones } from "./settings-milestones.ts";
import { settingsReminders } from "./settings-reminders.ts";
import { settingsShow } from "./settings-show.ts";
import { share } from "./share.ts";
import { show } from "./show.ts";
import { skip } from "./skip.ts";
import { stats } from "./stats.ts";
import { stop } from "./stop.ts";
import { streak } from "./streak.ts";
import { suggest } from "./suggest.ts";
import { today } from "./today.ts";

/** Every command, in the order of help. A new command needs a file and a line here. */
export const COMMANDS: readonly Command[] = [
	today,
	random,
	practice,
	show,
	search,
	answer,
	check,
	hint,
	reveal,
	rate,
	next,
	skip,
	stop,
	share,
	compare,
	report,
	suggest,
	streak,
	leaderboard,
	stats,
	history,
	settingsShow,
	settingsAway,
	settingsLeaderboard,
	settingsReminders,
	settingsInterview,
	settingsMilestones,
	settingsExport,
	settingsForget,
	help,
	scheduleAdd,
	scheduleList,
	scheduleEdit,
	schedulePause,
	scheduleResume,
	scheduleRemove,
	scheduleTest,
	schedulePost,
	scheduleSettle,
	scheduleRepair,
	scheduleAdmins,
	questionsList,
	questionsShow,
	questionsAdd,
	questionsEdit,
	questionsRetire,
	questionsWaiting,
	questionsImport,
	questionsExport,
	questionsAccept,
	questionsDecline,
	reportsOpen,
	reportsAll,
	reportsAccept,
	reportsDecline,
	reportsDuplicate,
];

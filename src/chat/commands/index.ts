import type { Command } from "../command.ts";
import { answer } from "./answer.ts";
import { check } from "./check.ts";
import { help } from "./help.ts";
import { hint } from "./hint.ts";
import { leaderboard } from "./leaderboard.ts";
import { random } from "./random.ts";
import { rate } from "./rate.ts";
import { reveal } from "./reveal.ts";
import { search } from "./search.ts";
import { show } from "./show.ts";
import { streak } from "./streak.ts";
import { today } from "./today.ts";

/** Every command, in the order of help. A new one is a file and a line here. */
export const COMMANDS: readonly Command[] = [
	today,
	random,
	show,
	search,
	answer,
	check,
	hint,
	reveal,
	rate,
	streak,
	leaderboard,
	help,
];

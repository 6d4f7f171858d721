import { fstatSync } from "node:fs";
import type { ReadStream } from "node:tty";
import { UserError } from "../core/errors.ts";

/** How long an open pipe may stay silent before it counts as in use, in milliseconds. */
const PIPE_TIMEOUT = 300;

/** Whether the standard input is closed or has nothing to read: /dev/null, an empty file. */
function isSilent(): boolean {
	try {
		const input = fstatSync(0);
		return input.isCharacterDevice() || (input.isFile() && input.size === 0);
	} catch {
		return true;
	}
}

/** Whether an input ends before any data arrives. An open input that waits has not ended. */
function endsAtOnce(input: ReadStream): Promise<boolean> {
	return new Promise((resolve) => {
		const settle = (ended: boolean) => {
			clearTimeout(timer);
			input.off("readable", look).off("end", end).off("error", end);
			resolve(ended);
		};
		const look = () => {
			const first: Buffer | string | null = input.read();
			if (first === null) return;
			input.unshift(first);
			settle(false);
		};
		const end = () => settle(true);
		const timer = setTimeout(() => settle(false), PIPE_TIMEOUT);
		input.on("readable", look).on("end", end).on("error", end);
	});
}

/**
 * Without this check a service that starts without a platform would write a terminal's workspace into a shared database,
 * end, and be restarted for ever. @throws UserError when the standard input is closed
 */
export async function demandTerminal(): Promise<void> {
	if (process.stdin.isTTY) return;
	if (!isSilent() && !(await endsAtOnce(process.stdin))) return;
	throw new UserError(
		"There is nothing to serve: no chat platform is set up, and nobody is at a terminal. Nothing was changed.",
		"Set DISCORD_TOKEN, or SLACK_BOT_TOKEN and SLACK_APP_TOKEN (README.md, Settings), or start nlpq in a terminal.",
	);
}

/** The tests' secrets, and anything that looks like one. */
const SECRETS = [
	/xox[a-z]-\w+/,
	/xapp-\d\S+/,
	/local-bot-token/,
	/k1:[A-Za-z0-9+/=]{20,}/,
	// An address with a password, unless it is masked or our own example.
	/:\/\/(?!user:password@)[^\s:@/"]+:(?!\*)[^\s@/"]+@/,
];
/** Fragments of what the tests' members write: answers and searches. */
const SECRET_WORDS = [
	/honest attempt/i,
	/keeps keys/i,
	/\*weighs\*/,
	/late but said/i,
	/round \d+ line \d+/,
	/drop table/i,
	/unclosed/,
	/attention cache/i,
];

/** The lines of a log that contain a secret or a member's free text. */
export function leaksIn(log: string): string[] {
	return log.split("\n").filter((line) => [...SECRETS, ...SECRET_WORDS].some((mark) => mark.test(line)));
}

/** What the tests use as secrets, and anything of that shape. */
const SECRETS = [
	/xox[a-z]-\w+/,
	/xapp-\d\S+/,
	/local-bot-token/,
	/k1:[A-Za-z0-9+/=]{20,}/,
	// An address with its password, unless it is masked or our own example.
	/:\/\/(?!user:password@)[^\s:@/"]+:(?!\*)[^\s@/"]+@/,
];
/** What the tests' members write: answers, searches, names of what they look for. */
const WORDS = [
	/honest attempt/i,
	/keeps keys/i,
	/\*weighs\*/,
	/late but said/i,
	/round \d+ line \d+/,
	/drop table/i,
	/unclosed/,
	/attention cache/i,
];

/** Lines of a log that hold a secret, or a member's free text. */
export function leaksIn(log: string): string[] {
	return log.split("\n").filter((line) => [...SECRETS, ...WORDS].some((mark) => mark.test(line)));
}

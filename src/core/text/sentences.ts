/** Adds a full stop if the text has no end mark. */
export function asSentence(text: string): string {
	const trimmed = text.trim();
	return trimmed === "" || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Makes text fit at the end of another sentence: "The bot is gone." becomes "the bot is gone". */
export function asClause(text: string): string {
	const trimmed = text.trim().replace(/\.$/, "");
	// Keep the capitals of "OK", "URL" and the platforms' names.
	return /^[A-Z][a-z]/.test(trimmed) && !/^(Slack|Discord)/.test(trimmed)
		? `${trimmed[0]?.toLowerCase()}${trimmed.slice(1)}`
		: trimmed;
}

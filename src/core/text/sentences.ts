/** Text that ends as a sentence does. */
export function asSentence(text: string): string {
	const trimmed = text.trim();
	return trimmed === "" || /[.!?…]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** Text as the end of another sentence: "The bot is gone." becomes "the bot is gone". */
export function asClause(text: string): string {
	const trimmed = text.trim().replace(/\.$/, "");
	// "OK" or "URL" keeps its capitals.
	return /^[A-Z][a-z]/.test(trimmed) && !/^(Slack|Discord)/.test(trimmed)
		? `${trimmed[0]?.toLowerCase()}${trimmed.slice(1)}`
		: trimmed;
}

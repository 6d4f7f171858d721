/** A word as Americans spell it, which is how the bank and the commands are written: "behavioural", "tokenisation". */
export const inAmerican = (text: string): string =>
	text.replace(/(?<=\w{3})our(?=al|s?\b)/gi, "or").replace(/(?<=\w{3})is(?=ation|e[drs]?\b|ing\b)/gi, "iz");

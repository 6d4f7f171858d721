import type { Call } from "../../chat/card.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { ManualClock } from "../clock.ts";

/** A call as one would type it. */
export const typedAs = ({ command, options }: Call): string =>
	[command, ...Object.entries(options).flatMap(([name, value]) => (name === "ask" ? [] : [value]))].join(" ");

/** What only a terminal understands, for the end of the help. */
export function hereToo(clock: Clock): string {
	const moving = clock instanceof ManualClock ? " `/clock +1d` moves the clock on." : "";
	return `\nHere too: a number or its words pick an action, \`again\` takes up an unfinished text, \`open\` a folded answer, \`quit\` leaves.${moving}`;
}

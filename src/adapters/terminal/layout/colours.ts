import type { Card } from "../../../chat/card.ts";

/**
 * Parameters of the escape sequences, all legible on light and on dark: no yellow, cyan or grey, which vanish on white,
 * and no blue, which vanishes on black.
 */
const CODES = { bold: 1, italic: 3, red: 31, green: 32, magenta: 35 } as const;
export type Colour = keyof typeof CODES;
export type Paint = (text: string, colour: Colour) => string;

/** How texts are coloured; without colours they stay as they are. */
export function painter(hasColours: boolean): Paint {
	if (!hasColours) return (text) => text;
	return (text, colour) => (text === "" ? "" : `\u001b[${CODES[colour]}m${text}\u001b[0m`);
}

const TONES: Readonly<Record<Card["tone"], Colour | null>> = {
	plain: null,
	question: null,
	good: "green",
	warning: "magenta",
	error: "red",
};

export function paintTitle(text: string, tone: Card["tone"], paint: Paint): string {
	const colour = TONES[tone];
	return paint(colour ? paint(text, colour) : text, "bold");
}

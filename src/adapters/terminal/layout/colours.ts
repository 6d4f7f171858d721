import type { Card } from "../../../chat/card.ts";

/**
 * Parameters of the escape sequences. All are legible on light and dark: yellow, cyan and grey vanish on white, blue
 * vanishes on black.
 */
const CODES = { bold: 1, italic: 3, red: 31, green: 32, magenta: 35 } as const;
export type Colour = keyof typeof CODES;
export type Paint = (text: string, colour: Colour) => string;

/** Returns the function that colours texts; without colours it returns them unchanged. */
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

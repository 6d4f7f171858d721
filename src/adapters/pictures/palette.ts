/**
 * The colours of a picture. It has its own dark card because clients show it on black or white without saying which.
 * Colour only helps: marks also differ in shape and brightness.
 */
export const PALETTE = {
	card: "#171b2a",
	edge: "#5b658a",
	text: "#f4f6fc",
	muted: "#b4bcd6",
	track: "#353d5a",
	bar: "#57a6ff",
	hatch: "#6d779c",
	attempted: "#43d392",
	onAttempted: "#08301d",
	missed: "#ff8d86",
	frozen: "#24588f",
	onFrozen: "#e3f2ff",
	excused: "#e3b341",
	open: "#f4f6fc",
	none: "#252b40",
	onNone: "#7f89ad",
} as const;

/** Colours for text on the card. */
export type TextColour = "text" | "muted";

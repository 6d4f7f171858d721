/**
 * The colours of a picture. No platform says whether a reader's client is light or dark, so every picture has a
 * background of its own: a slate between both, on which white text is legible. Marks also differ in shape and
 * brightness.
 */
export const PALETTE = {
	card: "#3b4256",
	text: "#ffffff",
	muted: "#d3d8e6",
	track: "#5a637c",
	bar: "#8cc4ff",
	attempted: "#6fe3ac",
	onAttempted: "#0c3a25",
	missed: "#ffb0aa",
	frozen: "#d8ecff",
	onFrozen: "#1c4a7c",
	excused: "#f2c860",
	open: "#ffffff",
	none: "#4b536a",
	onNone: "#a3acc6",
} as const;

/** Colours of text on that background. */
export type TextColour = "text" | "muted";

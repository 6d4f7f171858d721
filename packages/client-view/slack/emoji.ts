/** Draws the emoji before a title as pictures, as Slack does, so that they look the same with all fonts. */
import { type Child, element, type Html } from "../html.ts";

const circle = (fill: string): Html => element("circle", { cx: 10, cy: 10, r: 9, fill });
const line = (d: string, stroke: string): Html =>
	element("path", { d, stroke, fill: "none", "stroke-width": 2.6, "stroke-linecap": "round", "stroke-linejoin": "round" }); // biome-ignore format: one line

const PICTURES: Readonly<Record<string, readonly Html[]>> = {
	"✅": [
		element("rect", { x: 1, y: 1, width: 18, height: 18, rx: 4, fill: "#2e9e5b" }),
		line("M5.5 10.5l3 3 6-7", "#fff"),
	],
	"⚠️": [element("path", { d: "M10 1.5L19 18H1z", fill: "#f2b632" }), line("M10 7.5v4.5M10 15v.2", "#3a2a00")],
	"⛔": [circle("#d1343b"), line("M5.5 10h9", "#fff")],
};

/** A text with these emoji drawn. */
export function withEmoji(text: string): Child {
	return text.split(/(✅|⚠️|⛔)/u).map((part) => {
		const drawn = PICTURES[part];
		return drawn
			? element("svg", { class: "emoji", viewBox: "0 0 20 20", role: "img", "aria-label": part }, drawn)
			: part;
	});
}

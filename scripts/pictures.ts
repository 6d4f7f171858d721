/** `npx tsx scripts/pictures.ts`: draws the pictures of the documentation, with the data of an imagined member. */
import { mkdir, writeFile } from "node:fs/promises";
import { drawPicture } from "../src/adapters/pictures/draw.ts";
import type { HeatMapDay, Picture } from "../src/chat/card.ts";
import { foldStreak, type Mark, NO_STREAK } from "../src/core/streak/streak.ts";

const FOLDER = "docs/pictures";
const DAY = 24 * 60 * 60 * 1000;
/** A Monday. */
const FIRST_DAY = Date.parse("2026-03-02T00:00:00Z");

/** A letter for each day, a line for each week: . nothing, a attempted, m not attempted, w away, o open. */
const WEEKS = [
	"..aaama",
	"aaaaaaa",
	"aaamaaa",
	"aaaaaaa",
	"aaaaama",
	"aaaawww",
	"aaaaaaa",
	"ammaama",
	"aamaaaa",
	"aaaaaaa",
	"aaaamaa",
	"aaao...",
];

function markOf(letter: string): Mark {
	if (letter === "a") return "attempted";
	if (letter === "m") return "missed";
	if (letter === "w") return "away";
	return letter === "o" ? "open" : "nothing";
}

function dayMarkOf(mark: Mark, frozen: boolean): HeatMapDay["mark"] {
	if (frozen) return "frozen";
	if (mark === "away" || mark === "repaired") return "excused";
	return mark === "nothing" ? "none" : mark;
}

function heatMap(): Picture {
	const occurrences = Array.from(WEEKS.join(""), (letter, number) => ({ number, mark: markOf(letter) }));
	const fold = foldStreak(NO_STREAK, -1, occurrences);
	const frozen = new Set(fold.events.filter((event) => event.kind === "freeze-used").map((event) => event.number));
	const days = occurrences.map(({ number, mark }) => ({
		date: new Date(FIRST_DAY + number * DAY).toISOString().slice(0, 10),
		mark: dayMarkOf(mark, frozen.has(number)),
	}));
	return { type: "heat-map", title: "The last 12 weeks", days, current: fold.shown, longest: fold.booked.longest };
}

function profile(): Picture {
	const row = (name: string, right: number, answered: number) => ({
		name,
		answered,
		share: answered < 5 ? null : right / answered,
	});
	const rows = [
		row("Fundamentals", 19, 21),
		row("Transformers", 14, 18),
		row("Advanced LLM", 7, 13),
		row("LLM apps", 9, 11),
		row("Scenarios", 6, 8),
		row("System design", 3, 9),
		row("Debugging", 5, 7),
		row("Behavioral", 2, 3),
		row("Rapid fire", 22, 24),
	];
	return { type: "profile", title: "Answers by category", rows };
}

await mkdir(FOLDER, { recursive: true });
await writeFile(`${FOLDER}/heat-map.png`, await drawPicture(heatMap()));
await writeFile(`${FOLDER}/profile.png`, await drawPicture(profile()));

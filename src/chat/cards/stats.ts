import { MIN_ANSWERS, type Statistics, type Tally, WEAK_SHARE } from "../../core/practice/statistics.ts";
import { type Block, button, type Card, type Picture } from "../card.ts";
import { alternativeText } from "../picture-text.ts";

const percent = (share: number | null) => (share === null ? "not judged yet" : `${Math.round(100 * share)}%`);
/** The share is of the judged answers alone. */
function line({ name, answered, judged, share }: Tally): string {
	const of = share !== null && judged < answered ? ` of ${judged} judged` : "";
	return `${name}: ${answered} answered, ${percent(share)}${of}`;
}

/** First answers by category and difficulty, the weakest topics and how they are chosen, and what to practise next. */
export function statsCard(
	statistics: Statistics,
	category: string | null,
	memory: readonly Block[],
	next: readonly Block[],
): Card {
	if (statistics.answered === 0)
		return {
			tone: "plain",
			title: "No statistics yet",
			blocks: [
				{ type: "text", text: "They start with your first answer. Only the first answer to each question counts." },
				{
					type: "actions",
					buttons: [
						button("Today's question", "today", {}, "primary"),
						button("Random question", "random", {}, "primary"),
					],
				},
			],
		};
	const picture: Picture = {
		type: "profile",
		title: category === null ? "First answers by category" : `First answers in ${category}`,
		rows: (category === null ? statistics.categories : statistics.tags)
			.filter(({ answered }) => answered > 0)
			.map(({ name, answered, judged, share }) => ({ name, answered: share === null ? answered : judged, share })),
	};
	const blocks: Block[] = [
		{ type: "facts", facts: [{ name: "Different questions answered", value: String(statistics.answered) }] },
		{ type: "picture", picture, alternative: alternativeText(picture) },
		{
			type: "note",
			text: "First answers only; right means a right check, or graded good or easy.",
		},
		...memory,
		{ type: "heading", text: "By difficulty" },
		{ type: "list", marker: "bullet", items: statistics.difficulties.filter((tally) => tally.answered > 0).map(line) },
		{ type: "heading", text: "Weakest topics" },
		statistics.weakest.length > 0
			? { type: "list", marker: "bullet", items: statistics.weakest.map(line) }
			: { type: "text", text: "None stands out." },
		{
			type: "note",
			text: `A topic is weak when fewer than ${Math.round(100 * WEAK_SHARE)}% of at least ${MIN_ANSWERS} judged first answers were right.`,
		},
		...next,
	];
	return { tone: "plain", title: category === null ? "Your statistics" : `Your statistics: ${category}`, blocks };
}

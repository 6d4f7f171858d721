/** Blocks that show what a member would recall, and what to practise next. */
import { addDays } from "../../core/calendar/calendar.ts";
import { dateText } from "../../core/calendar/date-words.ts";
import { type PracticeInput, planRun } from "../../core/practice/queue.ts";
import type { RecallGroup } from "../../core/practice/recall-map.ts";
import type { Question } from "../../core/question/question.ts";
import type { MemoryOutlook } from "../../core/service/forecasting.ts";
import { counted } from "../../core/text/counted.ts";
import { type Block, type Button, button, type Picture, titled } from "../card.ts";
import { alternativeText } from "../picture-text.ts";
import { reasonText } from "./practice.ts";

type Figures = Extract<Picture, { type: "recall-map" }>["figures"];

const MAX_NEXT = 3;
/** How far ahead the interview in an example is. */
const DAYS_AHEAD = 90;

/** "Today you would recall about 34 of 100; on 12 June, at 5 a day, about 71." */
export function outlookText({ recallNow, of, date, reviewsADay, recallThen }: MemoryOutlook, today: string): string {
	if (recallNow === null)
		return "No forecast yet: it starts with your first quick check, or the first key points you tick.";
	const present = `${date === today ? "Your interview is today. You" : "Today you"} would recall about ${Math.round(recallNow)} of ${of}`;
	if (date === null || date === today || recallThen === null) return `${present}.`;
	return `${present}; on ${dateText(date, today)}, at ${reviewsADay} a day, about ${Math.round(recallThen)}.`;
}

/** The same for the workspace's own questions, in a separate line; null when there is nothing to report. */
export function ownOutlookText({ own, date }: MemoryOutlook, today: string): string | null {
	if (own === null || own.recallNow === null) return null;
	const then =
		date === null || date === today || own.recallThen === null
			? ""
			: `; on ${dateText(date, today)}, about ${Math.round(own.recallThen)}`;
	return `Of your own questions: about ${Math.round(own.recallNow)} of ${own.of}${then}.`;
}

/** The numbers of the forecast, for the picture; none before the first booking. */
function figuresOf({ recallNow, of, date, reviewsADay, recallThen }: MemoryOutlook, today: string): Figures {
	if (recallNow === null) return [];
	const now = { name: "Today", value: `about ${Math.round(recallNow)}`, note: `of ${counted(of, "question")}` };
	if (date === null || date === today || recallThen === null) return [now];
	const then = { name: `On ${dateText(date, today)}`, value: `about ${Math.round(recallThen)}` };
	return [now, { ...then, note: `at ${reviewsADay} a day` }];
}

/** A picture with the forecast's numbers, and one square per question. */
function mapBlock(groups: readonly RecallGroup[], figures: Figures): Block {
	const picture: Picture = { type: "recall-map", title: "What you would recall today", figures, groups };
	return { type: "picture", picture, alternative: alternativeText(picture) };
}

/** @param category whose questions `groups` has; null: all, so that the picture also shows the forecast's numbers */
export function outlookBlocks(
	outlook: MemoryOutlook,
	groups: readonly RecallGroup[],
	category: string | null,
	today: string,
): Block[] {
	const figures = category === null ? figuresOf(outlook, today) : [];
	const hint =
		outlook.date === null
			? `\`/nlpq settings interview ${addDays(today, DAYS_AHEAD)}\` sets the date you prepare for, and I say what you would recall then.`
			: "A forecast from your own answers: it assumes that you review that many questions on each day.";
	const own = ownOutlookText(outlook, today);
	return [
		{ type: "heading", text: "Your memory" },
		...(outlook.recallNow === null && own !== null
			? []
			: [{ type: "text" as const, text: outlookText(outlook, today) }]),
		...(own === null ? [] : [{ type: "text" as const, text: own }]),
		...(outlook.recallNow === null && own === null ? [] : [mapBlock(groups, figures)]),
		{ type: "note", text: hint },
	];
}

/** The next practice questions, each with its reason, and buttons to start practising. */
export function nextBlocks(
	input: PracticeInput,
	due: number,
	weak: readonly string[],
): { readonly blocks: Block[]; readonly next: readonly Question[] } {
	const byId = new Map(input.questions.map((question) => [question.id, question]));
	const memories = new Map(input.memories.map((memory) => [memory.questionId, memory]));
	const steps = planRun(input, null, MAX_NEXT).flatMap((step) => {
		const question = byId.get(step.questionId);
		return question ? [{ step, question }] : [];
	});
	const titleOf = (id: string) => byId.get(id)?.title;
	const items = steps.map(({ step, question }) => {
		const why = reasonText(step, question, memories.get(question.id) ?? null, input.today, titleOf);
		return titled(question.title, why);
	});
	const buttons: Button[] = [
		...(steps.length > 0
			? [button(due > 0 ? `Practise: ${counted(due, "question")} due` : "Practise", "practice", {}, "primary")]
			: []),
		...weak.map((focus) => button(`Practise ${focus}`, "practice", { focus })),
	];
	const list: Block[] =
		items.length > 0
			? [
					{ type: "heading", text: "Practise next" },
					{ type: "list", marker: "bullet", items },
				]
			: [];
	const actions: Block[] = buttons.length > 0 ? [{ type: "actions", buttons }] : [];
	return { blocks: [...list, ...actions], next: steps.map(({ question }) => question) };
}

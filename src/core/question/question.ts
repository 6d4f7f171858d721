import * as z from "zod";

/** The bank's folders, in the usual order of an interview. */
export const CATEGORIES = [
	"fundamentals",
	"transformers",
	"advanced-llm",
	"llm-apps",
	"scenarios",
	"system-design",
	"debugging",
	"behavioral",
	"rapid-fire",
] as const;
export const DIFFICULTIES = ["basic", "intermediate", "advanced"] as const;
export const KINDS = ["concept", "compare", "formula", "scenario", "design", "debug", "behavioral", "rapid"] as const;
export const MINUTES = [1, 2, 5, 10, 15] as const;
const REFERENCE_KINDS = ["paper", "book", "documentation", "standard", "article", "software"] as const;

/** The controlled list of tags. Tags name the subject of a question; categories follow the stages of an interview. */
export const TAGS = [
	"agents",
	"alignment",
	"architecture",
	"attention",
	"classification",
	"communication",
	"cost",
	"data",
	"decoding",
	"embeddings",
	"ethics",
	"evaluation",
	"fine-tuning",
	"generation",
	"inference",
	"information-extraction",
	"language-modeling",
	"long-context",
	"memory",
	"metrics",
	"multilingual",
	"operations",
	"optimization",
	"preprocessing",
	"pretraining",
	"privacy",
	"probability",
	"prompting",
	"rag",
	"reasoning",
	"reliability",
	"retrieval",
	"safety",
	"search",
	"security",
	"sequence-labeling",
	"serving",
	"summarization",
	"tokenization",
	"tools",
	"training",
	"translation",
] as const;

/** Letters of a quick check's four options, in the order of the file. They are the same for every member. */
export const OPTION_LETTERS = ["A", "B", "C", "D"] as const;

/** Maximum text lengths in UTF-16 code units, which the platforms count. */
export const QUESTION_LIMITS = {
	title: 75,
	prompt: 400,
	exhibit: 900,
	/** Wider lines would wrap on a phone. */
	exhibitLine: 60,
	hint: 200,
	answer: 1800,
	rapidAnswer: 700,
	keyPoint: 75,
	keyPointsTotal: 600,
	stem: 300,
	option: 140,
	optionWhy: 200,
	explanation: 500,
	trapClaim: 120,
	trapCorrection: 160,
	followUpQuestion: 160,
	followUpAnswer: 300,
	referenceLabel: 100,
	criterion: 75,
	rubricText: 160,
} as const;

const limit = QUESTION_LIMITS;
const text = (longest: number) => z.string().trim().min(1).max(longest);
const id = z
	.string()
	.regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "lower-case words joined by hyphens, such as kv-cache")
	.max(45);
const date = z.iso.date();

/** Text to read along with the prompt, such as code. Keeps lines and spaces, except blank lines at both ends. */
const exhibitSchema = z
	.string()
	.overwrite((value) => value.replace(/^(?:[^\S\n]*\n)+|\s+$/g, ""))
	.min(1)
	.max(limit.exhibit)
	.regex(/^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u, "plain text, with spaces instead of tabs")
	.refine(
		(value) => value.split("\n").every((line) => line.length <= limit.exhibitLine),
		`lines of at most ${limit.exhibitLine} characters, which a phone shows whole`,
	);

const optionSchema = z.strictObject({
	text: text(limit.option),
	correct: z.boolean().default(false),
	why: text(limit.optionWhy),
});

/** One record of the bank: `questions/<category>/<id>.yaml`. */
export const questionSchema = z
	.strictObject({
		id,
		revision: z.int().min(1),
		reviewed_on: date,
		review_by: date.optional(),
		category: z.enum(CATEGORIES),
		difficulty: z.enum(DIFFICULTIES),
		kind: z.enum(KINDS),
		tags: z.array(z.enum(TAGS)).min(2).max(5),
		minutes: z.literal(MINUTES),
		title: text(limit.title),
		prompt: text(limit.prompt),
		exhibit: exhibitSchema.optional(),
		hint: text(limit.hint),
		answer: text(limit.answer),
		key_points: z
			.array(z.strictObject({ label: text(limit.keyPoint), must: z.boolean().default(false) }))
			.min(4)
			.max(8),
		mcq: z.strictObject({
			stem: text(limit.stem),
			options: z.array(optionSchema).length(4),
			explanation: text(limit.explanation),
		}),
		traps: z
			.array(z.strictObject({ claim: text(limit.trapClaim), correction: text(limit.trapCorrection) }))
			.min(2)
			.max(3),
		follow_ups: z
			.array(z.strictObject({ q: text(limit.followUpQuestion), a: text(limit.followUpAnswer) }))
			.min(2)
			.max(4),
		references: z
			.array(
				z.strictObject({
					label: text(limit.referenceLabel),
					url: z.url({ protocol: /^https$/ }).optional(),
					kind: z.enum(REFERENCE_KINDS),
				}),
			)
			.min(1)
			.max(3),
		needs: z.array(id).default([]),
		see: z.array(id).default([]),
		rubric: z
			.array(
				z.strictObject({
					criterion: text(limit.criterion),
					strong: text(limit.rubricText),
					weak: text(limit.rubricText),
				}),
			)
			.min(4)
			.max(6)
			.optional(),
		source: z.int().min(1).max(54).optional(),
	})
	.superRefine((question, context) => {
		const fault = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
		const right = question.mcq.options.filter((option) => option.correct).length;
		if (right !== 1) fault(["mcq", "options"], `exactly one option with correct: true, here ${right}`);
		const distinct = new Set(question.mcq.options.map((option) => option.text.toLowerCase()));
		if (distinct.size < 4) fault(["mcq", "options"], "four different options");
		if (question.category === "rapid-fire" && question.answer.length > limit.rapidAnswer)
			fault(["answer"], `at most ${limit.rapidAnswer} characters in rapid-fire, here ${question.answer.length}`);
		const labels = question.key_points.reduce((sum, point) => sum + point.label.length, 0);
		if (labels > limit.keyPointsTotal)
			fault(["key_points"], `labels of at most ${limit.keyPointsTotal} characters together, here ${labels}`);
		if ((question.category === "behavioral") !== (question.rubric !== undefined))
			fault(["rubric"], "a rubric for behavioral questions, and for no others");
		if (new Set(question.tags).size < question.tags.length) fault(["tags"], "each tag once");
	});

export type Category = (typeof CATEGORIES)[number];
/** The category of a workspace's own questions until an admin sets another. */
export const OWN_CATEGORY = "ours";
/**
 * A question of the bank or of a workspace. A workspace's own may lack options (then it has no quick check), key points
 * and everything that follows the answer.
 */
export interface Question extends Omit<z.infer<typeof questionSchema>, "category"> {
	readonly category: Category | typeof OWN_CATEGORY;
}
export type Difficulty = (typeof DIFFICULTIES)[number];
export type OptionLetter = (typeof OPTION_LETTERS)[number];

/** One line that a member can tick after an answer. */
export interface ChecklistItem {
	readonly label: string;
	/** Missing it caps the grade. */
	readonly must: boolean;
}

/** The lines that a member ticks and is graded by: the rubric's criteria, all equal, or else the key points. */
export function checklistOf(question: Question): readonly ChecklistItem[] {
	return question.rubric?.map(({ criterion }) => ({ label: criterion, must: false })) ?? question.key_points;
}

/** Whether there is something to tick: a workspace's own question may have no key points. */
export const hasPoints = (question: Question): boolean => checklistOf(question).length > 0;

/** The name of a question's checklist lines. */
export function checklistName({ rubric }: Question): "criteria" | "key points" {
	return rubric ? "criteria" : "key points";
}

/** Whether a question can be answered by choosing an option. */
export const hasCheck = ({ mcq }: Question): boolean => mcq.options.length > 0;

/** The letter of the right option of a question's quick check. */
export function rightOption(question: Question): OptionLetter {
	const index = question.mcq.options.findIndex((option) => option.correct);
	return OPTION_LETTERS[index] ?? "A";
}

import { checkDraft, type OwnContent, type OwnDraft } from "../../src/core/question/own.ts";

/** The content of a workspace's own question, with some parts replaced. */
export function ownContent(changes: Partial<OwnDraft> = {}): OwnContent {
	const found = checkDraft({
		title: "Our deploy freeze",
		prompt: "When do we freeze deploys, and why?",
		answer: "On Fridays at noon, so that nobody is paged on a weekend.",
		key_points: [{ label: "Fridays at noon", must: true }, { label: "Nobody is paged" }],
		options: [
			{ text: "Fridays at noon", correct: true },
			{ text: "Mondays at nine" },
			{ text: "Never at all" },
			{ text: "On any holiday" },
		],
		...changes,
	});
	if ("faults" in found) throw new Error(found.faults.map(({ field, message }) => `${field}: ${message}`).join("; "));
	return found.content;
}

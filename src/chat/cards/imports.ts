import type { ReadFault } from "../../core/import/draft.ts";
import { counted } from "../../core/text/counted.ts";
import { button, type Card, plain } from "../card.ts";

/** The card lists at most this many faults with their lines. */
const MAX_FAULTS = 12;

export interface ImportSummary {
	/** Valid questions that the workspace does not have yet. */
	readonly fresh: number;
	readonly known: number;
	readonly repeated: number;
	readonly faults: readonly ReadFault[];
}

/** The result of reading a file, before anything is added. @param id the import that waits for its confirmation */
export function readCard(id: number, { fresh, known, repeated, faults }: ImportSummary): Card {
	const parts = [
		...(known > 0 ? [`${known} you have already`] : []),
		...(repeated > 0 ? [`${repeated} twice in it`] : []),
		...(faults.length > 0 ? [counted(faults.length, "with a fault", "with faults")] : []),
	];
	const more = faults.length - MAX_FAULTS;
	return {
		tone: fresh > 0 ? "plain" : "warning",
		title: [`${fresh} good`, ...parts].join(", "),
		blocks: [
			...(faults.length === 0
				? []
				: [
						{
							type: "list" as const,
							marker: "bullet" as const,
							items: faults.slice(0, MAX_FAULTS).map(({ line, message }) => [`line ${line}: `, plain(message)]),
						},
					]),
			...(more > 0 ? [{ type: "note" as const, text: `And ${more} more.` }] : []),
			{
				type: "text",
				text:
					fresh > 0
						? `Nothing is added yet.${faults.length > 0 ? " Those with faults are left out; correct the file and import it again for them." : ""}`
						: "There is nothing to add.",
			},
			...(fresh > 0
				? [
						{
							type: "actions" as const,
							buttons: [button(`Add ${fresh}`, "questions import", { confirm: String(id) }, "primary")],
						},
					]
				: []),
		],
	};
}

export function importedCard(added: number, known: number): Card {
	const also = known === 0 ? "" : ` ${known} were here already.`;
	return {
		tone: "good",
		title: `${counted(added, "question")} added`,
		blocks: [
			{ type: "text", text: `They are asked here from now on, first in each bag of \`source:both\`.${also}` },
			{ type: "actions", buttons: [button("All questions", "questions list")] },
		],
	};
}

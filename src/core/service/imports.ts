import { UserError } from "../errors.ts";
import type { OwnQuestion } from "../ports/own.ts";
import { type OwnContent, sameQuestionKey } from "../question/own.ts";
import { addActive } from "./own-questions.ts";
import type { Asker, ReadServices } from "./services.ts";

/** An import that waits for its confirmation. */
export interface KeptImport {
	readonly id: number;
	/** How many questions it would add. */
	readonly fresh: number;
	/** How many of its questions the workspace already has. */
	readonly known: number;
}

async function withoutKnown(
	{ store }: ReadServices,
	workspaceId: number,
	contents: readonly OwnContent[],
): Promise<OwnContent[]> {
	const known = new Set((await store.own.active(workspaceId)).map(({ content }) => sameQuestionKey(content)));
	return contents.filter((content) => !known.has(sameQuestionKey(content)));
}

/** Stores an import's new questions until the member confirms it. */
export function keepImport(
	services: ReadServices,
	{ workspace, member }: Asker,
	contents: readonly OwnContent[],
	now: Date,
): Promise<KeptImport> {
	return services.transaction(
		async (tx) => {
			const fresh = await withoutKnown(tx, workspace.id, contents);
			const id = await tx.store.own.keepImport(workspace.id, member.id, fresh, now);
			return { id, fresh: fresh.length, known: contents.length - fresh.length };
		},
		({ id }) => id,
	);
}

/**
 * Adds all of an import's questions or none. Skips those that the workspace got in the meantime.
 * @throws UserError when no import with this id waits
 */
export function confirmImport(
	services: ReadServices,
	asker: Asker,
	id: number,
	now: Date,
): Promise<{ readonly added: readonly OwnQuestion[]; readonly known: number }> {
	const { workspace, member } = asker;
	return services.transaction(async (tx) => {
		const locked = await tx.store.own.hold(workspace.id);
		const contents = await tx.store.own.takeImport(workspace.id, member.id, id);
		if (!contents)
			throw new UserError(
				"That import was done already, or is more than a day old. Nothing was changed.",
				"`/nlpq questions list` shows what is there; `/nlpq questions import` reads the file again.",
			);
		const fresh = await withoutKnown(tx, workspace.id, contents);
		const added = fresh.length === 0 ? [] : await addActive(tx, locked, asker, fresh, now);
		return { added, known: contents.length - fresh.length };
	});
}

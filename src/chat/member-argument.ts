import { UserError } from "../core/errors.ts";
import type { Member } from "../core/model.ts";
import { displayName } from "../core/text/display-name.ts";
import type { Context } from "./command.ts";

/**
 * Finds the member that an option names, by the platform's id or by name.
 * @param name null: the asker
 * @param hiddenToo whether to find members with a private streak, as admins can
 * @throws UserError when there is no such member
 */
export async function memberNamed(context: Context, name: string | null, { hiddenToo = false } = {}): Promise<Member> {
	if (name === null) return context.member;
	const { people } = context.services.store;
	const id = context.workspace.id;
	const known = (await people.findMember(id, name)) ?? (await people.findMemberByName(id, name));
	const mentioned = context.mentioned.get(name);
	const found =
		known ??
		(hiddenToo && mentioned ? await people.ensureMember(id, name, displayName(mentioned) || name, context.now) : null);
	if (found && (hiddenToo || !found.hidden || found.id === context.member.id)) return found;
	throw new UserError(
		"I know no member of that name here, or their streak is private.",
		"Write the name as the leaderboard shows it. I know members from their first command on.",
	);
}

import { type Card, plain, type Reply } from "../card.ts";
import { type Context, defineCommand } from "../command.ts";
import { memberNamed } from "../member-argument.ts";
import { flagOption, memberOption, optional } from "../option.ts";

async function adminsReply({ services, workspace }: Context, tone: Card["tone"]): Promise<Reply> {
	const { people } = services.store;
	const ids = await people.admins(workspace.id);
	const named = await Promise.all(ids.map(async (id) => (await people.findMember(workspace.id, id))?.name ?? id));
	return {
		card: {
			tone,
			title: "Who looks after the schedules",
			blocks: [
				...(named.length > 0
					? ([
							{ type: "text", text: "The admins here, and the members they have named:" },
							{ type: "list", marker: "bullet", items: named.map((text) => [plain(text)]) },
						] as const)
					: ([
							{ type: "text", text: "Only the admins here. `/nlpq schedule admins <member>` names another member." },
						] as const)),
			],
		},
		data: { admins: named },
	};
}

export const scheduleAdmins = defineCommand({
	name: "schedule admins",
	summary: "Who else may manage the schedules",
	admin: true,
	options: {
		member: optional(memberOption("Whom to name; the list if left out")),
		allowed: optional(flagOption("no takes it back")),
	},
	example: "schedule admins ana yes",
	async run(context, { member: name, allowed }) {
		const { workspace } = context;
		if (name !== null) {
			const member = await memberNamed(context, name, { hiddenToo: true });
			await context.services.transaction(({ store }) =>
				store.people.setAdmin(workspace.id, member.externalId, allowed ?? true),
			);
		}
		return adminsReply(context, name === null ? "plain" : "good");
	},
	again: (context) => adminsReply(context, "good"),
});

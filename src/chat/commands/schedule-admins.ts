import { plain } from "../card.ts";
import { defineCommand } from "../command.ts";
import { memberMeant } from "../member-desk.ts";
import { flagOption, memberOption, optional } from "../option.ts";

export const scheduleAdmins = defineCommand({
	name: "schedule admins",
	summary: "Who else may look after the schedules",
	audience: "member",
	admin: true,
	options: {
		member: optional(memberOption("Whom to name; the list if left out")),
		allowed: optional(flagOption("no takes it back")),
	},
	example: "schedule admins ana yes",
	async run(context, { member: name, allowed }) {
		const { people } = context.services.store;
		const { workspace } = context;
		if (name !== null) {
			const member = await memberMeant(context, name, true);
			await people.setAdmin(workspace.id, member.externalId, allowed ?? true);
		}
		const ids = await people.admins(workspace.id);
		const named = await Promise.all(ids.map(async (id) => (await people.findMember(workspace.id, id))?.name ?? id));
		return {
			audience: "member",
			card: {
				tone: name === null ? "plain" : "good",
				title: "Who looks after the schedules",
				blocks: [
					{ type: "text", text: "The admins of this workspace, and those whom they have named:" },
					named.length > 0
						? { type: "list", marker: "bullet", items: named.map((text) => [plain(text)]) }
						: { type: "text", text: "nobody so far. `/nlpq schedule admins <member>` names one." },
				],
			},
			data: { admins: named },
		};
	},
});

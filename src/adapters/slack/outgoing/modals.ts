import type { ModalView } from "@slack/types";
import * as z from "zod";
import type { Outcome, Reply } from "../../../chat/card.ts";
import { withDeadline } from "../../../chat/deadlines.ts";
import type { Interaction } from "../incoming/interaction.ts";
import type { SlackWeb } from "../transport/web.ts";
import { waitingModal } from "./render-form.ts";

const openedSchema = z.object({ view: z.object({ id: z.string() }) });

/** How long to wait for a form before opening a "One moment" modal, in milliseconds. */
const LATE_OPEN_TIMEOUT = 1_000;
const OPEN_DEADLINE = 2_500;

/** Opens modals before their trigger expires. */
export class Modals {
	readonly #web: SlackWeb;
	readonly #openDeadline: number;

	/** @param patience how many times longer than usual Slack may take */
	constructor(web: SlackWeb, patience = 1) {
		this.#web = web;
		this.#openDeadline = patience * OPEN_DEADLINE;
	}

	/**
	 * Opens a modal, or updates the one that the interaction came from: Slack stacks at most three.
	 * @returns its id @throws the client's errors
	 */
	async open({ where, triggerId, workspaceId }: Interaction, view: ModalView): Promise<string> {
		if (where.type === "view") {
			await this.update(workspaceId, where.viewId, view);
			return where.viewId;
		}
		if (triggerId === null) throw new Error("there is no trigger to open a modal with");
		const opening = { trigger_id: triggerId, view };
		const opened = await this.#web.call(workspaceId, "views.open", opening, AbortSignal.timeout(this.#openDeadline));
		return openedSchema.parse(opened).view.id;
	}

	async update(workspaceId: string, viewId: string, view: ModalView): Promise<void> {
		await this.#web.call(
			workspaceId,
			"views.update",
			{ view_id: viewId, view },
			AbortSignal.timeout(2 * this.#openDeadline),
		);
	}

	/**
	 * Opens an outcome's modal. If the outcome takes too long for the trigger, opens a "One moment" modal first.
	 * @param remaining milliseconds before the trigger expires
	 * @param say delivers a reply that came instead of a form: into the modal with that id, or to the interaction's
	 * place
	 */
	async openWhenReady(
		interaction: Interaction,
		remaining: number,
		asked: Promise<Outcome>,
		become: (outcome: Outcome) => Promise<ModalView | Reply>,
		say: (reply: Reply, viewId: string | null) => Promise<void>,
	): Promise<void> {
		const ready = asked.then(become);
		const patience = Math.max(0, Math.min(LATE_OPEN_TIMEOUT, remaining - OPEN_DEADLINE / 2));
		const first = await withDeadline(ready, patience, null);
		const waitingId = first === null ? await this.open(interaction, waitingModal()) : null;
		const view = first ?? (await ready);
		if ("card" in view)
			return say(
				view,
				waitingId ?? (interaction.where.type === "message" ? null : await this.open(interaction, waitingModal())),
			);
		if (waitingId === null) await this.open(interaction, view);
		else await this.update(interaction.workspaceId, waitingId, view);
	}
}

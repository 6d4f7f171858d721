import type { PlainTextOption } from "@slack/types";
import type { StateValues } from "./state-values.ts";
import type { Message, OpenView } from "./world.ts";

/** Where a control is: in a message that the member sees, in a modal, or in the Home tab. */
export type ControlPlace = { message: Message } | { view: OpenView };

const messageKey = ({ channel, ts }: Message) => `${channel} ${ts}`;

/** The values of controls between two presses, which Slack's client remembers and sends with the next press. */
export class HeldValues {
	/** Options that the app returned for external menus, by place and action. */
	private readonly options = new Map<string, PlainTextOption[]>();
	/** What was chosen in the controls of messages, by message and member. */
	private readonly chosen = new Map<string, StateValues>();

	offer(place: ControlPlace, actionId: string, blockId: string, options: PlainTextOption[]): void {
		this.options.set(this.offerKey(place, actionId, blockId), options);
	}

	offered(place: ControlPlace, actionId: string, blockId: string): PlainTextOption[] {
		return this.options.get(this.offerKey(place, actionId, blockId)) ?? [];
	}

	/** What a member has chosen in a message. */
	in(message: Message, user: string): StateValues {
		return this.chosen.get(`${messageKey(message)} ${user}`) ?? {};
	}

	hold(place: ControlPlace, user: string, values: StateValues): void {
		const before = "view" in place ? place.view.chosen : this.in(place.message, user);
		const merged = { ...before };
		for (const [block, held] of Object.entries(values)) merged[block] = { ...before[block], ...held };
		if ("view" in place) place.view.chosen = merged;
		else this.chosen.set(`${messageKey(place.message)} ${user}`, merged);
	}

	private offerKey(place: ControlPlace, actionId: string, blockId: string): string {
		const where = "view" in place ? place.view.id : messageKey(place.message);
		return `${where} ${blockId} ${actionId}`;
	}
}

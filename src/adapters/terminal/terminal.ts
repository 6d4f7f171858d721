import type { Card, Reply } from "../../chat/card.ts";
import type { Destination, Finding, Platform, Posted } from "../../chat/platform.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { UnansweredInteraction } from "../../core/ports/interactions.ts";
import { endCard } from "./ask-cards.ts";
import { TERMINAL_CHANNEL } from "./caller.ts";
import { Conversations } from "./conversations.ts";
import { Dialogue } from "./dialogue.ts";
import { readPath } from "./read-file.ts";
import type { Screen } from "./screen.ts";

/** The terminal as a chat platform: one channel, any number of members. */
export class Terminal implements Platform {
	readonly name = "terminal";
	/** What members type, and what they are shown for it. */
	readonly dialogue: Dialogue;
	readonly #screen: Screen;
	readonly #owner: string;
	readonly #conversations: Conversations;
	/** Daily questions held back until earlier days' answers are shown; null to show them at once. */
	#waiting: Card[] | null = null;

	/** @param owner the member at the keyboard, who is the admin */
	constructor(screen: Screen, clock: Clock, owner: string) {
		this.#screen = screen;
		this.#owner = owner;
		this.#conversations = new Conversations(screen);
		this.dialogue = new Dialogue(screen, clock, owner, this.#conversations);
	}

	/** Hides what is posted into the channel, for a single command that then leaves. */
	hidesChannel = false;

	async post(to: Destination, card: Card, key: string): Promise<Posted> {
		if (to.type === "member") this.#conversations.showTo(to.memberId, card, { posted: true });
		else if (to.type === "admins" || to.type === "arrival")
			this.#conversations.showTo(this.#owner, card, { alert: true });
		else if (this.hidesChannel) this.#conversations.takeUp(card);
		else if (to.type === "channel" && this.#waiting) this.#waiting.push(card);
		else if (to.type === "thread" && this.#screen.folds(card)) this.#conversations.fold(card);
		else this.#conversations.showInChannel(card, { posted: to.type }, { isDaily: to.type === "channel" });
		return { messageId: `terminal:${key}`, threadId: null };
	}

	/** A screen's contents end with its process, so a delivery in doubt is shown again. */
	async lookUp(): Promise<"absent"> {
		return "absent";
	}

	/** Text that has scrolled by cannot be changed. */
	async edit(): Promise<void> {}

	readFile(_workspaceId: string, path: string): Promise<Uint8Array> {
		return readPath(path);
	}

	async check(_workspaceId: string, channelId: string): Promise<readonly Finding[]> {
		return [
			{
				name: "channel",
				ok: channelId === TERMINAL_CHANNEL,
				remedy: `The terminal has one channel, ${TERMINAL_CHANNEL}.`,
			},
		];
	}

	/** Runs some work and shows the daily questions it posts last, below such posts as yesterday's answer. */
	async questionsLast(work: () => Promise<void>): Promise<void> {
		if (this.#waiting || !this.#screen.isForPeople) return work();
		this.#waiting = [];
		try {
			await work();
			// A new question closes the one before it, whose answer is posted by the next run.
			if (this.#waiting.length > 0) await work();
		} finally {
			const cards = this.#waiting;
			this.#waiting = null;
			for (const card of cards) this.#conversations.showInChannel(card, { posted: "channel" }, { isDaily: true });
			// How to end the form, and what is in it, stay above its prompt.
			if (cards.length > 0 && this.isTyped) this.dialogue.showForm();
		}
	}

	/** Whether a person types and reads the screen. */
	get isTyped(): boolean {
		return this.#screen.isInteractive;
	}

	/** Tells a member how their last command ended, if the process that ran it could not. */
	tellEnd({ memberExternalId, command }: UnansweredInteraction, wasSaved: boolean): void {
		this.#conversations.showTo(memberExternalId, endCard(command, wasSaved), { command, wasSaved });
	}

	/** Shows the owner a notice from the program itself. */
	notice(card: Card, data: Reply["data"]): void {
		this.#conversations.showTo(this.#owner, card, data);
	}

	/** Makes the numbers work on a daily question that an earlier process has shown. */
	takeUp(card: Card): void {
		this.#conversations.takeUp(card);
	}
}

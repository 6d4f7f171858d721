import { wallClock } from "../../packages/local-slack/clock.ts";
import type { Delivery } from "../../packages/local-slack/delivery.ts";
import { controlsOf } from "../../packages/local-slack/schema/blocks.ts";
import { type LocalSlack, startSlack } from "../../packages/local-slack/slack.ts";
import type { Message, OpenView } from "../../packages/local-slack/world.ts";
import type { Dice } from "../../tests/support/dice.ts";
import type { MovedClock } from "../../tests/support/moved-clock.ts";
import { CommandLedger } from "./ledger.ts";
import { isApology } from "./outcome.ts";
import type { Crowd, PostedMessage } from "./soak.ts";

const CHANNELS = 4;
const MEMBERS = 80;
/** The chance that a member presses a button of the reply. */
const FOLLOW_UP_CHANCE = 0.45;
/** How long the reply to an admin's set-up may take, in milliseconds. */
const SETUP_TIMEOUT = 60_000;
const SCOPES = ["channels:read", "chat:write", "commands", "files:write", "groups:read", "users:read"];
const TYPED_COMMANDS = [
	"today",
	"random",
	"random transformers",
	"search attention cache",
	"show kv-cache",
	"check today B",
	"answer today An honest attempt, typed as it came.",
	"hint last",
	"streak",
	"leaderboard",
	"leaderboard answered week",
	"stats",
	"history",
	"help",
	"settings",
	"serch attention",
];
const PRESSED_BUTTONS = ["Answer", "Quick check", "Hint", "Reveal", "Another", "A", "B", "C", "D", "Next", "Share"];

interface Button {
	readonly label: string;
	readonly actionId: string;
	readonly blockId: string;
}

function buttonsOf(message: Message): Button[] {
	return message.blocks.flatMap((block) =>
		controlsOf(block).flatMap((control) =>
			control.type === "button"
				? [{ label: control.text.text, actionId: control.action_id ?? "", blockId: block.block_id ?? "" }]
				: [],
		),
	);
}

/** A workspace of a local Slack over sockets, with members who use the bot. */
export class SlackCrowd implements Crowd {
	readonly name = "slack";
	readonly channelCount = CHANNELS;
	readonly environment: Readonly<Record<string, string>>;
	readonly #slack: LocalSlack;
	readonly #team: string;
	readonly #admin: string;
	readonly #members: readonly string[];
	readonly #channels: readonly string[];
	readonly #dice: Dice;
	readonly #ledger: CommandLedger;

	private constructor(slack: LocalSlack, dice: Dice, ledger: CommandLedger) {
		this.#slack = slack;
		this.#dice = dice;
		this.#ledger = ledger;
		const { settings, credentials, apiUrl } = slack;
		const team = settings.addTeam().id;
		this.#team = team;
		this.#admin = settings.addMember({ team, name: "admin", isAdmin: true }).id;
		this.#members = Array.from({ length: MEMBERS }, (_, index) => settings.addMember({ team, name: `m${index}` }).id);
		const members = [this.#admin, ...this.#members];
		this.#channels = Array.from(
			{ length: CHANNELS },
			(_, index) => settings.addChannel({ team, name: `daily-${index}`, members }).id,
		);
		this.environment = {
			SLACK_BOT_TOKEN: settings.install(team, { scopes: SCOPES }).token,
			SLACK_APP_TOKEN: credentials.newAppToken(),
			SLACK_API_URL: apiUrl,
		};
	}

	static async open(moved: MovedClock, dice: Dice, ledger: CommandLedger): Promise<SlackCrowd> {
		const clock = { now: () => moved.now().getTime(), after: wallClock.after };
		return new SlackCrowd(await startSlack({ clock }), dice, ledger);
	}

	get isConnected(): boolean {
		return this.#slack.sockets.open.length > 0;
	}

	async schedule(channelIndex: number, time: string): Promise<void> {
		const channel = this.#channels[channelIndex] ?? "";
		await this.#slack.command({ user: this.#admin, channel, text: `schedule add ${time} UTC` }).reply(0, SETUP_TIMEOUT);
	}

	actOnce(): void {
		const channel = this.#dice.pick(this.#channels);
		const user = this.#dice.chance(0.02) ? this.#admin : this.#dice.pick(this.#members);
		const post = this.#slack.messages(this.#team, channel).findLast((message) => message.metadata !== undefined);
		const text = user === this.#admin ? "schedule list" : this.#dice.pick(TYPED_COMMANDS);
		if (post && this.#dice.chance(0.4)) this.#press(post, user);
		else void this.#follow(this.#slack.command({ user, channel, text }), user, text);
	}

	#press(message: Message, user: string): void {
		const pressable = buttonsOf(message).filter(({ label }) => PRESSED_BUTTONS.includes(label));
		if (pressable.length === 0 || message.deleted) return;
		const { label, actionId, blockId } = this.#dice.pick(pressable);
		void this.#follow(this.#slack.action({ message, user, actionId, blockId }), user, `button ${label}`);
	}

	/** @param opener the delivery that opened a submitted form: the answer comes to its response_url */
	async #follow(delivery: Delivery, user: string, what: string, opener?: Delivery): Promise<void> {
		const patience = CommandLedger.replyTimeout;
		const answers: Promise<Message | OpenView>[] = [delivery.reply(0, patience), delivery.view(0, patience)];
		if (opener) answers.push(opener.reply(opener.replies.length, patience));
		const either = Promise.any(answers);
		const came = await this.#ledger.track("slack", what, () => delivery.acknowledged, either);
		if (!came || !this.#dice.chance(FOLLOW_UP_CHANCE)) return;
		if ("blocks" in came) this.#press(came, user);
		else this.#fill(came, user, what, delivery);
	}

	#fill(view: OpenView, user: string, what: string, opener: Delivery): void {
		const inputs = view.view.blocks.flatMap(controlsOf);
		if (view.closed || inputs.length !== 1 || inputs[0]?.type !== "plain_text_input") return;
		const values = { [inputs[0].action_id ?? ""]: `An honest attempt, number ${this.#ledger.given}.` };
		void this.#follow(this.#slack.viewSubmission({ view, values }), user, `form after ${what}`, opener);
	}

	/** Cuts or disturbs one of the sockets, in a different way each time. */
	disturbConnection(turn: number): void {
		const { sockets } = this.#slack;
		const socket = this.#dice.pick(sockets.open);
		this.#ledger.recordCut("slack", "connection");
		if (turn % 2 === 0) sockets.drop(socket);
		else sockets.disconnect("refresh_requested", socket);
	}

	postedMessages(): readonly PostedMessage[] {
		const own = this.#slack.world.messages.filter(({ metadata }) => metadata !== undefined);
		return own.map(({ ts, channel, metadata }) => ({
			id: ts,
			deliveryKey: `${channel} ${JSON.stringify(metadata?.event_payload)}`,
		}));
	}

	problems(): string[] {
		const { violations, failures, world } = this.#slack;
		const apologies = world.messages.filter(({ blocks }) => isApology(blocks));
		return [
			...violations.map((violation) => `slack violation: ${JSON.stringify(violation)}`),
			...failures.map((failure) => `local slack: ${String(failure)}`),
			...apologies.map(({ text }) => `slack reply: ${text}`),
		];
	}

	stop(): Promise<void> {
		return this.#slack.stop();
	}
}

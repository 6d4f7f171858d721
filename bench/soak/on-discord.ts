import type { LocalChannel, LocalUser, StoredMessage } from "../../packages/local-discord/entities.ts";
import type { Interaction } from "../../packages/local-discord/interactions.ts";
import { type LocalDiscord, startDiscord } from "../../packages/local-discord/local-discord.ts";
import type { Dice } from "../../tests/support/dice.ts";
import type { MovedClock } from "../../tests/support/moved-clock.ts";
import { CommandLedger } from "./ledger.ts";
import { isApology } from "./outcome.ts";
import type { Crowd, PostedMessage } from "./soak.ts";

const GUILDS = 4;
const CHANNELS = 2;
const MEMBERS = 40;
/** The chance that a member presses a button of the reply. */
const FOLLOW_UP_CHANCE = 0.45;
/** Commands that members type, with options. */
const TYPED_COMMANDS: readonly (readonly [string, Readonly<Record<string, string>>])[] = [
	["today", {}],
	["today", {}],
	["random", {}],
	["random", { difficulty: "basic" }],
	["search", { words: "attention cache" }],
	["show", { question: "kv-cache" }],
	["streak", {}],
	["leaderboard", {}],
	["leaderboard", { board: "answered", period: "week" }],
	["stats", {}],
	["history", {}],
	["help", {}],
	["settings show", {}],
];
/** Labels of the buttons that members press. */
const PRESSED_BUTTONS = ["Answer", "Quick check", "Hint", "Reveal", "Another", "A", "B", "C", "D", "Next", "Share"];

interface Room {
	readonly channel: LocalChannel;
	readonly admin: LocalUser;
	readonly members: readonly LocalUser[];
}

/** How long the reply to an admin's set-up may take, in milliseconds. */
const SETUP_TIMEOUT = 60_000;

/** Several servers of a local Discord, with members who use the bot. */
export class DiscordCrowd implements Crowd {
	readonly name = "discord";
	readonly #discord: LocalDiscord;
	readonly #rooms: readonly Room[];
	readonly #dice: Dice;
	readonly #ledger: CommandLedger;

	private constructor(discord: LocalDiscord, dice: Dice, ledger: CommandLedger) {
		this.#discord = discord;
		this.#dice = dice;
		this.#ledger = ledger;
		this.#rooms = Array.from({ length: GUILDS }, (_, guild) => this.#roomsOf(guild)).flat();
	}

	static async open(clock: MovedClock, dice: Dice, ledger: CommandLedger): Promise<DiscordCrowd> {
		const now = () => clock.now().getTime();
		return new DiscordCrowd(await startDiscord({ now, rateLimits: { routes: {} } }), dice, ledger);
	}

	#roomsOf(number: number): Room[] {
		const guild = this.#discord.addGuild(`server ${number}`);
		const admin = this.#discord.addUser(`Admin ${number}`);
		this.#discord.addMember(guild, admin, ["ManageGuild"]);
		const members = Array.from({ length: MEMBERS }, (_, index) => this.#discord.addUser(`Member ${index}`));
		for (const member of members) this.#discord.addMember(guild, member);
		return Array.from({ length: CHANNELS }, (_, index) => ({
			channel: this.#discord.addChannel(guild, `daily-${index}`),
			admin,
			members,
		}));
	}

	get environment(): Readonly<Record<string, string>> {
		return { DISCORD_TOKEN: this.#discord.token, DISCORD_API_URL: `${this.#discord.url}/api` };
	}

	get channelCount(): number {
		return this.#rooms.length;
	}

	get isConnected(): boolean {
		return this.#discord.gateway.connected > 0;
	}

	async schedule(channelIndex: number, time: string): Promise<void> {
		const { channel, admin } = this.#roomAt(channelIndex);
		const set = this.#type(channel, admin, "schedule add", { time, zone: "UTC" });
		await set.reply(SETUP_TIMEOUT);
	}

	#roomAt(index: number): Room {
		const room = this.#rooms[index];
		if (!room) throw new RangeError(`no room ${index}`);
		return room;
	}

	#type(channel: LocalChannel, user: LocalUser, name: string, options: Readonly<Record<string, string>>): Interaction {
		return this.#discord.command({ channel, user, name: "nlpq", path: name.split(" "), options });
	}

	actOnce(): void {
		const { channel, members, admin } = this.#dice.pick(this.#rooms);
		const user = this.#dice.chance(0.02) ? admin : this.#dice.pick(members);
		const post = this.#latestPost(channel);
		const [name, options] = user === admin ? (["schedule list", {}] as const) : this.#dice.pick(TYPED_COMMANDS);
		if (post && this.#dice.chance(0.4)) this.#press(post, user);
		else void this.#follow(this.#type(channel, user, name, options), user, name);
	}

	#latestPost(channel: LocalChannel): StoredMessage | undefined {
		return this.#discord.messages(channel).findLast((message) => message.nonce !== undefined);
	}

	/** Presses one of a message's buttons, if it has any that members press. */
	#press(message: StoredMessage, user: LocalUser): void {
		const parts = message.components.flatMap((row) => row.components ?? []);
		const pressable = parts.filter(
			(part) => part.custom_id && !part.disabled && PRESSED_BUTTONS.includes(part.label ?? ""),
		);
		if (pressable.length === 0 || message.deleted) return;
		const { custom_id, label } = this.#dice.pick(pressable);
		const pressed = this.#discord.button({ message, customId: custom_id ?? "", user });
		void this.#follow(pressed, user, `button ${label}`);
	}

	/** Waits for the reply. Some members then press one of its buttons, or fill in the form that came. */
	async #follow(interaction: Interaction, user: LocalUser, what: string): Promise<void> {
		const patience = CommandLedger.replyTimeout;
		const either = Promise.any([interaction.reply(patience), interaction.modal(patience)]);
		const came = await this.#ledger.track("discord", what, () => interaction.first !== undefined, either);
		if (!came || !this.#dice.chance(FOLLOW_UP_CHANCE)) return;
		if (!("custom_id" in came)) this.#press(came, user);
		else if (JSON.stringify(came.components).includes('"custom_id":"text"')) this.#fill(came.custom_id, user, what);
	}

	#fill(customId: string, user: LocalUser, what: string): void {
		const fields = { text: `An honest attempt, number ${this.#ledger.given}.` };
		void this.#follow(this.#discord.modalSubmit({ customId, fields, user }), user, `form after ${what}`);
	}

	/** Cuts or disturbs the connection, in a different way each time. */
	disturbConnection(turn: number): void {
		const { gateway } = this.#discord;
		this.#ledger.recordCut("discord", "connection");
		const disturbances = [
			() => gateway.dropConnections(),
			() => gateway.requestReconnect(),
			() => gateway.invalidateSessions(true),
			() => gateway.closeConnections(4000),
			() => gateway.invalidateSessions(false),
		];
		disturbances[turn % disturbances.length]?.();
	}

	postedMessages(): readonly PostedMessage[] {
		const { messages, bot } = this.#discord.world;
		const own = [...messages.values()].filter(({ author, nonce }) => author === bot && nonce !== undefined);
		return own.map(({ id, channel, nonce }) => ({ id, deliveryKey: `${channel.id} ${String(nonce)}` }));
	}

	problems(): string[] {
		const apologies = [...this.#discord.world.messages.values()].filter(({ embeds }) => isApology(embeds));
		return [
			...this.#discord.violations.map((violation) => `discord violation: ${JSON.stringify(violation)}`),
			...apologies.map(({ embeds }) => `discord reply: ${embeds[0]?.description ?? embeds[0]?.title}`),
		];
	}

	stop(): Promise<void> {
		return this.#discord.stop();
	}
}

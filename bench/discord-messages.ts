/**
 * Measures the CPU time and memory that the bot spends on messages that do not concern it: Discord sends it every
 * message on its servers. The CPU time includes the local Discord in the same process, so the bot itself uses less.
 *
 *     npx tsx bench/discord-messages.ts
 */
import { setTimeout as wait } from "node:timers/promises";
import { closeStore, openBot, type } from "../tests/support/discord-bot.ts";
import { printFigure } from "./support/figures.ts";

const BATCHES = 5;
const BATCH = 2000;
const MEMBERS = 2000;

const bot = await openBot({ now: Date.now });
const members = Array.from({ length: MEMBERS }, (_, index) => bot.discord.addUser(`Member ${index}`));
for (const member of members) bot.discord.addMember(bot.guild, member);
await type(bot, bot.ada, bot.channel, "help").reply();
for (let batch = 0; batch < BATCHES; batch += 1) {
	const before = process.cpuUsage();
	for (let index = 0; index < BATCH; index += 1) {
		const author = members[index % MEMBERS];
		if (author) bot.discord.say(bot.channel, author, `message ${index} of batch ${batch}`);
		if (index % 100 === 0) await wait(1);
	}
	// Events come in order, so when this is answered, all the others have been received.
	await type(bot, bot.ada, bot.channel, "help").reply();
	const { user, system } = process.cpuUsage(before);
	globalThis.gc?.();
	printFigure(`batch ${batch + 1}, CPU milliseconds per thousand messages`, (user + system) / 1000 / (BATCH / 1000));
	printFigure(`batch ${batch + 1}, memory in use, MiB`, process.memoryUsage().heapUsed / 2 ** 20);
}
await bot.close();
await closeStore();
process.exit(0);

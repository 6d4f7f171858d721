import { once } from "node:events";
import { Client, Events, GatewayIntentBits } from "discord.js";
import { startDiscord } from "../index.ts";

const discord = await startDiscord();
const guild = discord.addGuild("study group");
const channel = discord.addChannel(guild, "daily");
const ada = discord.addUser("Ada");
discord.addMember(guild, ada);

// Your own bot, unchanged except for the API's address.
const bot = new Client({
	intents: [GatewayIntentBits.Guilds],
	allowedMentions: { parse: [] },
	rest: { api: `${discord.url}/api` },
});
bot.on(Events.InteractionCreate, async (interaction) => {
	if (interaction.isChatInputCommand()) await interaction.reply(`Hello, ${interaction.user.displayName}!`);
});
const ready = once(bot, Events.ClientReady);
await bot.login(discord.token);
await ready;
await bot.application?.commands.set([{ name: "hello", description: "Says hello" }]);

const hello = discord.command({ channel, user: ada, name: "hello" });
const reply = await hello.reply();
console.log(`${reply.author.name} said: ${reply.content}`);
console.log(`Discord would refuse ${discord.violations.length} of ${discord.requests.length} requests.`);

await bot.destroy();
await discord.stop();

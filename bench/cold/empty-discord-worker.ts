/** A discord.js client that only connects: what every bot on Discord starts from. */
import { Client, Events, GatewayIntentBits } from "discord.js";

const client = new Client({
	intents: [GatewayIntentBits.Guilds],
	rest: { api: process.env.DISCORD_API_URL ?? "" },
});
client.once(Events.ClientReady, () => process.stdout.write("ready\n"));
await client.login(process.env.DISCORD_TOKEN);

import bolt from "@slack/bolt";
import { startSlack } from "../index.ts";

const slack = await startSlack();
const team = slack.settings.addTeam({ name: "Study Group" });
const ana = slack.settings.addMember({ team: team.id, name: "ana" });
const channel = slack.settings.addChannel({ team: team.id, name: "daily", members: [ana.id] });
const { token } = slack.settings.install(team.id);

// Your own app, unchanged except for the API's address.
const app = new bolt.App({
	token,
	appToken: slack.credentials.newAppToken(),
	socketMode: true,
	logLevel: bolt.LogLevel.ERROR,
	clientOptions: { slackApiUrl: slack.apiUrl },
});
app.command("/hello", async ({ ack, respond, command }) => {
	await ack();
	await respond(`Hello, ${command.user_name}!`);
});
await app.start();

const hello = slack.command({ user: ana.id, channel: channel.id, command: "/hello" });
const reply = await hello.reply();
console.log(`only ${ana.name} saw: ${reply.text}`);
console.log(`Slack would refuse ${slack.violations.length} of ${slack.requests.length} requests.`);

await app.stop();
await slack.stop();

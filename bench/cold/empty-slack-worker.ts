/** A Bolt app that only connects: what every bot on Slack starts from. */
import { App, LogLevel } from "@slack/bolt";

const app = new App({
	token: process.env.SLACK_BOT_TOKEN ?? "",
	appToken: process.env.SLACK_APP_TOKEN ?? "",
	socketMode: true,
	logLevel: LogLevel.ERROR,
	clientOptions: { slackApiUrl: process.env.SLACK_API_URL ?? "" },
});
await app.start();
process.stdout.write("ready\n");

import { createSlack } from "../../src/adapters/slack/slack.ts";
import { runBot } from "../support/bot.ts";

const { SLACK_BOT_TOKEN = "", SLACK_APP_TOKEN = "", SLACK_API_URL = "" } = process.env;

await runBot(({ services, db, urgent, clock, log, connection, drawPicture }) =>
	createSlack(
		{ way: "socket", botToken: SLACK_BOT_TOKEN, appToken: SLACK_APP_TOKEN, apiUrl: SLACK_API_URL },
		{ services, db, urgent, clock, log, connection, drawPicture },
	),
);

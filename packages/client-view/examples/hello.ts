import { discordView, slackView } from "../index.ts";

const look = { theme: "dark", width: 360, at: new Date("2027-03-08T09:00:00Z") } as const;

const message = { content: "Hello, **Ada**! The next question comes <t:1804582800:R>." };
console.log(discordView(message, look));

const blocks = [{ type: "section", text: { type: "mrkdwn", text: "Hello, *Ada*! &lt;b&gt; is only text." } }];
console.log(slackView({ text: "Hello, Ada!", blocks }, look));

// A part that the package cannot draw is never left out silently.
try {
	slackView({ text: "", blocks: [...blocks, { type: "video" }] }, look);
} catch (error) {
	console.log(String(error));
}

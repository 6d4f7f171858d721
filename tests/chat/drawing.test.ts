import { expect, test } from "vitest";
import { openChat } from "../support/chat.ts";

test("drawing a page does not count towards the rate limit; a command does", async () => {
	let left = 1;
	const throttle = () => {
		left -= 1;
		return left < 0 ? 60 : 0;
	};
	const chat = await openChat({ throttle });
	const call = { command: "help", options: {} };
	for (let turn = 0; turn < 5; turn += 1)
		expect(await chat.dispatcher.look(chat.caller("ana"), call)).toMatchObject({ reply: { card: { tone: "plain" } } });
	expect(await chat.dispatcher.run(chat.caller("ana"), call)).toMatchObject({ reply: { card: { tone: "plain" } } });
	expect(await chat.dispatcher.run(chat.caller("ana"), call)).toMatchObject({ reply: { card: { tone: "error" } } });
	await chat.close();
});

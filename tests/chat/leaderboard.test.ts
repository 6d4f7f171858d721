import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Block, Call, Card, Reply } from "../../src/chat/card.ts";
import { openChat } from "../support/chat.ts";

describe("a page beyond the end of the leaderboard", () => {
	let chat: Awaited<ReturnType<typeof openChat>>;
	beforeAll(async () => {
		chat = await openChat();
		await run("boss", "schedule add", { time: "09:00", zone: "UTC" });
		chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
		await chat.daily.run();
	});
	afterAll(() => chat.close());

	async function reply(name: string, command: string, options: Call["options"]): Promise<Reply> {
		const outcome = await chat.dispatcher.run(chat.caller(name, name === "boss"), { command, options });
		if (outcome.type !== "reply") throw new Error("a form");
		return outcome.reply;
	}
	const run = async (name: string, command: string, options: Call["options"]): Promise<Card> =>
		(await reply(name, command, options)).card;
	const textOf = (card: Card) => card.blocks.flatMap((block: Block) => (block.type === "text" ? [block.text] : []));
	const backOf = (card: Card) =>
		card.blocks
			.flatMap((block) => (block.type === "actions" ? block.buttons : []))
			.find(({ label }) => label === "Back");

	test.each(["current", "longest", "answered"])("%s: nobody is on the board", async (board) => {
		const card = await run("ana", "leaderboard", { board, page: "50" });
		expect(textOf(card)).toContain("Nobody is on this board yet: `/nlpq today` gets you there.");
		expect(backOf(card)).toMatchObject({ call: { options: { page: "1" } } });
	});

	test.each(["current", "longest", "answered"])(
		"%s: the reply names the last page, with a button for it",
		async (board) => {
			for (let member = 0; member < 12; member += 1)
				await run(`member ${member}`, "answer", { question: "today", text: "An honest attempt in a few words." });
			const card = await run("ana", "leaderboard", { board, page: "50" });
			expect(textOf(card)).toContain("There is no page 50. The last one is 2.");
			expect(backOf(card)).toMatchObject({ call: { options: { page: "2" } } });
			const last = await run("ana", "leaderboard", { board, page: "2" });
			expect(JSON.stringify(textOf(last))).toContain("member");
		},
	);

	test("accuracy: the reply says what it takes to appear there", async () => {
		expect(textOf(await run("ana", "leaderboard", { board: "accuracy", page: "7" }))).toContain(
			"Nobody has ten quick checks of daily questions yet.",
		);
	});

	test("accuracy: a member who has answered today's question reads what is missing, and no call to answer it", async () => {
		await run("cleo", "check", { question: "today", option: "A" });
		const { followUp } = await reply("cleo", "leaderboard", { board: "accuracy" });
		expect(followUp?.card.title).toBe("You are not on this board yet");
		expect(followUp && textOf(followUp.card)).toEqual(["You need ten quick checks of daily questions to appear here."]);
	});

	test.each([
		["current", "week", "The board of streaks has no week, so these are today's."],
		["longest", "season", "Longest streaks have no period: they count from the beginning."],
	])("%s by %s: the reply says which period it shows instead", async (board, period, says) => {
		expect(JSON.stringify(await run("ana", "leaderboard", { board, period }))).toContain(says);
		const other = JSON.stringify(await run("ana", "leaderboard", { board: "current", period: "season" }));
		expect(other).not.toContain("The board of streaks has no");
	});
});

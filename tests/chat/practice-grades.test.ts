import { describe, expect, test } from "vitest";
import type { Reply } from "../../src/chat/card.ts";
import { cardText } from "../../src/chat/text.ts";
import {
	check,
	idOf,
	labels,
	openChatWithMemberForEachTest,
	passDays,
	press,
	runOf,
	say,
} from "../support/practice/chat-of-members.ts";

openChatWithMemberForEachTest();

describe("a grade that was just given", () => {
	/** Answers the first question of a run, presses Good, and returns its id and the next question's card. */
	async function graded(): Promise<{ readonly id: string; readonly next: Reply }> {
		const id = idOf(await say("practice 3"));
		const next = await press(await check(id, "right"), "✓ Good");
		expect(idOf(next)).not.toBe(id);
		return { id, next };
	}

	test.each(["rate hard", "rate last hard", "Rate Hard"])(
		"is changed by `%s`, though the next question is shown",
		async (text) => {
			const { id } = await graded();
			const changed = await say(text);
			expect(changed.data).toMatchObject({ id, grade: "hard", due: "2027-03-10" });
			// The run stays where it is.
			expect(runOf(await say("practice"))).toMatchObject({ index: 2 });
		},
	);

	test("is changed by the button below it, which offers all grades with their dates", async () => {
		const { id, next } = await graded();
		const choice = await press(next, "Change grade");
		expect(choice.data).toMatchObject({ id });
		expect(labels(choice)).toEqual(expect.arrayContaining(["Again: 9 March", "✓ Good: 11 March", "Easy: 16 March"]));
		const changed = await press(choice, "Again");
		expect(changed.data).toMatchObject({ id, grade: "again", due: "2027-03-09" });
		expect(runOf(await press(changed, "Practise"))).toMatchObject({ index: 2 });
	});

	test("`rate 1,2` ticks key points of the answer given last", async () => {
		const id = idOf(await say("practice 3"));
		await say(`answer ${id} In my own words, more or less.`);
		await say("next");
		expect((await say("rate 1,2")).data).toMatchObject({ id, ticked: 2 });
	});

	test("in a run that asks for the ticks of an older answer, `rate last` means that one, before and after", async () => {
		const [older, newer] = [idOf(await say("random")), idOf(await say("random"))];
		await say(`answer ${older} In my own words, more or less.`);
		await check(newer, "right");
		passDays(1);
		expect(idOf(await say("practice due 5"))).toBe(older);
		expect((await say("rate last hard")).data).toMatchObject({ grade: "hard" });
		// The run is over now.
		expect((await say("rate last easy")).data).toMatchObject({ id: older, grade: "easy" });
		await check(newer, "right");
		expect((await say("rate last hard")).data).toMatchObject({ id: newer, grade: "hard" });
	});
});

describe("the answer", () => {
	test("is shown after one's own without a lecture, and leads back to it", async () => {
		const id = idOf(await say("random"));
		await check(id, "right");
		const shown = await say(`reveal ${id}`);
		expect(cardText(shown.card)).not.toContain("Next time");
		expect((await press(shown, "Back")).card.title).toContain("Well chosen");
	});

	test("of a question that waits for an answer is not shown by `compare`", async () => {
		const id = idOf(await say("practice 1"));
		expect((await say("compare last strong")).data).toMatchObject({ revealed: false });
		expect((await say(`reveal ${id}`)).data).toMatchObject({ grade: "again" });
		await check(id, "right");
		expect((await say("compare last strong")).card.title).toContain("Strong answer");
		await say(`practice 1`);
		passDays(4);
		expect(idOf(await say("practice due 1"))).toBe(id);
		// Asked again, it waits again.
		expect((await say("compare last strong")).data).toMatchObject({ revealed: false });
	});
});

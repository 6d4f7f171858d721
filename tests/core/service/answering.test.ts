import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rightOption } from "../../../src/core/question/question.ts";
import { MAX_ANSWER_LENGTH, recordAnswer } from "../../../src/core/service/answering.ts";
import { rateAnswer } from "../../../src/core/service/rating.ts";
import { wouldSpoil } from "../../../src/core/service/revealing.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

const NINE = "2027-03-08T09:00:00Z";

/** A world in which today's question has just been posted. */
async function withToday(): Promise<World> {
	const world = await World.open(database);
	await world.schedule();
	await world.goTo(NINE);
	return world;
}

describe("an attempt", () => {
	test("is the first answer to today's question, in free text or by quick check, right or wrong", async () => {
		const world = await withToday();
		const today = await world.question("today", "ana");
		const wrong = (["A", "B", "C", "D"] as const).find((letter) => letter !== rightOption(today)) ?? "A";
		expect(await world.answer("ana")).toMatchObject({
			counted: true,
			correct: null,
			reason: null,
			streak: { current: 1, answered: 1 },
		});
		expect(await world.check("ben", "today", rightOption(today))).toMatchObject({ counted: true, correct: true });
		expect(await world.check("cid", today.id, wrong)).toMatchObject({
			counted: true,
			correct: false,
			streak: { current: 1 },
		});
		for (const name of ["ana", "ben", "cid"]) expect(await world.streak(name)).toMatchObject({ current: 1 });
	});

	test("a second answer is practice and stored as such, and the first one is kept", async () => {
		const world = await withToday();
		const first = await world.answer("ana", "today", "The first words that come to mind.");
		await world.goTo("2027-03-08T10:00:00Z");
		const second = await world.answer("ana", "today", "Other words.");
		expect(second).toMatchObject({ counted: false, reason: "answered-before", streak: null });
		const { member } = await world.asker("ana");
		const history = await world.store.answers.history(member.id, 0, 10);
		expect(history.map(({ answer, attempt }) => [answer.text, attempt])).toEqual([
			["Other words.", false],
			["The first words that come to mind.", true],
		]);
		expect((await world.store.answers.latestAttempt(member.id, history[0]?.answer.questionId ?? ""))?.id).toBe(
			first.answerId,
		);
		expect(await world.streak("ana")).toMatchObject({ current: 1, answered: 1 });
	});

	test("counts by its receipt: before the post and after the close it is practice", async () => {
		const world = await withToday();
		const { member } = await world.asker("ana");
		const asker = await world.asker("ana");
		const today = await world.question("today", "ana");
		const answer = { kind: "text", text: "words that say what I know" } as const;
		const before = await recordAnswer(world.services, asker, today, answer, new Date("2027-03-08T08:59:59.999Z"));
		expect(before).toMatchObject({ counted: false, reason: "not-daily" });
		await world.goTo("2027-03-09T09:00:00Z");
		const late = await recordAnswer(world.services, asker, today, answer, new Date("2027-03-09T09:00:00.000Z"));
		expect(late).toMatchObject({ counted: false, reason: "not-daily" });
		// Received a moment earlier and handled only now: in time.
		const justInTime = await recordAnswer(world.services, asker, today, answer, new Date("2027-03-09T08:59:59.999Z"));
		expect(justInTime).toMatchObject({ counted: true, streak: { current: 1 } });
		expect(await world.store.answers.historyLength(member.id)).toBe(3);
	});

	test("practice before the question became a daily one does not spoil the attempt", async () => {
		const world = await World.open(database);
		await world.schedule();
		for (const question of world.services.bank.all()) await world.answer("ana", question.id);
		await world.goTo(NINE);
		expect(await world.answer("ana")).toMatchObject({ counted: true });
	});

	test("an answer by id applies to every open occurrence of that question in the workspace", async () => {
		const one = new Map(
			[...(await World.open(database)).services.bank.all().slice(0, 1)].map((question) => [question.id, question]),
		);
		const world = await World.open(database, { questions: one });
		await world.schedule();
		await world.schedule({ channelId: "random", channelName: "Random" });
		await world.goTo(NINE);
		const recorded = await world.answer("ana", "question-1");
		expect(recorded).toMatchObject({ counted: true });
		const { member } = await world.asker("ana");
		const rows = await world.store.streaks.ofMember(member.id);
		expect(rows.map(({ current, answered }) => [current, answered])).toEqual([
			[1, 1],
			[1, 1],
		]);
		expect(await world.answer("ana", "question-1")).toMatchObject({ counted: false, reason: "answered-before" });
		// Another member's reveal: all of it is lost to them.
		expect(await world.reveal("ben", "question-1")).toBe(true);
		expect(await world.answer("ben", "question-1")).toMatchObject({ counted: false, reason: "revealed" });
	});

	test("in one workspace changes nothing in another", async () => {
		const world = await withToday();
		const today = await world.question("today", "ana");
		const elsewhere = await world.store.people.ensureWorkspace("local", "elsewhere", "Elsewhere", world.now);
		const member = await world.store.people.ensureMember(elsewhere.id, "id-ana", "ana", world.now);
		const asker = { workspace: elsewhere, member, channelId: "general" };
		const recorded = await recordAnswer(
			world.services,
			asker,
			today,
			{ kind: "text", text: "words that say what I know" },
			world.now,
		);
		expect(recorded).toMatchObject({ counted: false, reason: "not-daily" });
	});
});

describe("a reveal", () => {
	test("before an attempt turns what follows into practice, and costs the day at its close", async () => {
		const world = await withToday();
		await world.answer("ana");
		await world.goTo("2027-03-09T09:00:00Z");
		const today = await world.question("today", "ana");
		expect(await wouldSpoil(world.services, await world.asker("ana"), today, world.now)).toBe(true);
		expect(await world.reveal("ana")).toBe(true);
		expect(await world.reveal("ana")).toBe(false);
		expect(await world.answer("ana")).toMatchObject({ counted: false, reason: "revealed" });
		expect(await world.streak("ana")).toMatchObject({ current: 1 });
		await world.goTo("2027-03-10T09:00:00Z");
		expect(await world.streak("ana")).toMatchObject({ current: 0, longest: 1 });
	});

	test("after an attempt costs nothing", async () => {
		const world = await withToday();
		await world.answer("ana");
		const today = await world.question("today", "ana");
		expect(await wouldSpoil(world.services, await world.asker("ana"), today, world.now)).toBe(false);
		expect(await world.reveal("ana")).toBe(false);
		await world.goTo("2027-03-09T09:00:00Z");
		expect(await world.streak("ana")).toMatchObject({ current: 1 });
	});

	test("a freeze may cover a revealed day", async () => {
		const world = await World.open(database);
		await world.schedule();
		for (let days = 0; days < 7; days += 1) {
			await world.goTo(new Date(Date.parse(NINE) + days * 86_400_000));
			await world.answer("ana");
		}
		expect(await world.streak("ana")).toMatchObject({ current: 7, freezes: 1 });
		await world.goTo("2027-03-15T09:00:00Z");
		await world.reveal("ana");
		await world.goTo("2027-03-16T09:00:00Z");
		expect(await world.streak("ana")).toMatchObject({ current: 7, freezes: 0 });
	});

	test("of a question that is not open costs nothing", async () => {
		const world = await withToday();
		const today = await world.question("today", "ana");
		const other = world.services.bank.all().find(({ id }) => id !== today.id);
		expect(await world.reveal("ana", other?.id ?? "")).toBe(false);
		expect(await world.answer("ana")).toMatchObject({ counted: true });
	});
});

describe("grades", () => {
	const points = (world: World, name: string, reference: string, ticked: readonly number[]) =>
		Promise.all([world.question(reference, name), world.asker(name)]).then(([question, asker]) =>
			rateAnswer(world.services, asker, question, { points: ticked }, world.now),
		);

	test("come from the ticked points, and a hint limits them to good", async () => {
		const world = await World.open(database);
		await world.answer("ana", "question-1");
		expect((await points(world, "ana", "question-1", [1, 2, 3, 4, 5])).grade).toBe("easy");
		expect((await points(world, "ana", "question-1", [1, 1, 2])).grade).toBe("hard");
		await world.goTo("2027-03-08T08:10:00Z");
		await world.hint("ana", "question-1");
		const hinted = await world.answer("ana", "question-1");
		const { grade, answer } = await points(world, "ana", "question-1", [5, 4, 3, 2, 1]);
		expect(grade).toBe("good");
		expect(answer).toMatchObject({ id: hinted.answerId, hinted: true });
		const { member } = await world.asker("ana");
		expect(await world.store.answers.answer(member.id, hinted.answerId)).toMatchObject({
			points: [1, 2, 3, 4, 5],
			grade: "good",
		});
	});

	test("a hint counts for the next answer, but not for those after it", async () => {
		const world = await World.open(database);
		await world.hint("ana", "question-1");
		await world.goTo("2027-03-08T08:10:00Z");
		const { member } = await world.asker("ana");
		const hinted = async (id: number) => (await world.store.answers.answer(member.id, id))?.hinted;
		expect(await hinted((await world.answer("ana", "question-1")).answerId)).toBe(true);
		await world.goTo("2027-03-08T08:20:00Z");
		expect(await hinted((await world.answer("ana", "question-1")).answerId)).toBe(false);
		expect(await hinted((await world.answer("ana", "question-2")).answerId)).toBe(false);
	});

	test("a wrong quick check lowers the high grade that the member gave before, by one step and once", async () => {
		const world = await World.open(database);
		const answered = await world.answer("ana", "question-1");
		await points(world, "ana", "question-1", [1, 2, 3, 4, 5]);
		const { member } = await world.asker("ana");
		const gradeNow = async () => (await world.store.answers.answer(member.id, answered.answerId))?.grade;
		await world.goTo("2027-03-08T08:10:00Z");
		expect(await world.check("ana", "question-1", "A")).toMatchObject({ correct: true });
		expect(await gradeNow()).toBe("easy");
		// The check that follows is judged against the latest answer, which is a check now.
		await world.goTo("2027-03-08T08:20:00Z");
		const again = await world.answer("ana", "question-1");
		await points(world, "ana", "question-1", [1, 2, 3, 4, 5]);
		await world.goTo("2027-03-08T08:30:00Z");
		await world.check("ana", "question-1", "B");
		await world.goTo("2027-03-08T08:40:00Z");
		await world.check("ana", "question-1", "C");
		expect((await world.store.answers.answer(member.id, again.answerId))?.grade).toBe("good");
		expect(await gradeNow()).toBe("easy");
	});

	test("ticking after a wrong check is limited to again", async () => {
		const world = await World.open(database);
		await world.check("ana", "question-1", "B");
		expect((await points(world, "ana", "question-1", [1, 2, 3, 4, 5])).grade).toBe("again");
	});

	test("nonexistent points, and nothing to grade, are refused with a remedy", async () => {
		const world = await World.open(database);
		await expect(points(world, "ana", "question-1", [1])).rejects.toThrow("You have not answered this question yet.");
		await world.answer("ana", "question-1");
		await expect(points(world, "ana", "question-1", [6])).rejects.toThrow(
			"The key points are numbered from 1 to 5 here. Nothing was changed.",
		);
		await expect(points(world, "ana", "question-1", [-1])).rejects.toThrow();
		expect((await points(world, "ana", "question-1", [])).grade).toBe("again");
	});
});

describe("what cannot be an answer", () => {
	test.each([
		["", "The answer is empty"],
		[" \n\t ", "The answer is empty"],
		["x".repeat(MAX_ANSWER_LENGTH + 1), "the limit is 3000"],
		["y".repeat(100_000), "100000 characters"],
	])("%# is refused with nothing recorded", async (text, message) => {
		const world = await withToday();
		await expect(world.answer("ana", "today", text)).rejects.toThrow(message);
		const { member } = await world.asker("ana");
		expect(await world.store.answers.historyLength(member.id)).toBe(0);
		expect(await world.answer("ana", "today", "zy".repeat(MAX_ANSWER_LENGTH / 2))).toMatchObject({ counted: true });
	});

	test.each(["a\u0000b", "'; drop table answers; --", "\u202eשלום 😀", "\u001b[31mred", "\ud800 alone"])(
		"%j is stored",
		async (signs) => {
			const text = `${signs}, and what I would say of it`;
			const world = await withToday();
			const { answerId, counted } = await world.answer("ana", "today", text);
			expect(counted).toBe(true);
			const { member } = await world.asker("ana");
			const storedText = (await world.store.answers.answer(member.id, answerId))?.text;
			// Postgres cannot store a NUL, and no encoding has lone surrogates.
			expect(storedText).toBe(text.replace("\u0000", "").replace("\ud800", "\ufffd"));
		},
	);
});

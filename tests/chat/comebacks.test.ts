import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from "vitest";
import type { Button, Outcome, Reply } from "../../src/chat/card.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { cardText } from "../../src/chat/text.ts";
import { addDays, type LocalDate } from "../../src/core/calendar/calendar.ts";
import { dateText } from "../../src/core/calendar/date-words.ts";
import { hasCheck, OPTION_LETTERS, rightOption } from "../../src/core/question/question.ts";
import { realBank } from "../support/bank.ts";
import { openChat } from "../support/chat.ts";
import { Dice } from "../support/dice.ts";
import { byEffort } from "../support/effort.ts";

const DAYS = byEffort({ test: 15, ci: 150, full: 1500 });
const START = "2027-03-08";
const asked = (await realBank()).all().filter(hasCheck).slice(0, 7);
const ids = new Set(asked.map(({ id }) => id));

let chat: Awaited<ReturnType<typeof openChat>>;
beforeAll(async () => {
	chat = await openChat({ isAsked: (id) => ids.has(id) });
});
afterEach(() => expect(chat.faults).toEqual([]));
afterAll(() => chat.close());

/** What "It comes back …" and the buttons of grades can say, and the dates that they mean. */
function datesFrom(today: LocalDate): Map<string, LocalDate> {
	const dates = new Map([["today", today]]);
	for (let days = 0; days <= 4000; days += 1) {
		const date = addDays(today, days);
		const text = dateText(date, today);
		dates
			.set(text, date)
			.set(`on ${text}`, date)
			.set(days === 1 ? `tomorrow, ${text}` : text, date);
	}
	return dates;
}

/** A member, and the latest date that a card has printed for each question. */
class Learner {
	readonly name: string;
	readonly promised = new Map<string, LocalDate>();
	readonly #dice: Dice;
	#dates = datesFrom(START);
	today: LocalDate = START;
	interviewOn: LocalDate | null = null;

	constructor(name: string, dice: Dice) {
		this.name = name;
		this.#dice = dice;
	}

	goOn(): void {
		const date = addDays(this.today, 1);
		this.today = date;
		// The interview is over, so what it brought forward comes back on its own date again.
		if (this.interviewOn && this.interviewOn < date)
			for (const [id, promised] of this.promised) if (promised === this.interviewOn) this.promised.delete(id);
		this.#dates = datesFrom(date);
		chat.clock.moveTo(new Date(`${date}T08:00:00Z`));
	}

	async #run(call: Button["call"]): Promise<Reply> {
		const outcome: Outcome = await chat.dispatcher.run(chat.caller(this.name), call);
		if (outcome.type !== "reply") throw new Error("a form was opened");
		this.#read(outcome.reply);
		return outcome.reply;
	}

	say(text: string): Promise<Reply> {
		return this.#run(readCommand(text, chat.dispatcher.commands));
	}

	#dateOf(text: string): LocalDate {
		const date = this.#dates.get(text);
		if (!date) throw new Error(`"${text}" is no date from ${this.today}`);
		expect(this.interviewOn === null || this.interviewOn <= this.today || date <= this.interviewOn).toBe(true);
		return date;
	}

	#promise(id: string, text: string): void {
		this.promised.set(id, this.#dateOf(text));
	}

	/** A grade's button names the date that is promised. Without a date, all grades lead to the same one. */
	#expectDate(id: string, label: string): void {
		const [, date] = label.split(": ");
		if (date) expect(this.#dateOf(date)).toBe(this.promised.get(id));
	}

	/** Notes each date that a reply prints, and the question that it is about. */
	#read({ card, data }: Reply): void {
		const text = cardText(card);
		const graded = /Noted for "(.+?)"\./.exec(text)?.[1];
		const id = graded ? asked.find(({ title }) => title === graded)?.id : String(data?.id);
		const [, comes] = /(?:It|it) comes back ([^.]+)\./.exec(text) ?? [];
		if (comes) this.#promise(id ?? "", comes);
		for (const { id, title } of text.includes("They come back") ? asked : []) {
			const [, when] =
				text
					.split("\n")
					.find((line) => line.includes(`${title}: `))
					?.split(`${title}: `) ?? [];
			if (when) this.#promise(id, when);
		}
		if (comes && typeof data?.due === "string") expect(data.due).toBe(this.promised.get(id ?? ""));
	}

	/** The questions that practice offers as due. */
	async offered(): Promise<Set<string>> {
		const reply = await this.say("practice due 20");
		if (reply.data?.run === null) return new Set();
		const member = await chat.store.people.findMember(1, this.name);
		const run = await chat.store.practice.openRun(member?.id ?? 0);
		return new Set(run?.steps.map(({ questionId }) => questionId));
	}

	/** Answers a question, and sometimes presses one of the grades below the answer. */
	async #answers(id: string): Promise<void> {
		const question = asked.find((each) => each.id === id);
		const right = question ? rightOption(question) : "A";
		const option = this.#dice.chance(0.6) ? right : this.#dice.pick(OPTION_LETTERS);
		const said = this.#dice.chance(0.7) ? `check ${id} ${option}` : `answer ${id} In my own words, more or less.`;
		const { card } = await this.say(said);
		const grades = card.blocks.flatMap((block) =>
			block.type === "actions" ? block.buttons.filter(({ call }) => call.command === "rate") : [],
		);
		for (const { label } of grades.filter(({ label }) => label.startsWith("✓"))) this.#expectDate(id, label);
		if (grades.length === 0 || this.#dice.chance(0.4)) return;
		const { label, call } = this.#dice.pick(grades);
		await this.#run(call);
		this.#expectDate(id, label);
	}

	async actsInRun(): Promise<void> {
		for (let count = this.#dice.between(0, 4); count > 0; count -= 1) {
			const { data } = await this.say("practice");
			if (typeof data?.id !== "string") break;
			const choice = this.#dice.pick(["skip", "reveal", "answer", "answer", "answer", "answer"]);
			if (choice === "answer") await this.#answers(data.id);
			else await this.say(choice === "skip" ? "skip" : `reveal ${data.id}`);
		}
	}

	async acts(): Promise<void> {
		const { id } = this.#dice.pick(asked);
		if (this.#dice.chance(0.2)) await this.say(`rate ${id} ${this.#dice.pick(["again", "hard", "good", "easy"])}`);
		else await this.#answers(id);
	}

	async setsInterview(): Promise<void> {
		const days = this.#dice.between(0, 20);
		this.interviewOn = this.#dice.chance(0.3) ? null : addDays(this.today, days);
		await this.say(`settings interview ${this.interviewOn ?? "off"}`);
		// Dates that were printed before hold no longer.
		this.promised.clear();
	}
}

test("each date that a card prints, with an interview ahead or not, is the one on which practice offers the question", async () => {
	const dice = new Dice(18);
	const learner = new Learner("ada", dice);
	await learner.say("random");
	for (let day = 0; day < DAYS; day += 1) {
		learner.goOn();
		const offered = await learner.offered();
		for (const [id, date] of learner.promised) expect({ id, offered: offered.has(id) }).toEqual({ id, offered: date <= learner.today }); // biome-ignore format: one line
		const stats = (await learner.say("stats")).data as { memory?: { due: number } };
		expect(stats.memory?.due ?? 0).toBe(offered.size);
		if (dice.chance(0.2)) await learner.setsInterview();
		if (dice.chance(0.5)) await learner.actsInRun();
		if (dice.chance(0.5)) await learner.acts();
		const { card, data } = await learner.say("stop").catch(() => ({ card: null, data: null }));
		if (card && data?.next === learner.today) {
			const due = (await learner.offered()).size;
			expect(cardText(card)).toContain(`${due === 1 ? "1 question is" : `${due} questions are`} due today.`);
		}
	}
	expect(learner.promised.size).toBeGreaterThan(0);
});

test("a reminder counts what practice offers: with what the interview brings forward, without the open daily question", async () => {
	const other = await openChat({ isAsked: (id) => ids.has(id) });
	onTestFinished(() => other.close());
	const say = async (text: string, name = "ada", admin = false) => {
		const outcome = await other.dispatcher.run(other.caller(name, admin), readCommand(text, other.dispatcher.commands));
		return outcome.type === "reply" ? (outcome.reply.data ?? {}) : {};
	};
	const goTo = async (instant: string) => {
		other.clock.moveTo(new Date(instant));
		await other.daily.run();
	};
	const checkRight = (id: unknown) => {
		const question = asked.find((each) => each.id === id);
		return say(`check ${question?.id} ${question && rightOption(question)}`);
	};
	await say("schedule add 09:00 zone:UTC", "boss", true);
	await goTo("2027-03-08T09:00:00Z");
	const { id: first } = await say("today");
	expect(await checkRight(first)).toMatchObject({ due: "2027-03-11" });
	await goTo("2027-03-09T09:00:00Z");
	await say("settings reminders 3");
	await say("settings interview 2027-03-10");
	const { id: second } = await say("today");
	await checkRight(asked.find(({ id }) => id !== first && id !== second)?.id);
	await goTo("2027-03-10T06:00:00Z");
	const [reminder] = other.platform.posts.filter(({ to }) => to.type === "member");
	expect(reminder && cardText(reminder.card)).toContain("And 2 are due for practice.");
	expect(await say("practice due 20")).toMatchObject({ run: { of: 2 } });
	expect(other.faults).toEqual([]);
});

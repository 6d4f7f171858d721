import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { MessageBodySchema } from "../../../packages/local-discord/bodies.ts";
import { controlId } from "../../../src/adapters/discord/incoming/control-id.ts";
import { wellFormed } from "../../../src/core/text/well-formed.ts";
import { Dice } from "../../support/dice.ts";
import { hostileText } from "../../support/hostile-texts.ts";
import { type Bot, openBot, press, textOf, type } from "./support.ts";

let bot: Bot;
afterEach(async () => {
	expect(bot.discord.violations).toEqual([]);
	await bot.close();
});

interface Option {
	readonly name: string;
	readonly autocomplete?: boolean | null | undefined;
	readonly options?: readonly Option[] | null | undefined;
}

/** The options that are completed while typing, each with the words of its command. */
function completed(options: readonly Option[], path: readonly string[] = []): { path: string[]; name: string }[] {
	return options.flatMap((option) => [
		...(option.autocomplete ? [{ path: [...path], name: option.name }] : []),
		...completed(option.options ?? [], [...path, option.name]),
	]);
}

describe("help at the right moment", () => {
	test("an admin's first command shows once how to set up the first daily question", async () => {
		bot = await openBot();
		const [, guide] = await type(bot, bot.boss, bot.channel, "help").replies(2);
		expect(guide?.visibleTo).toBe(bot.boss);
		const set = await press(bot, bot.boss, guide ?? expect.fail(), "Every day at 09:00 UTC here").reply();
		expect(textOf(set)).toContain("is set");
		expect((await type(bot, bot.boss, bot.channel, "help").replies()).length).toBe(1);
	});

	test("a member is not shown that", async () => {
		bot = await openBot();
		const interaction = type(bot, bot.ada, bot.channel, "help");
		await interaction.reply();
		await bot.adapter.stop();
		expect(interaction.followUps).toEqual([]);
	});

	test("whatever is typed, Discord accepts what each option suggests", async () => {
		bot = await openBot();
		const dice = new Dice(17);
		const texts = ["", "😀".repeat(60), "שאלה \u202e", "the ".repeat(500), hostileText(dice)];
		const options = completed(bot.discord.commands()[0]?.body.options ?? []);
		expect(options.map(({ path, name }) => `${path.join(" ")} ${name}`)).toEqual(
			expect.arrayContaining(["help command", "show question", "practice focus", "schedule add zone"]),
		);
		for (const { path, name } of options)
			for (const value of texts) {
				const focused = { name, value: wellFormed(value) };
				const choices = await bot.discord
					.autocomplete({ channel: bot.channel, user: bot.boss, name: "nlpq", path, focused })
					.choices();
				expect(choices.length).toBeLessThanOrEqual(25);
				for (const choice of choices)
					for (const text of [choice.name, String(choice.value)]) {
						expect(text).toBe(wellFormed(text));
						expect(text.trim().length).toBeGreaterThan(0);
						expect(text.length).toBeLessThanOrEqual(100);
					}
			}
	});

	test("questions, zones, weekdays and categories are completed while typing", async () => {
		bot = await openBot();
		const asked = async (name: string, option: string, value: string) =>
			(
				await bot.discord
					.autocomplete({
						channel: bot.channel,
						user: bot.boss,
						name: "nlpq",
						path: name.split(" "),
						focused: { name: option, value },
					})
					.choices()
			).map((choice) => choice.value);
		expect(await asked("show", "question", "kv cach")).toContain("kv-cache");
		expect((await asked("schedule add", "zone", "Berl"))[0]).toBe("Europe/Berlin");
		expect(await asked("schedule add", "weekdays", "week")).toEqual(["weekdays", "weekends"]);
		expect(await asked("schedule add", "categories", "scenarios, tr")).toEqual(["scenarios,transformers"]);
		expect(await asked("schedule add", "zone", "x".repeat(200))).toEqual([]);
	});

	test("a button of a removed command says what to do", async () => {
		bot = await openBot();
		const body = MessageBodySchema.parse({
			components: [{ type: 1, components: [{ type: 2, style: 1, label: "Old", custom_id: "quiz x:1" }] }],
		});
		const message = bot.discord.world.addMessage({ channel: bot.channel, author: bot.discord.world.bot, body });
		expect(textOf(await press(bot, bot.ada, message, "Old").reply())).toContain("older version");
	});

	test("a form that takes too long offers itself again", async () => {
		bot = await openBot();
		const ensure = bot.store.people.ensureWorkspace.bind(bot.store.people);
		bot.store.people.ensureWorkspace = async (...given) => {
			await wait(2600);
			return ensure(...given);
		};
		const customId = controlId({ command: "answer", options: { question: "kv-cache" } });
		const body = MessageBodySchema.parse({
			components: [{ type: 1, components: [{ type: 2, style: 1, label: "Answer", custom_id: customId }] }],
		});
		const message = bot.discord.world.addMessage({ channel: bot.channel, author: bot.discord.world.bot, body });
		const late = await press(bot, bot.ada, message, "Answer").reply();
		bot.store.people.ensureWorkspace = ensure;
		expect(textOf(late)).toContain("took too long");
		expect((await press(bot, bot.ada, late, "Again").modal()).custom_id).toBe(customId);
	});
});

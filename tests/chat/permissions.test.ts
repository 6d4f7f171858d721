import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Outcome } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { openChat } from "../support/chat.ts";

/** The title of a refusal for lack of rights. */
const REFUSED = /is for admins/;
const titleOf = (outcome: Outcome) => (outcome.type === "reply" ? outcome.reply.card.title : outcome.form.title);

describe("every command × role × workspace", () => {
	let chat: Awaited<ReturnType<typeof openChat>>;
	beforeAll(async () => {
		chat = await openChat();
		const setUp = readCommand("schedule add 09:00 UTC", COMMANDS);
		await chat.dispatcher.run(chat.caller("admin", true), setUp);
	});
	afterAll(() => chat.close());

	const roles = [
		{ role: "member", name: "ana", platformAdmin: false, workspace: "home", mayLookAfter: false },
		{ role: "admin of the platform", name: "boss", platformAdmin: true, workspace: "home", mayLookAfter: true },
		{
			role: "member whom an admin has named",
			name: "named",
			platformAdmin: false,
			workspace: "home",
			mayLookAfter: true,
		},
		{
			role: "the same name in another workspace",
			name: "named",
			platformAdmin: false,
			workspace: "other",
			mayLookAfter: false,
		},
	];
	const rows = COMMANDS.flatMap((command) => roles.map((role) => ({ command, ...role })));

	test.each(rows)(
		"$command.name by $role in $workspace",
		async ({ command, name, platformAdmin, workspace, mayLookAfter }) => {
			// A member who was forgotten by an earlier row is named again.
			const home = await chat.store.people.ensureWorkspace("terminal", "home", "home", chat.clock.now());
			await chat.store.people.setAdmin(home.id, "named", true);
			// The example of `schedule admins` makes Ana an admin.
			await chat.store.people.setAdmin(home.id, "ana", false);
			const call = readCommand(command.example, COMMANDS);
			expect(call.command).toBe(command.name);
			const title = titleOf(await chat.dispatcher.run(chat.caller(name, platformAdmin, workspace), call));
			if (command.admin && !mayLookAfter) expect(title).toMatch(REFUSED);
			else expect(title).not.toMatch(REFUSED);
			expect(chat.faults).toEqual([]);
		},
	);

	test("all schedule commands are for admins", () => {
		const schedule = COMMANDS.filter(({ group }) => group === "schedule");
		expect(schedule.length).toBeGreaterThan(5);
		expect(schedule.filter(({ admin }) => !admin)).toEqual([]);
	});

	test("a schedule of one workspace cannot be reached from another, by any number", async () => {
		const home = await chat.store.people.findWorkspace("terminal", "home");
		const [schedule] = home ? await chat.store.schedules.list(home.id) : [];
		// Its number here, and its id among all workspaces.
		const numbers = [schedule?.number, schedule?.id].map((number) => String(number ?? expect.fail("no schedule")));
		const reaching = COMMANDS.filter(({ options }) => options.schedule);
		expect(reaching.length).toBeGreaterThan(5);
		for (const command of reaching) {
			const { options } = readCommand(command.example, COMMANDS);
			for (const number of numbers) {
				const outcome = await chat.dispatcher.run(chat.caller("boss", true, "other"), {
					command: command.name,
					options: { ...options, schedule: number },
				});
				expect(titleOf(outcome)).toBe(`There is no schedule #${number} here.`);
			}
		}
	});
});

import { describe, expect, test, vi } from "vitest";
import { bot, command, database, install, openOverHttpForEachTest, origin, stage } from "./opening.ts";
import { title } from "./support.ts";

openOverHttpForEachTest();

describe("installing", () => {
	test("stores the tokens sealed, and answers from then on", async () => {
		expect((await install()).status).toBe(200);
		const rows = JSON.stringify(await database.db.query.slackInstallations.findMany());
		expect(rows).toContain(stage.team.id);
		expect(rows).not.toContain("xoxb");
		expect(title(await command("help").reply())).toBe("What I can do, here and now");
	});

	test("accepts a state once, only from the browser that got it", async () => {
		expect((await install({ tamper: { cookie: "drop" } })).status).toBe(400);
		expect((await install({ tamper: { cookie: "another" } })).status).toBe(400);
		expect((await install({ tamper: { state: "made-up" } })).status).toBe(400);
		expect((await install({ tamper: { code: "made-up" } })).status).toBe(400);
		expect((await install({ deny: true })).status).toBe(400);
		const done = await install();
		expect(done.status).toBe(200);
		const again = await fetch(done.callbackUrl, { headers: { cookie: done.cookies.join("; ") } });
		expect(again.status).toBe(400);
	});

	test("refuses a state that is ten minutes old", async () => {
		const page = await fetch(`${origin}/slack/install`, { redirect: "manual" });
		const state = new URL(page.headers.get("location") ?? "").searchParams.get("state") ?? "";
		const [nonce, until, signature] = state.split(".");
		const older = `${nonce}.${Number(until) - 11 * 60_000}.${signature}`;
		for (const [value, status] of [[older, 400]] as const) {
			const answer = await fetch(`${origin}/slack/oauth_redirect?code=x&state=${value}`, {
				headers: { cookie: `slack-app-oauth-state=${value}` },
			});
			expect(answer.status).toBe(status);
		}
	});

	test("redirects to Slack, as Slack's button for a direct installation needs", async () => {
		const { status, headers } = await fetch(`${origin}/slack/install`, { redirect: "manual" });
		expect(status).toBe(302);
		expect(headers.get("location")).toMatch(/^https:\/\/slack\.com\/oauth\/v2\/authorize\?/);
		expect(headers.getSetCookie().join()).toContain("slack-app-oauth-state=");
	});

	test("serves a whole organisation with one installation, each workspace separately", async () => {
		const enterprise = { id: `E${stage.team.id.slice(1)}`, name: "Faculty" };
		const second = stage.slack.settings.addTeam({ id: `TX${stage.team.id.slice(2)}`, enterprise });
		const eve = stage.slack.settings.addMember({ team: second.id, name: "eve" }).id;
		const room = stage.slack.settings.addChannel({ team: second.id, members: [eve] }).id;
		expect((await install({ team: undefined, enterprise: enterprise.id } as object)).status).toBe(200);
		const reply = await stage.slack.command({ user: eve, channel: room, text: "streak" }).reply();
		expect(title(reply)).toBe("Your streak: 0");
		const [workspace] = (await database.db.query.workspaces.findMany()).filter((row) => row.externalId === second.id);
		expect(workspace).toBeDefined();
	});
});

const workspaceRow = async () =>
	(await database.db.query.workspaces.findMany()).find((row) => row.externalId === stage.team.id);

describe("the end of an installation", () => {
	test.each([[["app_uninstalled", "tokens_revoked"]], [["tokens_revoked", "app_uninstalled"]]] as const)(
		"forgets the tokens at once, events in the order %s",
		async (order) => {
			await install();
			await command("streak").reply();
			for (const delivery of stage.slack.uninstall(stage.team.id, [...order])) await delivery.acked();
			await vi.waitFor(async () => expect((await workspaceRow())?.removedAt).not.toBeNull(), 5_000);
			const left = (await database.db.query.slackInstallations.findMany()).filter((row) => row.id === stage.team.id);
			expect(left).toEqual([]);
		},
	);

	test("of one workspace keeps the token for the organisation's others, whichever event reports it", async () => {
		const enterprise = { id: `E${stage.team.id.slice(1)}`, name: "Faculty" };
		const place = (digit: number) => {
			const team = stage.slack.settings.addTeam({ id: `TX${digit}${stage.team.id.slice(3)}`, enterprise });
			const user = stage.slack.settings.addMember({ team: team.id }).id;
			return { team: team.id, user, channel: stage.slack.settings.addChannel({ team: team.id, members: [user] }).id };
		};
		const places = [place(1), place(2), place(3)] as const;
		await install({ team: undefined, enterprise: enterprise.id } as object);
		const ask = ({ user, channel }: (typeof places)[number]) =>
			stage.slack.command({ user, channel, text: "streak" }).reply();
		for (const each of places) expect(title(await ask(each))).toBe("Your streak: 0");
		const [first, second, third] = places;
		await stage.slack.event({ team: first.team, event: { type: "app_uninstalled" } }).acked();
		await stage.slack
			.event({ team: second.team, event: { type: "team_access_revoked", team_ids: [second.team] } })
			.acked();
		const removed = async () =>
			(await database.db.query.workspaces.findMany())
				.filter((row) => row.removedAt !== null && places.some(({ team }) => team === row.externalId))
				.map((row) => row.externalId)
				.sort();
		await vi.waitFor(async () => expect(await removed()).toEqual([first.team, second.team].sort()), 5_000);
		expect(title(await ask(third))).toBe("Your streak: 0");
		const storedIds = (await database.db.query.slackInstallations.findMany()).map((row) => row.id);
		expect(storedIds).toContain(enterprise.id);
		// Then the organisation removes the whole app: its token is dead.
		stage.slack.faults.add({ method: "auth.test", kind: "reset", times: 1 });
		for (const delivery of stage.slack.uninstall(third.team, ["app_uninstalled"])) await delivery.acked();
		await vi.waitFor(async () => expect(await removed()).toHaveLength(3), 15_000);
		expect((await database.db.query.slackInstallations.findMany()).map((row) => row.id)).not.toContain(enterprise.id);
	});

	test("does not undo a later installation when its events arrive late", async () => {
		await install();
		await command("streak").reply();
		for (const delivery of stage.slack.uninstall(stage.team.id, ["app_uninstalled"])) await delivery.acked();
		await vi.waitFor(async () => expect((await workspaceRow())?.removedAt).not.toBeNull(), 5_000);
		stage.clock.moveTo(new Date(Date.now() + 5_000));
		await install();
		await stage.slack
			.event({
				team: stage.team.id,
				event: { type: "tokens_revoked", tokens: { oauth: [], bot: [stage.team.botUserId] } },
			})
			.acked();
		await bot.adapter.idle();
		expect(title(await command("streak").reply())).toBe("Your streak: 0");
		expect((await workspaceRow())?.removedAt).toBeNull();
	});
});

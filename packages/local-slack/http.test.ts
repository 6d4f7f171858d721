import type { AppOptions, Installation, InstallationQuery } from "@slack/bolt";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type RunningApp, startHttpApp } from "./bolt-app.ts";
import type { Forgery } from "./signed-http.ts";
import { type LocalSlack, startSlack } from "./slack.ts";
import type { Channel, Member, Team } from "./world.ts";

let slack: LocalSlack;
let team: Team;
let channel: Channel;
let ana: Member;
let running: RunningApp;

/** An InstallationStore in memory that can also delete. */
function memoryStore() {
	const kept = new Map<string, Installation>();
	const keyOf = (query: InstallationQuery<boolean>) =>
		(query.isEnterpriseInstall ? query.enterpriseId : query.teamId) ?? "";
	return {
		kept,
		storeInstallation: async (installation: Installation) => {
			const key = installation.isEnterpriseInstall ? installation.enterprise?.id : installation.team?.id;
			kept.set(key ?? "", structuredClone(installation));
		},
		fetchInstallation: async (query: InstallationQuery<boolean>) => {
			const found = kept.get(keyOf(query)) ?? kept.get(query.enterpriseId ?? "");
			if (found === undefined) throw new Error("not installed");
			return structuredClone(found);
		},
		deleteInstallation: async (query: InstallationQuery<boolean>) => void kept.delete(keyOf(query)),
	};
}

const oauth = (store: ReturnType<typeof memoryStore>): AppOptions => ({
	clientId: slack.app.clientId,
	clientSecret: slack.app.clientSecret,
	stateSecret: "state-secret",
	scopes: ["commands", "chat:write"],
	installationStore: store,
});

beforeEach(async () => {
	slack = await startSlack();
	const enterprise = { id: "E1", name: "Faculty" };
	team = slack.settings.addTeam({ enterprise });
	ana = slack.settings.addMember({ team: team.id });
	channel = slack.settings.addChannel({ team: team.id, members: [ana.id] });
});

afterEach(async () => {
	await running.stop();
	expect(slack.failures).toEqual([]);
	await slack.stop();
});

describe("signed requests", () => {
	let heard: number;

	beforeEach(async () => {
		heard = 0;
		running = await startHttpApp(slack, { token: slack.settings.install(team.id).token });
		running.app.command("/nlpq", async ({ ack }) => {
			heard += 1;
			await ack();
		});
	});

	test.each<[string, Forgery, number]>([
		["right", {}, 200],
		["four minutes old", { ageSeconds: 240 }, 200],
		// Bolt checks only the age.
		["from an hour ahead", { ageSeconds: -3600 }, 200],
		["six minutes old", { ageSeconds: 360 }, 401],
		["signed with another secret", { signature: "wrong" }, 401],
		["not signed", { signature: "missing" }, 401],
		["of another version", { signature: "version" }, 401],
		["changed on the way", { mutate: (body) => body.replace("text=a", "text=b") }, 401],
	])("one that is %s", async (_name, forge, status) => {
		const ack = await slack.command({ user: ana.id, channel: channel.id, text: "a", forge }).acked();
		expect(ack.status).toBe(status);
		expect(heard).toBe(status === 200 ? 1 : 0);
	});

	test("can be replayed, so that the app's own check can be tested", async () => {
		const delivery = slack.command({ user: ana.id, channel: channel.id });
		await delivery.acked();
		expect((await slack.replay(delivery)).status).toBe(200);
		expect(heard).toBe(2);
	});

	test("answers url_verification with the challenge", async () => {
		const delivery = slack.urlVerification();
		expect((await delivery.acked()).body).toEqual({ challenge: delivery.payload.challenge });
	});
});

describe("OAuth", () => {
	test("installs in a workspace, after which its commands are served", async () => {
		const store = memoryStore();
		running = await startHttpApp(slack, oauth(store));
		running.app.command("/nlpq", async ({ ack, client, context }) => {
			await ack();
			await client.chat.postMessage({ channel: channel.id, text: `for ${context.teamId}` });
		});
		const walk = await slack.walkInstall({
			installUrl: `${running.origin}/slack/install`,
			team: team.id,
			user: ana.id,
		});
		expect([walk.status, walk.cookies.length]).toEqual([200, 1]);
		expect(walk.authorizeUrl.searchParams.get("scope")).toBe("commands,chat:write");
		expect(store.kept.get(team.id)?.bot).toMatchObject({ userId: team.botUserId, scopes: ["commands", "chat:write"] });
		slack.command({ user: ana.id, channel: channel.id });
		await slack.until("the message", () => slack.messages(team.id, channel.id)[0]);
		expect(slack.messages(team.id, channel.id)[0]?.text).toBe(`for ${team.id}`);
		const secrets = [slack.app.clientSecret, store.kept.get(team.id)?.bot?.token ?? "none"];
		expect(secrets.filter((secret) => JSON.stringify(slack.requests).includes(secret))).toEqual([]);
	});

	test.each([
		["another state", { tamper: { state: "forged" } }],
		["another browser", { tamper: { cookie: "drop" } }],
		["another cookie", { tamper: { cookie: "forged" } }],
		["another code", { tamper: { code: "forged" } }],
		["a refusal", { deny: true }],
	])("refuses %s", async (_name, how) => {
		const store = memoryStore();
		running = await startHttpApp(slack, oauth(store));
		const installUrl = `${running.origin}/slack/install`;
		const walk = await slack.walkInstall({ installUrl, team: team.id, user: ana.id, ...how });
		expect(walk.status).toBeGreaterThanOrEqual(400);
		expect(store.kept.size).toBe(0);
	});

	test("installs in a whole organisation and serves a workspace of it", async () => {
		const store = memoryStore();
		running = await startHttpApp(slack, oauth(store));
		const seen: unknown[] = [];
		running.app.command("/nlpq", async ({ ack, client, context, body }) => {
			await ack();
			seen.push([context.isEnterpriseInstall, context.enterpriseId, body.team_id]);
			await client.chat.postMessage({ channel: channel.id, text: "here" });
		});
		const installUrl = `${running.origin}/slack/install`;
		await slack.walkInstall({ installUrl, enterprise: "E1", user: ana.id });
		expect(store.kept.get("E1")?.isEnterpriseInstall).toBe(true);
		slack.command({ user: ana.id, channel: channel.id });
		await slack.until("the message", () => slack.messages(team.id, channel.id)[0]);
		expect(seen).toEqual([[true, "E1", team.id]]);
	});

	test("reports an uninstallation by two events in either order, with tokens dead at once", async () => {
		const store = memoryStore();
		running = await startHttpApp(slack, oauth(store));
		const seen: string[] = [];
		running.app.event("app_uninstalled", async ({ event }) => void seen.push(event.type));
		running.app.event("tokens_revoked", async ({ event }) => void seen.push(event.type));
		await slack.walkInstall({ installUrl: `${running.origin}/slack/install`, team: team.id, user: ana.id });
		const token = store.kept.get(team.id)?.bot?.token ?? "";
		const [first] = slack.uninstall(team.id, ["tokens_revoked"]);
		await first?.acked();
		await expect(running.app.client.auth.test({ token })).rejects.toThrow("token_revoked");
		await slack.uninstall(team.id, ["app_uninstalled"])[0]?.acked();
		await slack.until("both", () => seen[1]);
		expect(seen).toEqual(["tokens_revoked", "app_uninstalled"]);
	});

	test("kills the tokens when two refresh at once with one refresh token", async () => {
		const store = memoryStore();
		running = await startHttpApp(slack, oauth(store));
		running.app.command("/nlpq", async ({ ack }) => ack());
		const installUrl = `${running.origin}/slack/install`;
		await slack.walkInstall({ installUrl, team: team.id, user: ana.id, rotation: true });
		const kept = store.kept.get(team.id);
		expect(kept?.bot).toMatchObject({ token: expect.stringMatching(/^xoxe\.xoxb-/), refreshToken: expect.any(String) });
		// Bolt refreshes tokens that expire within two hours, without a lock of its own.
		if (kept?.bot !== undefined) kept.bot.expiresAt = Math.floor(Date.now() / 1000) + 60;
		const both = [1, 2].map(() => slack.command({ user: ana.id, channel: channel.id }).acked());
		await Promise.all(both);
		const refreshes = slack.requests.filter((one) => one.method === "oauth.v2.access" && one.args.grant_type);
		expect(refreshes.map((one) => one.outcome).sort()).toEqual(["invalid_refresh_token", "ok"]);
		const token = store.kept.get(team.id)?.bot?.token ?? "";
		await expect(running.app.client.auth.test({ token })).rejects.toThrow("token_revoked");
	});
});

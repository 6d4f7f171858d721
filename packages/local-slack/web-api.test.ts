import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TOKEN_LIFETIME } from "./credentials.ts";
import { type Stage, setStage } from "./test-stage.ts";

let clock: Stage["clock"];
let slack: Stage["slack"];
let team: Stage["team"];
let channel: Stage["channel"];
let ana: Stage["ana"];
let client: Stage["client"];
let clientFor: Stage["clientFor"];
let post: Stage["post"];

beforeEach(async () => {
	({ clock, slack, team, channel, ana, client, clientFor, post } = await setStage());
});

afterEach(async () => {
	expect(slack.failures).toEqual([]);
	await slack.stop();
});

describe("messages", () => {
	test("keeps threads, edits, metadata and permalinks", async () => {
		const metadata = { event_type: "nlpq_delivery", event_payload: { id: "d1" } };
		const { ts = "" } = await post({ metadata });
		await post({ text: "reply", thread_ts: ts });
		await client.chat.update({ channel: channel.id, ts, text: "better" });
		const [first, reply] = slack.messages(team.id, channel.id);
		expect(first).toMatchObject({ text: "better", edits: [{ text: "question" }], metadata });
		expect(reply).toMatchObject({ text: "reply", threadTs: ts });
		const { permalink } = await client.chat.getPermalink({ channel: channel.id, message_ts: ts });
		expect(permalink).toBe(`https://study-group.slack.com/archives/${channel.id}/p${ts.replace(".", "")}`);
		const history = await client.conversations.history({ channel: channel.id });
		expect(history.messages).toMatchObject([{ ts, reply_count: 1 }]);
		const thread = await client.conversations.replies({ channel: channel.id, ts });
		expect(thread.messages?.map((one) => one.text)).toEqual(["better", "reply"]);
		await client.chat.delete({ channel: channel.id, ts });
		expect(slack.messages(team.id, channel.id).map((one) => one.text)).toEqual(["reply"]);
	});

	test("pages through history, newest first", async () => {
		for (const text of ["one", "two", "three"]) await post({ text });
		const first = await client.conversations.history({ channel: channel.id, limit: 2 });
		const cursor = first.response_metadata?.next_cursor ?? "";
		const second = await client.conversations.history({ channel: channel.id, limit: 2, cursor });
		const texts = [first, second].map((page) => page.messages?.map((one) => one.text));
		expect(texts).toEqual([["three", "two"], ["one"]]);
		expect(second).toMatchObject({ has_more: false, response_metadata: { next_cursor: "" } });
	});

	test("shows ephemerals to one member, and opens direct messages", async () => {
		await client.chat.postEphemeral({ channel: channel.id, user: ana.id, text: "for you" });
		expect(slack.ephemerals(ana.id).map((one) => one.text)).toEqual(["for you"]);
		expect(slack.messages(team.id, channel.id)).toEqual([]);
		const opened = await client.conversations.open({ users: ana.id });
		const sent = await post({ channel: ana.id });
		expect(sent.channel).toBe(opened.channel?.id);
		await expect(client.chat.postEphemeral({ channel: channel.id, user: "U0NOBODY", text: "a" })).rejects.toThrow(
			"user_not_in_channel",
		);
	});

	test("says why a message cannot be posted", async () => {
		await expect(post({ channel: "C0NOWHERE" })).rejects.toThrow("channel_not_found");
		await expect(post({ text: "" })).rejects.toThrow("no_text");
		await expect(post({ text: "x".repeat(40_001) })).rejects.toThrow("msg_too_long");
		await expect(client.chat.update({ channel: channel.id, ts: "1.0", text: "a" })).rejects.toThrow(
			"message_not_found",
		);
		const said = slack.settings.say(channel.id, ana.id, "hello");
		const update = client.chat.update({ channel: channel.id, ts: said.ts, text: "a" });
		await expect(update).rejects.toThrow("cant_update_message");
		slack.settings.setBotIn(channel.id, false);
		await expect(post()).rejects.toThrow("not_in_channel");
		channel.kind = "private";
		await expect(post()).rejects.toThrow("channel_not_found");
		slack.settings.setBotIn(channel.id, true);
		channel.archived = true;
		await expect(post()).rejects.toThrow("is_archived");
		channel.archived = false;
		channel.restricted = true;
		await expect(post()).rejects.toThrow("restricted_action");
		const elsewhere = slack.settings.addChannel({ team: slack.settings.addTeam().id });
		await expect(post({ channel: elsewhere.id })).rejects.toThrow("channel_not_found");
	});

	test("takes JSON, forms and query strings", async () => {
		const { token } = slack.settings.install(team.id);
		const headers = { authorization: `Bearer ${token}` };
		const body = JSON.stringify({ channel: channel.id, text: "json", blocks: [{ type: "divider" }] });
		const json = { ...headers, "content-type": "application/json; charset=utf-8" };
		await fetch(`${slack.apiUrl}chat.postMessage`, { method: "POST", headers: json, body });
		await fetch(`${slack.apiUrl}chat.postMessage?channel=${channel.id}&text=query`, { headers });
		expect(slack.messages(team.id, channel.id).map((one) => [one.text, one.blocks.length])).toEqual([
			["json", 1],
			["query", 0],
		]);
		const unknown = await fetch(`${slack.apiUrl}chat.nothing`, { headers });
		expect(await unknown.json()).toMatchObject({ ok: false, error: "unknown_method" });
	});
});

describe("people and places", () => {
	test("returns members, strangers, the workspace and channels", async () => {
		const other = slack.settings.addTeam({ name: "Guests" });
		const guest = slack.settings.addMember({ team: other.id });
		await expect(client.users.info({ user: guest.id })).rejects.toThrow("user_not_found");
		const shared = slack.settings.addChannel({ team: team.id, members: [guest.id], sharedWith: [other.id] });
		expect((await client.users.info({ user: ana.id })).user).toMatchObject({
			real_name: "Ana Silva",
			profile: { display_name: "ana" },
			is_admin: true,
		});
		expect((await client.users.info({ user: guest.id })).user).toMatchObject({ team_id: other.id, is_stranger: true });
		expect((await client.conversations.info({ channel: shared.id })).channel).toMatchObject({ is_ext_shared: true });
		expect((await client.team.info()).team).toMatchObject({ id: team.id, domain: "study-group" });
		const asked = slack.command({ user: guest.id, channel: shared.id, via: "socket" });
		expect(asked.payload).toMatchObject({ team_id: team.id, user_id: guest.id, is_enterprise_install: "false" });
		expect(await client.auth.test()).toMatchObject({ team_id: team.id, user_id: team.botUserId, bot_id: team.botId });
	});

	test("uploads a picture with its alt text, and lets blocks show it only then", async () => {
		const png = Buffer.from("not really a picture");
		// Slack's name for it, which the client's types lack.
		const upload = { filename: "streak.png", length: png.length, alt_txt: "A chart of twelve days" };
		const { file_id: file = "", upload_url: url = "" } = await client.files.getUploadURLExternal(upload);
		const show = () =>
			post({ blocks: [{ type: "image", alt_text: "A chart", slack_file: { id: file } }], text: "chart" });
		await expect(show()).rejects.toThrow("invalid_blocks");
		await fetch(url, { method: "POST", body: new Uint8Array(png) });
		await client.files.completeUploadExternal({ files: [{ id: file, title: "Streak" }], channel_id: channel.id });
		await show();
		const [uploaded] = slack.messages(team.id, channel.id);
		expect(uploaded?.files).toMatchObject([{ altTxt: "A chart of twelve days", title: "Streak", bytes: png }]);
	});

	test("drops the alt text that the client's own filesUploadV2 sends, as Slack does", async () => {
		const upload = client.filesUploadV2({
			channel_id: channel.id,
			file: Buffer.from("a"),
			filename: "a.png",
			alt_text: "A",
		});
		await expect(upload).rejects.toThrow("invalid_arguments");
		expect(slack.violations[0]?.faults.join()).toContain("alt_text");
	});
});

describe("rights", () => {
	test("names the missing scope", async () => {
		const poor = clientFor(slack.settings.install(team.id, { scopes: ["commands"] }).token);
		await expect(poor.chat.postMessage({ channel: channel.id, text: "a" })).rejects.toMatchObject({
			data: { error: "missing_scope", needed: "chat:write", provided: "commands" },
		});
		const other = await client.conversations.history({ channel: channel.id });
		expect(other.ok).toBe(true);
		channel.kind = "private";
		await expect(client.conversations.history({ channel: channel.id })).rejects.toMatchObject({
			data: { needed: "groups:history" },
		});
	});

	test("tells apart tokens that are unknown, revoked, expired or missing", async () => {
		await expect(clientFor("xoxb-unknown").auth.test()).rejects.toThrow("invalid_auth");
		await expect(clientFor("").auth.test()).rejects.toThrow("not_authed");
		await client.auth.revoke();
		await expect(client.auth.test()).rejects.toThrow("token_revoked");
		const rotating = slack.settings.install(team.id, { rotation: true });
		const rotated = clientFor(rotating.token);
		clock.advance(TOKEN_LIFETIME * 1000 - 1);
		await rotated.auth.test();
		clock.advance(1);
		await expect(rotated.auth.test()).rejects.toThrow("token_expired");
		const fresh = slack.credentials.rotate(rotating.refreshToken ?? "");
		expect((await clientFor(fresh.token).auth.test()).ok).toBe(true);
	});

	test("uninstalls the app and reports it", async () => {
		const { clientId: client_id, clientSecret: client_secret } = slack.app;
		await expect(client.apps.uninstall({ client_id, client_secret: "guess" })).rejects.toThrow("bad_client_secret");
		await client.apps.uninstall({ client_id, client_secret });
		await expect(client.auth.test()).rejects.toThrow("token_revoked");
		const events = slack.deliveries.map((delivery) => delivery.payload.event);
		expect(events).toMatchObject([{ type: "app_uninstalled" }, { type: "tokens_revoked" }]);
	});

	test("lets a trigger_id live three seconds and be used once", async () => {
		const view = { type: "modal" as const, title: { type: "plain_text" as const, text: "A" }, blocks: [] };
		const trigger = () =>
			String(slack.command({ user: ana.id, channel: channel.id, via: "socket" }).payload.trigger_id);
		const used = trigger();
		await client.views.open({ trigger_id: used, view });
		await expect(client.views.open({ trigger_id: used, view })).rejects.toThrow("exchanged_trigger_id");
		const late = trigger();
		clock.advance(3001);
		await expect(client.views.open({ trigger_id: late, view })).rejects.toThrow("expired_trigger_id");
		await expect(client.views.open({ trigger_id: "1.2.3", view })).rejects.toThrow("invalid_trigger_id");
		const [open] = slack.views(ana.id);
		const update = (hash?: string) =>
			client.views.update({ view_id: open?.id ?? "", view, ...(hash === undefined ? {} : { hash }) });
		await update(open?.hash);
		await expect(update("0.stale")).rejects.toThrow("hash_conflict");
	});

	test("ends a response_url after 30 minutes", async () => {
		const url = String(slack.command({ user: ana.id, channel: channel.id, via: "socket" }).payload.response_url);
		const respond = () => fetch(url, { method: "POST", body: JSON.stringify({ text: "a" }) });
		clock.advance(30 * 60_000);
		expect((await respond()).status).toBe(200);
		clock.advance(1);
		expect((await respond()).status).toBe(404);
	});
});

import { once } from "node:events";
import { Client, Events, GatewayIntentBits, REST, Routes } from "discord.js";
import { afterEach, expect, test } from "vitest";
import { Stage } from "./support.ts";

const stage = new Stage();
afterEach(() => stage.close());

const identify = (token: string, intents: number, shard = [0, 1]) => ({ token, intents, shard, properties: {} });

test("a client logs in, knows its application and its guilds with their channels", async () => {
	const { discord, guild, channel } = await stage.open();
	const client = await stage.login(discord);
	expect(client.application.id).toBe(discord.world.applicationId);
	expect(client.guilds.cache.get(guild.id)?.name).toBe("study group");
	expect(client.channels.cache.get(channel.id)?.isTextBased()).toBe(true);
	expect(discord.requests.map((request) => request.route)).toEqual(["GET /gateway/bot"]);
});

test("a wrong token fails the login over REST and over the gateway", async () => {
	const { discord } = await stage.open();
	await expect(stage.client(discord).login("wrong")).rejects.toThrow("invalid token");
	expect(discord.invalidRequests).toBe(1);
	const { send, closed } = await stage.socket(discord);
	send(2, identify("wrong", 1));
	expect(await closed).toBe(4004);
});

test("a privileged intent that is not granted closes with 4014", async () => {
	const { discord } = await stage.open();
	const client = stage.client(discord, { intents: [GatewayIntentBits.MessageContent] });
	const disconnected = once(client, Events.ShardDisconnect);
	const login = expect(client.login(discord.token)).rejects.toThrow("disallowed intents");
	expect((await disconnected)[0]).toMatchObject({ code: 4014 });
	await login;
});

test("a client whose socket is killed resumes and gets what it missed", async () => {
	const { discord, guild } = await stage.open();
	const client = await stage.login(discord);
	discord.gateway.delivers = false;
	const missed = discord.addChannel(guild, "missed");
	expect(client.channels.cache.has(missed.id)).toBe(false);
	discord.gateway.delivers = true;
	const created = once(client, Events.ChannelCreate);
	discord.gateway.dropConnections();
	const [seen] = await created;
	expect(seen).toMatchObject({ id: missed.id });
	expect(discord.gateway.counts).toMatchObject({ identifies: 1, resumes: 1 });
});

test("a client asked to reconnect resumes", async () => {
	const { discord, guild } = await stage.open();
	const client = await stage.login(discord);
	const resumed = once(client, Events.ShardResume);
	discord.gateway.requestReconnect();
	await resumed;
	expect(discord.gateway.counts).toMatchObject({ identifies: 1, resumes: 1 });
	const created = once(client, Events.ChannelCreate);
	discord.addChannel(guild, "later");
	await created;
});

test("an unknown session cannot be resumed", async () => {
	const { discord } = await stage.open();
	const { send, frame } = await stage.socket(discord);
	send(6, { token: discord.token, session_id: "nowhere", seq: 3 });
	expect((await frame(({ op }) => op === 9)).d).toBe(false);
});

test("a session that is declared invalid is gone; one that is only interrupted replays from the given number", async () => {
	const { discord, guild } = await stage.open();
	const first = await stage.socket(discord);
	first.send(2, identify(discord.token, 1));
	const ready = await first.frame(({ t }) => t === "READY");
	await first.frame(({ t }) => t === "GUILD_CREATE");
	first.socket.terminate();
	await first.closed;
	discord.addChannel(guild, "one");
	discord.addChannel(guild, "two");
	const session = ready.d !== null && typeof ready.d === "object" && "session_id" in ready.d ? ready.d.session_id : "";
	const second = await stage.socket(discord);
	second.send(6, { token: discord.token, session_id: session, seq: 3 });
	await second.frame(({ t }) => t === "RESUMED");
	expect(second.frames.map(({ t, s }) => [t, s])).toEqual([
		[null, null],
		["CHANNEL_CREATE", 4],
		["RESUMED", 5],
	]);
	discord.gateway.invalidateSessions(false);
	expect((await second.frame(({ op }) => op === 9)).d).toBe(false);
	const third = await stage.socket(discord);
	third.send(6, { token: discord.token, session_id: session, seq: 5 });
	expect((await third.frame(({ op }) => op === 9)).d).toBe(false);
});

test("a client whose heartbeats are not acknowledged gives the connection up and resumes", async () => {
	const { discord } = await stage.open({ heartbeatMs: 150 });
	const client = await stage.login(discord);
	discord.gateway.acknowledgesHeartbeats = false;
	await once(client, Events.ShardReconnecting);
	discord.gateway.acknowledgesHeartbeats = true;
	await once(client, Events.ShardResume);
	expect(discord.gateway.counts.identifies).toBe(1);
});

test("close frames can be ignored and connections refused", async () => {
	const { discord } = await stage.open();
	discord.gateway.ignoresCloseFrames = true;
	const deaf = await stage.socket(discord);
	deaf.socket.close(1000);
	deaf.send(1, null);
	expect(deaf.socket.readyState).toBe(deaf.socket.CLOSING);
	discord.gateway.refusesConnections = true;
	await expect(stage.socket(discord)).rejects.toThrow();
	expect(discord.gateway.counts.refused).toBe(1);
	deaf.socket.terminate();
	expect(await deaf.closed).toBe(1006);
});

test("guilds go to their own shard, and every connection of a shard gets its events", async () => {
	const { discord } = await stage.open({ shards: 2 });
	const other = discord.addGuild("other", { shard: 1 });
	const sockets = await Promise.all([stage.socket(discord), stage.socket(discord), stage.socket(discord)]);
	const shards = [0, 1, 1];
	for (const [index, { send }] of sockets.entries()) send(2, identify(discord.token, 1, [shards[index] ?? 0, 2]));
	await Promise.all(sockets.map(({ frame }) => frame(({ t }) => t === "GUILD_CREATE")));
	discord.addChannel(other, "news");
	await Promise.all(sockets.slice(1).map(({ frame }) => frame(({ t }) => t === "CHANNEL_CREATE")));
	expect(sockets[0]?.frames.map(({ t }) => t)).toEqual([null, "READY", "GUILD_CREATE"]);
});

test("an outage, its end and a removal reach the client", async () => {
	const { discord, guild } = await stage.open();
	const client = await stage.login(discord);
	const outage = once(client, Events.GuildUnavailable);
	discord.removeGuild(guild, "outage");
	await outage;
	const back = once(client, Events.GuildAvailable);
	discord.restoreGuild(guild);
	await back;
	const removed = once(client, Events.GuildDelete);
	discord.removeGuild(guild);
	await removed;
	const rest = new REST({ api: `${discord.url}/api` }).setToken(discord.token);
	await expect(rest.get(Routes.guild(guild.id))).rejects.toMatchObject({ status: 404, code: 10004 });
	expect(client).toBeInstanceOf(Client);
});

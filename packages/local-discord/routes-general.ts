import * as spec from "discord-api-spec/zod";
import { z } from "zod";
import { readBodyAs, readCommands } from "./bodies-check.ts";
import { commandPayload } from "./commands.ts";
import type { LocalGuild } from "./entities.ts";
import { failures } from "./failures.ts";
import type { ApiRequest } from "./http.ts";
import { channelPayload, guildSummary, memberPayload, rolePayloads, threadPayload, userPayload } from "./payloads.ts";
import { type Answer, ok, param, type Route, route, type Services } from "./routes.ts";

function gatewayBot(_request: ApiRequest, { gatewayUrl, sessionStarts }: Services): Answer {
	const { used, total, shards } = sessionStarts();
	const limit = { total, remaining: total - used, reset_after: 86_400_000, max_concurrency: 1 };
	return ok({ url: gatewayUrl(), shards, session_start_limit: limit });
}

function application(_request: ApiRequest, { world }: Services): Answer {
	const bot = userPayload(world.bot);
	return ok({
		id: world.applicationId,
		name: world.bot.name,
		icon: null,
		description: "",
		summary: "",
		bot_public: true,
		bot_require_code_grant: false,
		verify_key: "0".repeat(64),
		flags: 0,
		team: null,
		owner: { ...bot, id: "1", bot: false },
		bot,
		approximate_guild_count: world.guilds.size,
		install_params: { scopes: ["bot", "applications.commands"], permissions: "0" },
	});
}

function guildOf(request: ApiRequest, { world }: Services): LocalGuild {
	const guild = world.guilds.get(param(request, "guild"));
	if (!guild) throw failures.unknownGuild();
	return guild;
}

function guildChannels(request: ApiRequest, services: Services): Answer {
	const channels = services.world.channelsOf(guildOf(request, services)).filter((channel) => !channel.parent);
	return ok(channels.map((channel) => channelPayload(services.world, channel)));
}

function activeThreads(request: ApiRequest, services: Services): Answer {
	const threads = services.world.channelsOf(guildOf(request, services)).filter((channel) => channel.parent);
	return ok({ threads: threads.map((thread) => threadPayload(services.world, thread)), members: [] });
}

function guildMember(request: ApiRequest, services: Services): Answer {
	const member = guildOf(request, services).members.get(param(request, "user"));
	if (!member) throw failures.unknownMember();
	return ok(memberPayload(member));
}

function user(request: ApiRequest, { world }: Services): Answer {
	const found = world.users.get(param(request, "user"));
	if (!found) throw failures.unknownUser();
	return ok(userPayload(found));
}

const RecipientSchema = z.looseObject({ recipient_id: z.string() });

function openDirectMessage(request: ApiRequest, { world }: Services): Answer {
	const { recipient_id } = readBodyAs(spec.CreatePrivateChannelRequestSchema, RecipientSchema, request.body);
	const recipient = world.users.get(recipient_id);
	if (!recipient) throw failures.unknownUser();
	return ok(channelPayload(world, world.directChannel(recipient)));
}

/** The guild in the path, if any: commands are registered globally or for one guild. */
function commandScope(request: ApiRequest, services: Services): string | undefined {
	if (param(request, "application") !== services.world.applicationId) throw failures.notFound();
	if (request.params.guild === undefined) return undefined;
	if (!services.world.guilds.has(request.params.guild)) throw failures.missingAccess();
	return request.params.guild;
}

function listCommands(request: ApiRequest, services: Services): Answer {
	const commands = services.commands.list(commandScope(request, services));
	return ok(commands.map((command) => commandPayload(services.world.applicationId, command)));
}

function overwriteCommands(request: ApiRequest, services: Services): Answer {
	const scope = commandScope(request, services);
	const commands = services.commands.overwrite(readCommands(request.body), scope);
	return ok(commands.map((command) => commandPayload(services.world.applicationId, command)));
}

/** All routes that do not concern messages or interactions. */
export const generalRoutes: readonly Route[] = [
	route("GET", "/gateway/bot", gatewayBot),
	route("GET", "/applications/@me", application),
	route("GET", "/oauth2/applications/@me", application),
	route("GET", "/users/@me", (_request, { world }) => ok(userPayload(world.bot))),
	route("GET", "/users/{user}", user),
	route("POST", "/users/@me/channels", openDirectMessage),
	route("GET", "/guilds/{guild}", (request, services) => ok(guildSummary(guildOf(request, services)))),
	route("GET", "/guilds/{guild}/channels", guildChannels),
	route("GET", "/guilds/{guild}/threads/active", activeThreads),
	route("GET", "/guilds/{guild}/members/{user}", guildMember),
	route("GET", "/guilds/{guild}/roles", (request, services) => ok(rolePayloads(guildOf(request, services)))),
	route("GET", "/applications/{application}/commands", listCommands),
	route("PUT", "/applications/{application}/commands", overwriteCommands),
	route("GET", "/applications/{application}/guilds/{guild}/commands", listCommands),
	route("PUT", "/applications/{application}/guilds/{guild}/commands", overwriteCommands),
];

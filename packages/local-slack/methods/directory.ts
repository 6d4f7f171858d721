import type { AuthRevokeArguments, BotsInfoArguments, TeamInfoArguments, UsersInfoArguments } from "@slack/web-api";
import { ApiError } from "../errors.ts";
import type { Member, Team } from "../world.ts";
import { type Answer, argsOf, botMethod, flag, id, words } from "./method.ts";

const authTest = botMethod({
	name: "auth.test",
	args: argsOf<{ token?: string }>()({}),
	run(_args, { team, installation }) {
		return {
			url: `https://${team.domain}.slack.com/`,
			team: team.name,
			team_id: team.id,
			user: "nlpq",
			user_id: team.botUserId,
			bot_id: team.botId,
			is_enterprise_install: installation.team === undefined,
			...(team.enterprise === undefined ? {} : { enterprise_id: team.enterprise.id }),
		};
	},
});

const authRevoke = botMethod({
	name: "auth.revoke",
	args: argsOf<AuthRevokeArguments>()({ test: flag }),
	run({ test }, { peer, token }) {
		if (test !== true) peer.credentials.revoke(token);
		return { revoked: test !== true };
	},
});

function userJson(member: Member, team: Team): Answer {
	const stranger = member.team !== team.id;
	return {
		id: member.id,
		team_id: member.team,
		name: member.name,
		real_name: member.realName,
		deleted: member.deleted,
		tz: member.tz,
		is_admin: member.isAdmin,
		is_owner: member.isOwner,
		is_restricted: member.isRestricted,
		is_ultra_restricted: false,
		is_bot: member.isBot,
		is_stranger: stranger,
		profile: { real_name: member.realName, display_name: member.displayName, team: member.team },
	};
}

const usersInfo = botMethod({
	name: "users.info",
	scope: "users:read",
	args: argsOf<UsersInfoArguments>()({ user: id, include_locale: flag }),
	run({ user }, { peer, team }) {
		const member = peer.world.members.get(user);
		const shares = [...peer.world.channels.values()].some(
			(channel) => channel.members.has(user) && [channel.team, ...channel.sharedWith].includes(team.id),
		);
		if (member === undefined || (member.team !== team.id && !shares)) throw new ApiError("user_not_found");
		return { user: userJson(member, team) };
	},
});

const teamInfo = botMethod({
	name: "team.info",
	scope: "team:read",
	args: argsOf<TeamInfoArguments>()({ team: words, domain: words }),
	run({ team: wanted }, { team }) {
		if (wanted !== undefined && wanted !== team.id) throw new ApiError("team_not_found");
		const enterprise = team.enterprise;
		return {
			team: {
				id: team.id,
				name: team.name,
				domain: team.domain,
				...(enterprise === undefined ? {} : { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
			},
		};
	},
});

const botsInfo = botMethod({
	name: "bots.info",
	scope: "users:read",
	args: argsOf<BotsInfoArguments>()({ bot: words }),
	run({ bot }, { peer, team }) {
		if (bot !== undefined && bot !== team.botId) throw new ApiError("bot_not_found");
		return { bot: { id: team.botId, app_id: peer.app.id, user_id: team.botUserId, name: "nlpq", deleted: false } };
	},
});

export const directoryMethods = [authTest, authRevoke, usersInfo, teamInfo, botsInfo];

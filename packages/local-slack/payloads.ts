import type { Installation } from "./credentials.ts";
import type { Peer } from "./peer.ts";
import type { Channel, Member, Team } from "./world.ts";

/** The legacy way to verify a request, still in every payload and not to be trusted. */
const LEGACY_TOKEN = "legacy-verification-token";

/** The installation that serves a workspace: its own, or its organisation's. */
function installationFor(peer: Peer, team: Team): Installation | undefined {
	const own = peer.installations.get(team.id);
	return own ?? (team.enterprise === undefined ? undefined : peer.installations.get(team.enterprise.id));
}

const orgWide = (peer: Peer, team: Team) => installationFor(peer, team)?.team === undefined;

/** The fields of interaction payloads that name the workspace; `team` is null for an organisation-wide installation. */
export function placeJson(peer: Peer, team: Team): Record<string, unknown> {
	const wide = peer.installations.size > 0 && orgWide(peer, team);
	const { enterprise } = team;
	const named = {
		id: team.id,
		domain: team.domain,
		...(enterprise === undefined ? {} : { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
	};
	return {
		token: LEGACY_TOKEN,
		api_app_id: peer.app.id,
		team: wide ? null : named,
		enterprise: enterprise ?? null,
		is_enterprise_install: wide,
	};
}

export function memberJson(member: Member): Record<string, unknown> {
	return { id: member.id, username: member.name, name: member.name, team_id: member.team };
}

/** Slack shows the real names of public channels only. */
export function channelJson(channel: Channel): { id: string; name: string } {
	const name = { public: channel.name, private: "privategroup", im: "directmessage" }[channel.kind];
	return { id: channel.id, name };
}

/** A slash command's payload, without response_url and trigger_id. */
export function commandJson(
	peer: Peer,
	where: { team: Team; member: Member; channel: Channel; command: string; text: string },
): Record<string, unknown> {
	const { team, member, channel } = where;
	const { id, name } = channelJson(channel);
	const { enterprise } = team;
	return {
		token: LEGACY_TOKEN,
		team_id: team.id,
		team_domain: team.domain,
		...(enterprise === undefined ? {} : { enterprise_id: enterprise.id, enterprise_name: enterprise.name }),
		channel_id: id,
		channel_name: name,
		user_id: member.id,
		user_name: member.name,
		command: where.command,
		text: where.text,
		api_app_id: peer.app.id,
		is_enterprise_install: String(peer.installations.size > 0 && orgWide(peer, team)),
	};
}

/** The envelope of an event. */
export function eventJson(
	peer: Peer,
	where: { team: Team; event: Record<string, unknown>; id: string; shared: boolean },
): Record<string, unknown> {
	const { team } = where;
	const wide = peer.installations.size > 0 && orgWide(peer, team);
	const enterprise = team.enterprise?.id ?? null;
	return {
		token: LEGACY_TOKEN,
		team_id: team.id,
		...(enterprise === null ? {} : { enterprise_id: enterprise }),
		api_app_id: peer.app.id,
		event: where.event,
		type: "event_callback",
		event_id: where.id,
		event_time: Math.floor(peer.clock.now() / 1000),
		authorizations: [
			{
				enterprise_id: enterprise,
				team_id: wide ? null : team.id,
				user_id: team.botUserId,
				is_bot: true,
				is_enterprise_install: wide,
			},
		],
		is_ext_shared_channel: where.shared,
	};
}

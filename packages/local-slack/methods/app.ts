import type { AppsConnectionsOpenArguments, AppsUninstallArguments, OAuthV2AccessArguments } from "@slack/web-api";
import { z } from "zod";
import type { Grant } from "../credentials.ts";
import { ApiError } from "../errors.ts";
import type { Peer } from "../peer.ts";
import { type Answer, appMethod, argsOf, botMethod, id, words } from "./method.ts";

/** @throws ApiError invalid_client_id, bad_client_secret. */
function checkClient(peer: Peer, args: { client_id: string; client_secret: string }): void {
	if (args.client_id !== peer.app.clientId) throw new ApiError("invalid_client_id");
	if (args.client_secret !== peer.app.clientSecret) throw new ApiError("bad_client_secret");
}

function grantJson(peer: Peer, { token, refreshToken, expiresIn, installation }: Grant): Answer {
	const { world } = peer;
	const team = installation.team === undefined ? undefined : world.team(installation.team);
	const within = [...world.teams.values()].find((one) => one.enterprise?.id === installation.enterprise);
	const enterprise = installation.enterprise === undefined ? undefined : within?.enterprise;
	return {
		app_id: peer.app.id,
		authed_user: { id: installation.user },
		access_token: token,
		token_type: "bot",
		scope: [...installation.scopes].join(","),
		bot_user_id: (team ?? within)?.botUserId,
		team: team === undefined ? null : { id: team.id, name: team.name },
		enterprise: enterprise ?? null,
		is_enterprise_install: installation.team === undefined,
		...(refreshToken === undefined ? {} : { refresh_token: refreshToken, expires_in: expiresIn }),
	};
}

const access = appMethod({
	name: "oauth.v2.access",
	auth: "client",
	args: argsOf<OAuthV2AccessArguments>()({
		client_id: id,
		client_secret: id,
		code: words,
		redirect_uri: words,
		grant_type: z.enum(["authorization_code", "refresh_token"]).optional(),
		refresh_token: words,
	}),
	run(args, peer) {
		checkClient(peer, args);
		if (args.grant_type === "refresh_token") {
			return grantJson(peer, peer.credentials.rotate(args.refresh_token ?? ""));
		}
		const grant = peer.credentials.exchange(args.code ?? "", args.redirect_uri);
		const { team, enterprise } = grant.installation;
		peer.installations.set(team ?? enterprise ?? "", grant.installation);
		return grantJson(peer, grant);
	},
});

const connectionsOpen = appMethod({
	name: "apps.connections.open",
	auth: "app",
	args: argsOf<AppsConnectionsOpenArguments>()({}),
	run: (_args, peer) => ({ url: peer.newSocketUrl() }),
});

const uninstall = botMethod({
	name: "apps.uninstall",
	args: argsOf<AppsUninstallArguments>()({ client_id: id, client_secret: id }),
	run(args, { peer, installation }) {
		checkClient(peer, args);
		installation.dead = true;
		peer.announceUninstall(installation);
		return {};
	},
});

export const appMethods = [access, connectionsOpen, uninstall];

import { randomBytes } from "node:crypto";
import type { PeerClock } from "./clock.ts";
import { ApiError } from "./errors.ts";

/** How many seconds a rotated access token is valid: Slack's 12 hours. */
export const TOKEN_LIFETIME = 43_200;
const CODE_LIFE_MS = 10 * 60_000;

/** One installation of the app: in a workspace, or in a whole organisation if `team` is undefined. */
export interface Installation {
	team: string | undefined;
	enterprise: string | undefined;
	user: string;
	scopes: Set<string>;
	/** Whether the installation has refresh tokens, and access tokens that expire. */
	rotation: boolean;
	dead: boolean;
}

interface AccessToken {
	installation: Installation;
	/** Milliseconds since the epoch; undefined for a token that never expires. */
	expiresAt: number | undefined;
	revoked: boolean;
}

interface RefreshToken {
	installation: Installation;
	used: boolean;
}

interface Code {
	installation: Installation;
	redirectUri: string | undefined;
	issuedAt: number;
	used: boolean;
}

/** What an installation or a refresh returns. */
export interface Grant {
	token: string;
	refreshToken: string | undefined;
	/** Seconds. */
	expiresIn: number | undefined;
	installation: Installation;
}

const secret = () => randomBytes(18).toString("hex");

/** Tokens of all kinds, with expiry, rotation and revocation. */
export class Credentials {
	/** Whether reusing a spent refresh token kills every token of the installation. */
	reuseKills = true;
	private readonly clock: PeerClock;
	private readonly access = new Map<string, AccessToken>();
	private readonly refresh = new Map<string, RefreshToken>();
	private readonly codes = new Map<string, Code>();
	private readonly appTokens = new Map<string, { revoked: boolean }>();

	constructor(clock: PeerClock) {
		this.clock = clock;
	}

	newAppToken(): string {
		const value = `xapp-1-A-${secret()}`;
		this.appTokens.set(value, { revoked: false });
		return value;
	}

	revokeAppToken(value: string): void {
		const token = this.appTokens.get(value);
		if (token !== undefined) token.revoked = true;
	}

	/** @throws ApiError not_authed, invalid_auth, token_revoked. */
	appToken(value: string | undefined): void {
		if (value === undefined) throw new ApiError("not_authed");
		const token = this.appTokens.get(value);
		if (token === undefined) throw new ApiError(value.startsWith("xoxb") ? "not_allowed_token_type" : "invalid_auth");
		if (token.revoked) throw new ApiError("token_revoked");
	}

	grant(installation: Installation): Grant {
		const { rotation } = installation;
		const token = `${rotation ? "xoxe." : ""}xoxb-${secret()}`;
		const refreshToken = rotation ? `xoxe-1-${secret()}` : undefined;
		const expiresAt = rotation ? this.clock.now() + TOKEN_LIFETIME * 1000 : undefined;
		this.access.set(token, { installation, expiresAt, revoked: false });
		if (refreshToken !== undefined) this.refresh.set(refreshToken, { installation, used: false });
		return { token, refreshToken, expiresIn: rotation ? TOKEN_LIFETIME : undefined, installation };
	}

	/** @throws ApiError not_authed, invalid_auth, token_revoked, token_expired. */
	installationOf(value: string | undefined): Installation {
		if (value === undefined || value === "") throw new ApiError("not_authed");
		const token = this.access.get(value);
		if (token === undefined) throw new ApiError("invalid_auth");
		if (token.revoked || token.installation.dead) throw new ApiError("token_revoked");
		if (token.expiresAt !== undefined && token.expiresAt <= this.clock.now()) throw new ApiError("token_expired");
		return token.installation;
	}

	/** Revokes one access token. */
	revoke(value: string): void {
		const token = this.access.get(value);
		if (token !== undefined) token.revoked = true;
	}

	newCode(installation: Installation, redirectUri: string | undefined): string {
		const code = `${secret()}.code`;
		this.codes.set(code, { installation, redirectUri, issuedAt: this.clock.now(), used: false });
		return code;
	}

	/** @throws ApiError invalid_code, code_already_used, bad_redirect_uri. */
	exchange(value: string, redirectUri: string | undefined): Grant {
		const code = this.codes.get(value);
		if (code === undefined || this.clock.now() - code.issuedAt > CODE_LIFE_MS) throw new ApiError("invalid_code");
		if (code.used) throw new ApiError("code_already_used");
		if (code.redirectUri !== redirectUri) throw new ApiError("bad_redirect_uri");
		code.used = true;
		return this.grant(code.installation);
	}

	/** @throws ApiError invalid_refresh_token; a spent one kills all of the installation's tokens. */
	rotate(value: string): Grant {
		const token = this.refresh.get(value);
		if (token === undefined || token.installation.dead) throw new ApiError("invalid_refresh_token");
		if (token.used) {
			if (this.reuseKills) token.installation.dead = true;
			throw new ApiError("invalid_refresh_token");
		}
		token.used = true;
		return this.grant(token.installation);
	}
}

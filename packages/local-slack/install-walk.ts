import type { Installation } from "./credentials.ts";
import type { Peer } from "./peer.ts";

/** What goes wrong on purpose during an installation. */
interface Tamper {
	/** A different state in the callback. */
	state?: string;
	/** `drop`: the callback comes from another browser; any other text replaces the value of every cookie. */
	cookie?: string;
	/** A different code. */
	code?: string;
}

export interface WalkInit {
	/** The app's install page. */
	installUrl: string;
	user: string;
	/** The workspace to install in; leave out with `enterprise`. */
	team?: string;
	/** The organisation to install in as a whole. */
	enterprise?: string;
	/** Whether tokens rotate; false by default. */
	rotation?: boolean;
	/** Grants these scopes instead of the requested ones. */
	scopes?: string[];
	/** The member refuses. */
	deny?: boolean;
	/** Returns to this origin instead of redirect_uri's: `http://127.0.0.1:port`. */
	origin?: string;
	/** The callback's path if the app names no redirect_uri; Bolt's by default. */
	callbackPath?: string;
	tamper?: Tamper;
}

export interface WalkResult {
	/** The callback's HTTP status. */
	status: number;
	body: string;
	/** Where the callback redirects the browser, if anywhere. */
	location: string | undefined;
	/** The address of Slack's consent page, as the app wrote it. */
	authorizeUrl: URL;
	callbackUrl: URL;
	cookies: string[];
}

const htmlHref = /href="([^"]*oauth\/v2\/authorize[^"]*)"/;

async function installPage(url: string): Promise<{ authorizeUrl: URL; cookies: string[] }> {
	const response = await fetch(url, { redirect: "manual" });
	const link = response.headers.get("location") ?? (await response.text()).match(htmlHref)?.[1];
	if (link === undefined) throw new Error(`the install page answered ${response.status} without a link to Slack`);
	const cookies = response.headers.getSetCookie().map((cookie) => cookie.split(";")[0] ?? "");
	return { authorizeUrl: new URL(link.replaceAll("&amp;", "&")), cookies };
}

/** Slack's consent page. Returns the parameters that the browser carries back. */
function consent(peer: Peer, init: WalkInit, parameters: URLSearchParams): URLSearchParams {
	if (parameters.get("client_id") !== peer.app.clientId) throw new Error("no app has that client_id");
	const state = parameters.get("state");
	const callback = new URLSearchParams(state === null ? {} : { state });
	if (init.deny === true) {
		callback.set("error", "access_denied");
		return callback;
	}
	const team = init.team === undefined ? undefined : peer.world.team(init.team);
	const installation: Installation = {
		team: team?.id,
		enterprise: init.enterprise ?? team?.enterprise?.id,
		user: init.user,
		scopes: new Set(init.scopes ?? (parameters.get("scope") ?? "").split(",")),
		rotation: init.rotation ?? false,
		dead: false,
	};
	callback.set("code", peer.credentials.newCode(installation, parameters.get("redirect_uri") ?? undefined));
	return callback;
}

/** Changes what the browser carries back, as `tamper` says. @returns the cookies that it sends */
function tamperWith(callback: URLSearchParams, cookies: string[], tamper: Tamper): string[] {
	if (tamper.state !== undefined) callback.set("state", tamper.state);
	if (tamper.code !== undefined) callback.set("code", tamper.code);
	const { cookie } = tamper;
	if (cookie === undefined) return cookies;
	return cookie === "drop" ? [] : cookies.map((one) => `${one.split("=")[0]}=${cookie}`);
}

/** Walks a browser through an installation: install page, consent, callback with code, state and cookies. */
export async function walkInstall(peer: Peer, init: WalkInit): Promise<WalkResult> {
	const page = await installPage(init.installUrl);
	const parameters = page.authorizeUrl.searchParams;
	const callback = consent(peer, init, parameters);
	const cookies = tamperWith(callback, page.cookies, init.tamper ?? {});
	const redirectUri =
		parameters.get("redirect_uri") ?? new URL(init.callbackPath ?? "/slack/oauth_redirect", init.installUrl).href;
	const callbackUrl = new URL(redirectUri);
	if (init.origin !== undefined) {
		const origin = new URL(init.origin);
		callbackUrl.protocol = origin.protocol;
		callbackUrl.host = origin.host;
	}
	for (const [key, value] of callback) callbackUrl.searchParams.set(key, value);
	const response = await fetch(callbackUrl, {
		redirect: "manual",
		headers: cookies.length > 0 ? { cookie: cookies.join("; ") } : {},
	});
	return {
		status: response.status,
		body: await response.text(),
		location: response.headers.get("location") ?? undefined,
		authorizeUrl: page.authorizeUrl,
		callbackUrl,
		cookies,
	};
}

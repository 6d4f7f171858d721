import type { CommandStore } from "./commands.ts";
import type { ApiRequest } from "./http.ts";
import type { InteractionStore } from "./interactions.ts";
import type { World } from "./world.ts";

/** What the routes work on. */
export interface Services {
	readonly world: World;
	readonly commands: CommandStore;
	readonly interactions: InteractionStore;
	readonly gatewayUrl: () => string;
	readonly sessionStarts: () => { readonly used: number; readonly total: number; readonly shards: number };
}

/** A response with a 2xx status. Without a body it has no content type. */
export interface Answer {
	readonly status: number;
	readonly body?: object;
}

export interface Route {
	readonly method: string;
	/** The path, with {names} in place of ids. */
	readonly template: string;
	/** False if the token in the path is enough. */
	readonly needsToken: boolean;
	readonly handle: (request: ApiRequest, services: Services) => Answer;
}

export const ok = (body: object): Answer => ({ status: 200, body });
export const noContent: Answer = { status: 204 };

/** A route that needs the bot's token. */
export function route(method: string, template: string, handle: Route["handle"]): Route {
	return { method, template, needsToken: true, handle };
}

/** A route of an interaction: its own token authorises it, and the bot's global limit does not count it. */
export function interactionRoute(method: string, template: string, handle: Route["handle"]): Route {
	return { method, template, needsToken: false, handle };
}

/** The value in the path for a name in the template. */
export function param(request: ApiRequest, name: string): string {
	const value = request.params[name];
	if (value === undefined) throw new Error(`${request.route} has no {${name}}`);
	return value;
}

export interface Match {
	readonly route: Route;
	readonly params: Readonly<Record<string, string>>;
}

/** Finds the route for a path (without /api/v10). A literal part takes precedence over a name. */
export function matchRoute(routes: readonly Route[], method: string, path: string): Match | undefined {
	const parts = path.split("/");
	const matches = routes.flatMap((route): Match[] => {
		const params = route.method === method ? matchTemplate(route.template.split("/"), parts) : undefined;
		return params ? [{ route, params }] : [];
	});
	return matches.toSorted((one, other) => Object.keys(one.params).length - Object.keys(other.params).length)[0];
}

function matchTemplate(template: readonly string[], parts: readonly string[]): Record<string, string> | undefined {
	if (template.length !== parts.length) return undefined;
	const params: Record<string, string> = {};
	for (const [index, expected] of template.entries()) {
		const actual = decodeURIComponent(parts[index] ?? "");
		if (expected.startsWith("{")) params[expected.slice(1, -1)] = actual;
		else if (expected !== actual) return undefined;
	}
	return params;
}

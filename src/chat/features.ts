import { UserError } from "../core/errors.ts";
import type { Options } from "./command.ts";
import type { Feature, Platform } from "./platform.ts";

/** Refusals for a feature that the platform lacks. */
const MISSING_FEATURE: Readonly<Record<Feature, readonly [message: string, remedy: string]>> = {
	roles: [
		"Only Discord has roles to notify. Nothing was changed.",
		"Leave `role:` out: members choose in the channel's settings what notifies them.",
	],
	publishing: [
		"Only Discord's announcement channels can publish a post. Nothing was changed.",
		"Leave `publish:` out, and share the post where else it should be read.",
	],
};

export const has = ({ features = [] }: Platform, feature: Feature): boolean => features.includes(feature);

/** The options that make sense on a platform. */
export const optionsOn = (platform: Platform, options: Options): Options =>
	Object.fromEntries(Object.entries(options).filter(([, { needs }]) => needs === undefined || has(platform, needs)));

/**
 * Refuses options that need a feature the platform lacks.
 * @throws UserError
 */
export function refuseLacking(platform: Platform, options: Options, raw: Readonly<Record<string, string>>): void {
	for (const [name, { needs }] of Object.entries(options)) {
		if (needs === undefined || (raw[name] ?? "") === "" || has(platform, needs)) continue;
		throw new UserError(...MISSING_FEATURE[needs], name);
	}
}

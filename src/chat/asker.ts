import type { Asker } from "../core/service/services.ts";
import type { Context } from "./command.ts";

/** On whose behalf a command runs, as the question service wants it. */
export function askerOf(context: Context): Asker {
	const { workspace, member, place } = context;
	return { workspace, member, channelId: place.kind === "direct" ? null : place.channelId };
}

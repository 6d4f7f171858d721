/** A separate process that looks tokens up; the tests start two of it. */

import { randomUUID } from "node:crypto";
import type { webApi } from "@slack/bolt";
import { z } from "zod";
import { systemClock } from "../../../src/adapters/clock.ts";
import { KeyRing } from "../../../src/adapters/keys.ts";
import { openServer } from "../../../src/adapters/postgres/open.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { Installations } from "../../../src/adapters/slack/install/installations.ts";
import { tokenRefresher } from "../../../src/adapters/slack/install/oauth.ts";
import { MIGRATIONS, SIGNING_KEY } from "./places.ts";

const settings = z
	.object({ url: z.string(), apiUrl: z.string(), clientId: z.string(), clientSecret: z.string() })
	.parse(JSON.parse(process.argv[2] ?? ""));
const database = await openServer(settings.url, MIGRATIONS, 4);
const store = createStore(database.db);
const options: webApi.WebClientOptions = { slackApiUrl: settings.apiUrl, retryConfig: { retries: 0 }, timeout: 5000 };
const worker = randomUUID();

process.on("message", async (message) => {
	const { workspaceId, at } = z.object({ workspaceId: z.string(), at: z.number() }).parse(message);
	const installations = new Installations({
		db: database.db,
		store,
		keys: new KeyRing(SIGNING_KEY),
		clock: systemClock,
		worker,
		refresh: tokenRefresher({ ...settings, signingSecret: "" }, options, systemClock),
		isDead: async () => false,
		refreshFailed: () => undefined,
	});
	// Both begin at the same instant.
	while (Date.now() < at) await new Promise((resolve) => setImmediate(resolve));
	const found = await Promise.all([
		installations.of(workspaceId),
		installations.of(workspaceId),
		installations.of(workspaceId),
	]);
	process.send?.(found.map((access) => access?.token ?? null));
});
process.on("disconnect", () => void database.close().then(() => process.exit(0)));
process.send?.("ready");

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { OPTIONAL_SCOPES, SCOPES } from "../../../src/adapters/slack/install/oauth.ts";
import { ANSWER_SHORTCUT, COMMAND, EVENTS } from "../../../src/adapters/slack/transport/listeners.ts";
import { EVENTS_PATH, REDIRECT_PATH } from "../../../src/adapters/slack/transport/server.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";

const root = join(import.meta.dirname, "../../..");
const text = readFileSync(join(root, "slack-manifest.yaml"), "utf8");

/** Slack's limits of a manifest, as far as we use it; anything else is a fault. */
const manifestSchema = z.strictObject({
	display_information: z.strictObject({
		name: z.string().max(35),
		description: z.string().max(140),
		background_color: z.string().regex(/^#[0-9a-f]{6}$/),
	}),
	features: z.strictObject({
		app_home: z.strictObject({
			home_tab_enabled: z.literal(true),
			messages_tab_enabled: z.literal(true),
			messages_tab_read_only_enabled: z.boolean(),
		}),
		bot_user: z.strictObject({ display_name: z.string().max(80), always_online: z.boolean() }),
		slash_commands: z.array(
			z.strictObject({
				command: z.string().max(32),
				url: z.string().max(3000).optional(),
				description: z.string().max(2000),
				usage_hint: z.string().max(1000),
				should_escape: z.literal(true),
			}),
		),
		shortcuts: z.array(
			z.strictObject({
				name: z.string().max(24),
				type: z.literal("message"),
				callback_id: z.string().max(255),
				description: z.string().max(150),
			}),
		),
	}),
	oauth_config: z.strictObject({
		redirect_urls: z.array(z.string()).optional(),
		scopes: z.strictObject({ bot: z.array(z.string()).max(255), bot_optional: z.array(z.string()) }),
	}),
	settings: z.strictObject({
		event_subscriptions: z.strictObject({
			request_url: z.string().optional(),
			bot_events: z.array(z.string()).max(100),
		}),
		interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: z.string().optional() }),
		org_deploy_enabled: z.boolean(),
		socket_mode_enabled: z.boolean(),
		token_rotation_enabled: z.boolean(),
	}),
});

const manifest = manifestSchema.parse(parse(text));

test("has exactly the program's command, events and scopes", () => {
	expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND]);
	expect(manifest.features.shortcuts.map(({ callback_id }) => callback_id)).toEqual([ANSWER_SHORTCUT]);
	expect(manifest.settings.event_subscriptions.bot_events).toEqual([...EVENTS]);
	expect(manifest.oauth_config.scopes.bot).toEqual([...SCOPES, ...OPTIONAL_SCOPES]);
	// Slack marks those of the bot's scopes as optional.
	expect(manifest.oauth_config.scopes.bot_optional.toSorted()).toEqual([...OPTIONAL_SCOPES]);
});

test("hints only at commands that exist", () => {
	const [slash] = manifest.features.slash_commands;
	for (const word of (slash?.usage_hint ?? "").split(", "))
		expect(
			COMMANDS.some(({ name }) => name.split(" ")[0] === word),
			word,
		).toBe(true);
});

test("works for HTTP too once its marked lines are filled in", () => {
	const http = text.replace(/^( *)# HTTP: /gm, "$1").replace("socket_mode_enabled: true", "socket_mode_enabled: false");
	const filled = manifestSchema.parse(parse(http));
	const address = `https://nlpq.example.org${EVENTS_PATH}`;
	expect(filled.features.slash_commands[0]?.url).toBe(address);
	expect(filled.settings.event_subscriptions.request_url).toBe(address);
	expect(filled.settings.interactivity.request_url).toBe(address);
	expect(filled.oauth_config.redirect_urls).toEqual([`https://nlpq.example.org${REDIRECT_PATH}`]);
});

test("explains every scope", () => {
	const guide = readFileSync(join(root, "docs/slack.md"), "utf8");
	for (const scope of [...SCOPES, ...OPTIONAL_SCOPES, "connections:write"]) expect(guide).toContain(`\`${scope}\``);
});

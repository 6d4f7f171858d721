import * as z from "zod";
import { defaultDataFolder } from "./adapters/files/data-folder.ts";
import { readAddress } from "./adapters/postgres/server/address.ts";
import { UserError } from "./core/errors.ts";

const LEVELS = ["trace", "debug", "info", "warn", "error", "silent"] as const;

/** Reports what is wrong with the address, without quoting it. */
function isAddress(text: string, context: z.RefinementCtx): void {
	try {
		readAddress(text, {});
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		context.addIssue({ code: "custom", message: `${error.message} ${error.remedy}` });
	}
}

/** For each variable: its rule, what it expects in words, and whether its value is a secret. */
const variables = {
	NLPQ_DATA_DIR: { rule: z.string().min(1).default(defaultDataFolder), expected: "a folder", secret: false },
	NLPQ_CLOCK: {
		rule: z.iso
			.datetime({ offset: true })
			.transform((text) => new Date(text))
			.optional(),
		expected: "an instant such as 2027-03-08T06:59:00Z",
		secret: false,
	},
	NLPQ_SEED: { rule: z.coerce.number().int().min(0).optional(), expected: "a whole number", secret: false },
	DATABASE_URL: {
		rule: z.string().superRefine(isAddress).optional(),
		expected: "an address such as postgres://user:password@localhost:5432/nlpq",
		secret: true,
	},
	DATABASE_POOL: {
		rule: z.coerce.number().int().min(2).max(200).default(10),
		expected: "a number of connections from 2 to 200",
		secret: false,
	},
	LOG_LEVEL: { rule: z.enum(LEVELS).default("info"), expected: `one of ${LEVELS.join(", ")}`, secret: false },
	DISCORD_TOKEN: { rule: z.string().min(1).optional(), expected: "the bot's token", secret: true },
	DISCORD_API_URL: { rule: z.url().optional(), expected: "an address without the version", secret: false },
	DISCORD_GUILD_ID: {
		rule: z
			.string()
			.regex(/^\d{1,20}$/)
			.optional(),
		expected: "a server's id, digits alone",
		secret: false,
	},
	DISCORD_SHARDS: {
		rule: z.union([z.literal("auto"), z.coerce.number().int().min(1)]).optional(),
		expected: "auto or a number",
		secret: false,
	},
	SLACK_BOT_TOKEN: {
		rule: z.string().startsWith("xoxb-").optional(),
		expected: "a token that begins with xoxb-",
		secret: true,
	},
	SLACK_APP_TOKEN: {
		rule: z.string().startsWith("xapp-").optional(),
		expected: "a token that begins with xapp-",
		secret: true,
	},
	SLACK_SIGNING_SECRET: { rule: z.string().min(16).optional(), expected: "the app's signing secret", secret: true },
	SLACK_CLIENT_ID: { rule: z.string().min(1).optional(), expected: "the app's client id", secret: false },
	SLACK_CLIENT_SECRET: { rule: z.string().min(1).optional(), expected: "the app's client secret", secret: true },
	SLACK_STATE_SECRET: { rule: z.string().min(16).optional(), expected: "at least 16 random characters", secret: true },
	SLACK_API_URL: { rule: z.url().optional(), expected: "an address", secret: false },
	NLPQ_ENCRYPTION_KEY: {
		rule: z.string().min(1).optional(),
		expected: "keys as id:base64, joined by commas, the newest first",
		secret: true,
	},
	PORT: {
		rule: z.coerce.number().int().min(0).max(65_535).optional(),
		expected: "a port from 0 to 65535",
		secret: false,
	},
	PUBLIC_URL: {
		rule: z.url({ protocol: /^https?$/ }).optional(),
		expected: "the public address of this server",
		secret: false,
	},
	NLPQ_HTTP_HOST: {
		rule: z.string().min(1).default("127.0.0.1"),
		expected: "an address to listen on; 0.0.0.0 for all",
		secret: false,
	},
	NLPQ_HEALTH_PORT: {
		rule: z.coerce.number().int().min(0).max(65_535).optional(),
		expected: "a port from 0 to 65535; none is served without it",
		secret: false,
	},
	NLPQ_HEALTH_HOST: {
		rule: z.string().min(1).default("127.0.0.1"),
		expected: "an address to listen on; 0.0.0.0 for all",
		secret: false,
	},
	NO_COLOR: { rule: z.string().optional(), expected: "anything", secret: false },
} as const;

type Name = keyof typeof variables;
type Configuration = { readonly [Variable in Name]: z.infer<(typeof variables)[Variable]["rule"]> };
export type Config = Readonly<Configuration>;

/** The settings by name, with what each expects; scripts/docs.ts writes the documentation's table from them. */
export const SETTINGS = Object.entries(variables).map(([name, { rule, expected, secret }]) => {
	const preset: unknown = rule.safeParse(undefined).data;
	return { name, expected, secret, preset: preset === undefined ? "" : String(preset) };
});

/** The value as given; a secret is masked after its first characters. */
function shown(value: string, secret: boolean): string {
	if (!secret) return `"${value.slice(0, 60)}"`;
	return value.length > 8 ? `"${value.slice(0, 4)}…" (${value.length} characters)` : "(hidden)";
}

/** Whether output may have colours. Asks for no other setting, so that help is shown where another one is wrong. */
export const wantsColours = ({ NO_COLOR }: Readonly<Record<string, string | undefined>>): boolean => !NO_COLOR;

/**
 * Reads the environment once.
 * @throws UserError that lists every fault: the variable, its value, what is expected, and the remedy
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
	const faults: string[] = [];
	const values: Record<string, unknown> = {};
	for (const [name, { rule, expected, secret }] of Object.entries(variables)) {
		const value = environment[name]?.trim();
		const parsed = rule.safeParse(value === "" ? undefined : value);
		const own = parsed.error?.issues.find(({ code }) => code === "custom");
		if (parsed.success) values[name] = parsed.data;
		else if (own) faults.push(own.message);
		else faults.push(`${name} is ${shown(value ?? "", secret)}: expected ${expected}. Correct it, or leave it out.`);
	}
	if (faults.length > 0)
		throw new UserError(
			`The settings have ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n- ${faults.join("\n- ")}`,
			"They are explained in .env.example.",
		);
	// Every variable of the table has been parsed by its own rule.
	return values as Config;
}

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { SETTINGS } from "../../src/config.ts";

const read = (file: string) => readFileSync(file, "utf8");
/** The folder that the image uses for data. */
const SET_BY_IMAGE = ["NLPQ_DATA_DIR"];
const EXACT = /:\d+\.\d+(\.\d+)?(-[a-z]+)?(@sha256:[0-9a-f]{64})?$/;

const serviceSchema = z.looseObject({
	image: z.string().optional(),
	environment: z.record(z.string(), z.string()).default({}),
	healthcheck: z.looseObject({ test: z.array(z.string()) }).optional(),
	user: z.string().optional(),
	read_only: z.boolean().optional(),
	volumes: z.array(z.string()).default([]),
	ports: z.array(z.string()).default([]),
	restart: z.string().optional(),
	depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const composeSchema = z.looseObject({
	services: z.object({ postgres: serviceSchema, settings: serviceSchema, bot: serviceSchema }),
	volumes: z.record(z.string(), z.unknown()),
});

/** What an operator would regret about a compose file; empty if nothing. */
function faultsOfCompose(text: string): string[] {
	const { services, volumes } = composeSchema.parse(parse(text, { merge: true }));
	const { postgres, settings, bot } = services;
	const faults: string[] = [];
	if (!EXACT.test(postgres.image ?? "")) faults.push(`floating tag ${postgres.image}`);
	if (!/^postgres:18\./.test(postgres.image ?? "")) faults.push("not Postgres 18");
	if (!postgres.healthcheck) faults.push("postgres has no health check");
	if (!bot.read_only) faults.push("the bot's root file system is writable");
	if ([postgres.user, bot.user].some((user) => /^(0|root)(:|$)/.test(user ?? ""))) faults.push("root user");
	const [volume = ""] = (postgres.volumes[0] ?? "").split(":");
	if (!(volume in volumes)) faults.push("the data has no named volume");
	for (const { environment } of [postgres, bot])
		for (const [name, value] of Object.entries(environment)) {
			const secrets = /:\/\/[^:]+:([^@]+)@/.exec(value) ?? (/PASSWORD/.test(name) ? [value, value] : null);
			if (secrets && !/^\$\{\w+:\?[^}]+\}$/.test(secrets[1] ?? "")) faults.push(`${name} has a password that works`);
		}
	if (settings.restart !== "no" || bot.depends_on.settings?.condition !== "service_completed_successfully")
		faults.push("a mistake in the settings restarts the bot for ever");
	for (const name of ["PORT", "NLPQ_HEALTH_PORT"])
		if (!bot.ports.some((port) => new RegExp(`^127\\.0\\.0\\.1:(\\$\\{${name}:-\\d+\\}):\\1$`).test(port)))
			faults.push(`${name} is not published to this machine alone`);
	const known = SETTINGS.map(({ name }) => name);
	for (const name of Object.keys(bot.environment)) if (!known.includes(name)) faults.push(`no such setting ${name}`);
	for (const name of known)
		if (!(name in bot.environment) && !SET_BY_IMAGE.includes(name)) faults.push(`${name} does not reach the bot`);
	return faults;
}

/** What an operator would regret about an image. */
function faultsOfImage(text: string): string[] {
	const steps = text.replaceAll(/\\\n\s*/g, " ").split("\n");
	const last = steps.slice(steps.findLastIndex((step) => step.startsWith("FROM ")));
	const faults: string[] = [];
	for (const step of steps) {
		const [, base] = /^FROM (\S+)/.exec(step) ?? [];
		if (base && !EXACT.test(base)) faults.push(`floating tag ${base}`);
		if (/^ENV .*(TOKEN|PASSWORD|SECRET)/.test(step)) faults.push("a secret in the image");
	}
	const user = last.findLast((step) => step.startsWith("USER "))?.slice(5) ?? "root";
	if (/^(0|root)(:|$)/.test(user)) faults.push("root user");
	if (!last.some((step) => step.startsWith("HEALTHCHECK ") && step.includes("CMD"))) faults.push("no health check");
	const sources = steps.filter((step) => /^COPY (?!--from)/.test(step)).flatMap((step) => step.split(" ").slice(1, -1));
	for (const source of sources) if (!existsSync(source)) faults.push(`${source} is not there to be copied`);
	const ignored = read(".dockerignore").split("\n");
	for (const source of sources)
		if (!ignored.includes(`!${source.replace(/^\.\//, "").split("/")[0]}`))
			faults.push(`.dockerignore hides ${source}`);
	return faults;
}

const compose = read("docker-compose.yml");
const image = read("Dockerfile");

describe("docker-compose.yml", () => {
	test("has no such faults", () => {
		expect(faultsOfCompose(compose)).toEqual([]);
	});

	test.each([
		["postgres:18.1-bookworm", "postgres:latest", "floating tag postgres:latest"],
		["postgres:18.1-bookworm", "postgres:17.2", "not Postgres 18"],
		["    healthcheck:", "    labels:", "postgres has no health check"],
		["  read_only: true\n", "", "the bot's root file system is writable"],
		["  init: true\n", "  user: root\n", "root user"],
		["- postgres:/var", "- ./here:/var", "the data has no named volume"],
		[/\$\{POSTGRES_PASSWORD:\?[^}]*\}@/, "nlpq@", "DATABASE_URL has a password that works"],
		[
			/PASSWORD: \$\{POSTGRES_PASSWORD:\?/,
			"PASSWORD: ${POSTGRES_PASSWORD:-",
			"POSTGRES_PASSWORD has a password that works",
		],
		["    LOG_LEVEL:", "    LOGS:", "LOG_LEVEL does not reach the bot"],
		["    LOG_LEVEL:", "    LOGS:", "no such setting LOGS"],
		['    restart: "no"\n', "", "a mistake in the settings restarts the bot for ever"],
		["service_completed_successfully", "service_started", "a mistake in the settings restarts the bot for ever"],
		["127.0.0.1:${NLPQ_HEALTH_PORT", "${NLPQ_HEALTH_PORT", "NLPQ_HEALTH_PORT is not published to this machine alone"],
	] as const)("with %s as %s it would not pass", (whole, broken, fault) => {
		expect(compose).toMatch(whole);
		expect(faultsOfCompose(compose.replace(whole, broken))).toContain(fault);
	});
});

describe("the image", () => {
	test("is small, does not run as root, and contains everything it copies", () => {
		expect(faultsOfImage(image)).toEqual([]);
	});

	test.each([
		[/FROM node:\S+-slim\n/, "FROM node:slim\n", "floating tag node:slim"],
		["USER node", "USER root", "root user"],
		["USER node\n", "", "root user"],
		["HEALTHCHECK ", "LABEL ", "no health check"],
		["COPY questions", "COPY answers", "answers is not there to be copied"],
		["COPY questions", "COPY docs", ".dockerignore hides docs"],
		["ENV NODE_ENV", "ENV DISCORD_TOKEN=abc NODE_ENV", "a secret in the image"],
	] as const)("with %s as %s it would not pass", (whole, broken, fault) => {
		expect(image).toMatch(whole);
		expect(faultsOfImage(image.replace(whole, broken))).toContain(fault);
	});

	test("has every package that the program imports after development packages are removed", () => {
		const { dependencies } = z
			.object({ dependencies: z.record(z.string(), z.string()) })
			.parse(JSON.parse(read("package.json")));
		const files = ["src", "drizzle"].flatMap((folder) =>
			readdirSync(folder, { recursive: true, encoding: "utf8" })
				.filter((file) => file.endsWith(".ts"))
				.map((file) => `${folder}/${file}`),
		);
		expect(files.length).toBeGreaterThan(100);
		const imported = new Set<string>();
		for (const file of files)
			for (const [, name = ""] of read(file).matchAll(/^import (?!type\b)[^;]*?["']([^."'][^"']*)["'];/gm)) {
				const parts = name.split("/");
				imported.add(name.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? ""));
			}
		const missing = [...imported].filter(
			(name) => !(name in dependencies) && !name.startsWith("node:") && !builtinModules.includes(name),
		);
		expect(missing).toEqual([]);
	});
});

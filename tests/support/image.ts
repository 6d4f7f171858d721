import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";

/** One instruction of a Dockerfile. */
interface Step {
	readonly name: string;
	readonly rest: string;
}

/** A build stage: its own root folder, and what later steps refer to. */
interface Stage {
	readonly root: string;
	folder: string;
	readonly environment: Record<string, string>;
}

/** The image's file tree, made by the Dockerfile's own steps, and how to start it. */
export interface ImageTree {
	/** The folder of the image's working directory. */
	readonly folder: string;
	readonly environment: Readonly<Record<string, string>>;
	readonly command: readonly string[];
	readonly healthcheck: readonly string[];
	remove(): void;
}

const lockSchema = z.object({ packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })) });
const wordsSchema = z.array(z.string());

const stepsOf = (dockerfile: string): Step[] =>
	dockerfile
		.replaceAll(/\\\n\s*/g, " ")
		.split("\n")
		.flatMap((line) => {
			const [, name, rest] = /^([A-Z]+) (.*)$/.exec(line) ?? [];
			return name !== undefined && rest !== undefined ? [{ name, rest }] : [];
		});

/** The lockfile's top-level packages that are installed here. */
function packages(kind: "all" | "for development"): string[] {
	const { packages: locked } = lockSchema.parse(JSON.parse(readFileSync("package-lock.json", "utf8")));
	return Object.entries(locked)
		.filter(([path, { dev }]) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(path) && (kind === "all" || dev === true))
		.map(([path]) => path)
		.filter((path) => existsSync(path));
}

/** Like `npm ci`, but copies the packages installed here: nothing is downloaded. */
function install(folder: string): void {
	for (const path of packages("all")) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		symlinkSync(resolve(path), join(folder, path));
	}
}

/** Does what a RUN step does. @throws Error for an unknown step */
function run(command: string, { root, folder }: Stage): void {
	const [, made] = /^mkdir (\/\S+)$/.exec(command) ?? [];
	if (command.startsWith("npm ci ")) install(folder);
	else if (command.startsWith("npm prune --omit=dev"))
		for (const path of packages("for development")) rmSync(join(folder, path));
	// Types are checked elsewhere.
	else if (command === "npm run build")
		execFileSync("npm", ["run", "build", "--", "--no-check"], { cwd: folder, stdio: "pipe" });
	else if (made !== undefined) mkdirSync(join(root, made), { recursive: true });
	// The user who runs the tests owns every file, so there is nothing to change.
	else if (!/^chown \S+ \/\S+$/.test(command)) throw new Error(`a step that the tests cannot take: RUN ${command}`);
}

/** Copies from the sources that .dockerignore allows, or from an earlier stage. */
function copy(rest: string, stage: Stage, stages: ReadonlyMap<string, Stage>): void {
	const words = rest.split(" ");
	const [, from] = /--from=(\S+)/.exec(rest) ?? [];
	const paths = words.filter((word) => !word.startsWith("--"));
	const target = paths.pop() ?? "";
	const lines = readFileSync(".dockerignore", "utf8").split("\n");
	for (const path of paths) {
		if (from === undefined && !lines.includes(`!${path.split("/")[0]}`)) throw new Error(`.dockerignore hides ${path}`);
		const source = from === undefined ? path : join(stages.get(from)?.root ?? "", path);
		const into = target.endsWith("/") ? join(target, basename(path)) : target;
		cpSync(source, resolve(stage.folder, into), { recursive: true, verbatimSymlinks: true });
	}
}

/** The words of CMD, which the Dockerfile writes as JSON. */
const wordsOf = (rest: string): string[] => wordsSchema.parse(JSON.parse(rest.slice(rest.indexOf("["))));

/** Follows the Dockerfile in a temporary folder, since Docker cannot run everywhere that the tests do. */
export function buildImageTree(): ImageTree {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-image-"));
	const stages = new Map<string, Stage>();
	let stage: Stage = { root: folder, folder, environment: {} };
	let [command, healthcheck]: [string[], string[]] = [[], []];
	for (const { name, rest } of stepsOf(readFileSync("Dockerfile", "utf8"))) {
		if (name === "FROM") {
			const [, alias = "final"] = / AS (\S+)$/.exec(rest) ?? [];
			const root = join(folder, alias);
			mkdirSync(root);
			stage = { root, folder: root, environment: {} };
			stages.set(alias, stage);
		} else if (name === "WORKDIR") {
			stage.folder = join(stage.root, rest);
			mkdirSync(stage.folder, { recursive: true });
		} else if (name === "COPY") copy(rest, stage, stages);
		else if (name === "RUN") for (const part of rest.split(" && ")) run(part, stage);
		else if (name === "ENV")
			for (const [, key = "", value = ""] of rest.matchAll(/(\w+)=(\S+)/g))
				stage.environment[key] = value.startsWith("/") ? join(stage.root, value) : value;
		else if (name === "HEALTHCHECK") healthcheck = wordsOf(rest);
		else if (name === "CMD") command = wordsOf(rest);
	}
	rmSync(join(folder, "build"), { recursive: true });
	return {
		folder: stage.folder,
		environment: stage.environment,
		command,
		healthcheck,
		remove: () => rmSync(folder, { recursive: true, force: true }),
	};
}

/** All files in a folder, without the packages. */
export const filesOf = (folder: string): string[] =>
	readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((file) => !file.startsWith("node_modules"))
		.sort();

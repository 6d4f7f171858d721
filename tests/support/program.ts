import { type ChildProcess, spawn } from "node:child_process";
import { userInfo } from "node:os";
import { createInterface } from "node:readline";
import { z } from "zod";
import { TEST_SEED } from "./dice.ts";
import { addToRunLog } from "./run-log.ts";

/** The clock of most tests at the terminal: half an hour after the daily question is due. */
export const CLOCK = "2027-03-08T09:30:00Z";

/** The member at the terminal of a run. */
export const OWNER = userInfo().username;

const textSchema = z.union([
	z.string(),
	z.array(
		z.union([
			z.string(),
			z.strictObject({ type: z.enum(["plain", "strong", "code"]), text: z.string() }),
			z.strictObject({ type: z.literal("channel"), id: z.string().min(1), name: z.string().min(1) }),
			z.strictObject({
				type: z.literal("command"),
				name: z.string().min(1),
				id: z.string().nullable(),
				options: z.string(),
			}),
			z.strictObject({ type: z.literal("link"), url: z.url() }),
			z.strictObject({ type: z.literal("instant"), at: z.iso.datetime(), zone: z.string() }),
		]),
	),
]);
const callSchema = z.strictObject({ command: z.string().min(1), options: z.record(z.string(), z.string()) });
const buttonSchema = z.strictObject({
	label: z.string().min(1),
	call: callSchema,
	style: z.enum(["primary", "secondary", "danger"]),
});
const pictureSchema = z.looseObject({ type: z.enum(["heat-map", "profile", "recall-map"]), title: z.string() });
const blockSchema = z.discriminatedUnion("type", [
	z.strictObject({ type: z.literal("text"), text: textSchema }),
	z.strictObject({ type: z.literal("heading"), text: z.string().min(1) }),
	z.strictObject({
		type: z.literal("list"),
		marker: z.enum(["bullet", "number", "letter"]),
		items: z.array(textSchema).min(1),
	}),
	z.strictObject({
		type: z.literal("facts"),
		facts: z.array(z.strictObject({ name: z.string(), value: textSchema })).min(1),
	}),
	z.strictObject({ type: z.literal("quote"), text: z.string() }),
	z.strictObject({ type: z.literal("preformatted"), text: z.string().min(1), narrowable: z.literal(true).optional() }),
	z.strictObject({
		type: z.literal("typed"),
		fields: z.array(z.strictObject({ name: z.string(), label: z.string(), text: z.string() })).min(1),
		reopen: callSchema.extend({ reopen: z.literal(true) }).nullable(),
	}),
	z.strictObject({ type: z.literal("note"), text: textSchema }),
	z.strictObject({ type: z.literal("picture"), picture: pictureSchema, alternative: z.string().min(1) }),
	z.strictObject({ type: z.literal("actions"), buttons: z.array(buttonSchema) }),
	z.strictObject({
		type: z.literal("checklist"),
		label: z.string(),
		items: z.array(z.string()).min(1),
		ticked: z.array(z.number()).nullish(),
		call: callSchema,
		option: z.string(),
	}),
]);
const cardSchema = z.strictObject({
	tone: z.enum(["plain", "question", "good", "warning", "error"]),
	title: z.string().min(1).max(150),
	blocks: z.array(blockSchema),
	prominent: z.boolean().optional(),
});
const common = { text: z.string().min(1), card: cardSchema, data: z.record(z.string(), z.unknown()) };

/** A line of `--json`: to a named member, or to the channel. */
export const replySchema = z.discriminatedUnion("audience", [
	z.strictObject({ audience: z.literal("member"), to: z.string().min(1), ...common }),
	z.strictObject({ audience: z.literal("channel"), to: z.null(), ...common }),
]);
export type ProgramReply = z.infer<typeof replySchema>;

export interface ProgramOptions {
	/** The data folder; not needed with a server. */
	readonly folder?: string;
	/** The instant at which the clock is frozen; the machine's clock by default. */
	readonly clock?: string;
	/** Further environment variables. */
	readonly env?: Readonly<Record<string, string>>;
	/** Replaces `--json`. */
	readonly args?: readonly string[];
}

/** The result of a run of the program. */
export interface Run {
	readonly code: number | null;
	readonly signal: NodeJS.Signals | null;
	readonly out: string;
	readonly err: string;
}

/** Starts the compiled program like a user with piped input, in UTC, without the tests' own environment. */
export function startProgram(options: ProgramOptions): ChildProcess {
	const { folder, clock, env = {}, args: flags = ["--json"] } = options;
	return spawn(process.execPath, ["dist/src/main.js", ...flags], {
		env: {
			PATH: process.env.PATH ?? "",
			HOME: process.env.HOME ?? "",
			TZ: "UTC",
			NLPQ_SEED: String(TEST_SEED),
			...(folder === undefined ? {} : { NLPQ_DATA_DIR: folder }),
			...(clock === undefined ? {} : { NLPQ_CLOCK: clock }),
			...env,
		},
		stdio: "pipe",
	});
}

/** Collects everything that a started program prints until it ends. */
export function untilEnd(program: ChildProcess): Promise<Run> {
	return new Promise((resolve, reject) => {
		let [out, err] = ["", ""];
		program.stdout?.setEncoding("utf8").on("data", (text: string) => {
			out += text;
		});
		program.stderr?.setEncoding("utf8").on("data", (text: string) => {
			err += text;
		});
		program.once("error", reject);
		program.once("close", (code, signal) => {
			addToRunLog(err);
			resolve({ code, signal, out, err });
		});
	});
}

/** Runs the program on lines of input, to its end. */
export function runProgram(lines: readonly string[], options: ProgramOptions): Promise<Run> {
	const program = startProgram(options);
	// A program that refuses to start does not read its input.
	program.stdin?.on("error", () => undefined);
	program.stdin?.end(lines.map((line) => `${line}\n`).join(""));
	return untilEnd(program);
}

/** The replies of a run that must have succeeded, each checked against the schema. */
export function repliesOf(run: Run): ProgramReply[] {
	if (run.code !== 0) throw new Error(`the program ended with ${run.code ?? run.signal}:\n${run.err}\n${run.out}`);
	const lines = run.out.split("\n").filter((line) => line !== "");
	return lines.map((line) => replySchema.parse(JSON.parse(line)));
}

/** Runs lines of input and returns the replies. */
export async function converse(lines: readonly string[], options: ProgramOptions): Promise<ProgramReply[]> {
	return repliesOf(await runProgram(lines, options));
}

/** The lines that a program prints, one by one, while it lives. */
export async function* linesOf(program: ChildProcess): AsyncGenerator<string> {
	if (!program.stdout) return;
	yield* createInterface({ input: program.stdout });
}

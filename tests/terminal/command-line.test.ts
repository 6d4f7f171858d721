import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { helpText } from "../../src/run/help-text.ts";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { TEST_SEED } from "../support/dice.ts";
import { isQuickRun } from "../support/effort.ts";

const PROGRAM = join(process.cwd(), "dist/src/main.js");
const CLOCK = ["--clock", "2027-03-08T09:30:00Z"];

interface Settings {
	readonly folder: string;
	readonly input?: string;
	readonly zone?: string;
}

/** Runs the program in a separate folder, to its end. */
function run(args: readonly string[], { folder, input = "", zone = "UTC" }: Settings) {
	const env = { PATH: process.env.PATH, HOME: folder, TZ: zone, NLPQ_SEED: String(TEST_SEED) };
	const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
		cwd: folder,
		env,
		input,
		encoding: "utf8",
	});
	return { code: status, out: stdout, err: stderr };
}

test("asking for help creates nothing, and nonsense exits with 2 and a suggestion", () => {
	const folder = freshFolder();
	expect(run(["--help"], { folder })).toMatchObject({ code: 0, out: expect.stringContaining("nlpq today") });
	expect(run(["--version"], { folder })).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
	expect(run(["backup", "--help"], { folder })).toMatchObject({ code: 0, out: expect.stringContaining("[file]") });
	const practice = {
		code: 0,
		out: expect.stringMatching(/^\nnlpq practice\n[\s\S]+ `nlpq practice due 5`\n$/),
		err: "",
	};
	expect(run(["practice", "--help"], { folder })).toMatchObject(practice);
	expect(run(["help"], { folder })).toMatchObject({ code: 0, out: expect.stringContaining("`nlpq today`: ") });
	const unknown = run(["--json", "help", "practise"], { folder });
	expect(unknown.code).toBe(1);
	expect(JSON.parse(unknown.out)).toMatchObject({ card: { tone: "error", title: 'There is no command "practise".' } });
	const refused: readonly [string[], RegExp][] = [
		[["--jsn"], /no --jsn\. Did you mean --json\?/],
		[["--clock", "tomorrow"], /--clock needs an instant/],
		[["tody"], /no command "tody"\. Did you mean `nlpq today`\?/],
		[["interview"], /Did you mean `nlpq settings interview`\?/],
		[["restore", "--replce", "file"], /Did you mean --replace\?/],
		[["migrate", "now"], /Unexpected argument "now"/],
	];
	for (const [args, said] of isQuickRun ? refused.slice(0, 3) : refused)
		expect(run(args, { folder })).toMatchObject({ code: 2, out: "", err: expect.stringMatching(said) });
	expect(readdirSync(folder)).toEqual([]);
});

test("one command runs and ends: today, an answer from a file", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(join(folder, "data"));
	const today = run([...CLOCK, "today"], { folder });
	expect(today).toMatchObject({ code: 0, err: "" });
	expect(today.out).toMatch(/^\nToday's question #1/);
	// Nothing is kept of a text that was piped, and no number stands on a card without actions.
	const short = run([...CLOCK, "answer", "today"], { folder, input: "No.\n" });
	expect(short).toMatchObject({ code: 1, out: expect.stringContaining("Nothing was recorded") });
	expect(short.out).not.toContain("Your text is kept");
	const none = run([...CLOCK, "history"], { folder });
	expect(none).toMatchObject({ code: 0, out: expect.stringMatching(/Your answers: 0[\s\S]+`nlpq random`\.\n$/) });
	const input = "First what it is.\n\nThen what it costs.\n";
	const answer = run([...CLOCK, "answer", "today"], { folder, input });
	expect(answer).toMatchObject({ code: 0, out: expect.stringContaining("Counted for today. Your streak is 1.") });
});

test("a misspelt command with its options exits with 2 and comes back whole, as it should be typed", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(join(folder, "data"));
	const misspelt = run([...CLOCK, "anser", "today", "hello", "there"], { folder });
	expect(misspelt).toMatchObject({ code: 2, out: "" });
	expect(misspelt.err).toContain('There is no command "anser". Did you mean `nlpq answer today hello there`?');
});

test.skipIf(isQuickRun)(
	"one command runs whatever TZ holds, even an unknown zone, and exits with 1 if it is refused",
	async () => {
		const folder = freshFolder();
		await prepareFolderWithBank(join(folder, "data"));
		const today = run([...CLOCK, "today"], { folder, zone: "" });
		expect(today).toMatchObject({ code: 0, err: "" });
		expect(today.out).toMatch(/^\nToday's question #1/);
		const search = run([...CLOCK, "what is rope"], { folder, zone: "Nowhere/At_All" });
		expect(search).toMatchObject({ code: 0, out: expect.stringContaining("rope-mechanics") });
		const date = run([...CLOCK, "interview-date", "2027-03-11"], { folder });
		expect(date).toMatchObject({
			code: 0,
			out: expect.stringContaining("`nlpq stats` says what you would recall then"),
		});
		const none = run([...CLOCK, "--json", "show", "no", "such", "question"], { folder });
		expect(none.code).toBe(1);
		expect(JSON.parse(none.out)).toMatchObject({ card: { tone: "error" } });
	},
);

test("it ends with code 0 and no error when nobody reads its output any more, and runs no more of its input", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(join(folder, "data"));
	const script = `{ "$0" "$1" ${CLOCK.join(" ")}; echo "code $?" >&2; } | head -1`;
	const { stdout, stderr } = spawnSync("sh", ["-c", script, process.execPath, PROGRAM], {
		cwd: folder,
		env: { PATH: process.env.PATH, HOME: folder },
		// More than a pipe holds, so that it cannot all be written before the reader has gone.
		input: `${"today\n".repeat(70)}answer today It weighs every token against every other.\n`,
		encoding: "utf8",
	});
	expect(stdout).toMatch(/^Data: .+\n$/);
	expect(stderr).toBe("nlpq is opening its database …\ncode 0\n");
	expect(run([...CLOCK, "history"], { folder }).out).toContain("Your answers: 0");
});

test("--help fits windows of 20 to 200 columns, cuts no word that fits, and names the folder of the data", () => {
	const words = (text: string) => text.split(/\s+/).filter((word) => word !== "");
	const whole = words(helpText(200, "/home/me/data"));
	for (const columns of [20, 40, 71, 72, 80, 200]) {
		const help = helpText(columns, "/home/me/data");
		expect(words(help)).toEqual(whole);
		const wide = help.split("\n").filter((line) => line.length > columns);
		// A word that is longer than its line is left whole.
		expect(wide.filter((line) => line.trim().includes(" "))).toEqual([]);
		expect(help.replaceAll(/\s+/g, " ")).toContain("Your data lies in the folder /home/me/data");
	}
});

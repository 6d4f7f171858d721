import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { byEffort } from "../support/effort.ts";
import { CLOCK, converse, OWNER, type ProgramReply, runProgram, startProgram, untilEnd } from "../support/program.ts";
import { talk as talkAt } from "../support/terminal.ts";

const talk = (lines: readonly string[]) => talkAt(lines, { clock: CLOCK });

/** The same with the program as users start it, on the embedded database. */
async function talkToProgram(lines: readonly string[]): Promise<ProgramReply[]> {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	return converse(lines, { folder, clock: CLOCK });
}

const [ESCAPE, NUL] = ["\u001b", "\u0000"];
const HARD_TO_TYPE = [
	"'; drop table members; --",
	`${ESCAPE}[2J${ESCAPE}]0;title\u0007`,
	`a${NUL}b`,
	"🧑🏽‍🚀🏳️‍🌈",
	"\u202eevil\u202c שלום",
	"%s %n {{x}} $y `code` **bold** <@123> @everyone",
	'"unclosed',
	"-1",
	"line\u2028separated",
	"99999999999999999999",
	"name:value:more",
	"\ud800",
];

test("a member's text comes back unchanged: 100 kB are refused and returned; an answer loses only what no database stores", async () => {
	const long = "x".repeat(100_000);
	const written = "'; drop table answers; -- 🧑🏽‍🚀 שלום `code` **bold** <@1>";
	const replies = await talkToProgram([
		`ana: /nlpq answer today ${long}`,
		"ana: /nlpq answer today short, and in my own words",
		"ana: /nlpq history answer:1",
		`bob: /nlpq answer today ${written}`,
		"bob: /nlpq history answer:1",
	]);
	const [refused, counted, short] = replies.filter(({ to }) => to === "ana");
	expect(refused?.card.tone).toBe("error");
	expect(refused?.text).toMatch(/100000 characters; the limit is 3000[\s\S]*Nothing was recorded/);
	expect(counted?.data).toMatchObject({ counted: true, streak: 1 });
	expect(short?.text).toContain("short");
	// A refused text comes back in full.
	expect(JSON.stringify(refused)).toContain(long);
	const quotes = replies.at(-1)?.card.blocks.flatMap((block) => (block.type === "quote" ? [block.text] : []));
	expect(quotes).toEqual([written]);
});

test("control characters, emoji, right-to-left text and SQL in every option of every command get a clear answer", async () => {
	const options = COMMANDS.flatMap((command) => Object.keys(command.options).map((name) => ({ command, name })));
	// Each option gets some of the texts, and its neighbours get others; a longer run tries all combinations.
	const texts = byEffort({ test: 2, ci: 4, full: HARD_TO_TYPE.length });
	const lines = options.flatMap(({ command, name }, index) =>
		Array.from({ length: texts }, (_, turn) => HARD_TO_TYPE[(index * texts + turn) % HARD_TO_TYPE.length] ?? "").map(
			(text) => `ana: /nlpq ${command.name} ${name}:${text}`.replaceAll("\n", " "),
		),
	);
	const replies = await talk([...lines, "ana: /nlpq streak", "/nlpq leaderboard"]);
	expect(replies.length).toBeGreaterThanOrEqual(lines.length);
	const unexpected = replies.filter(({ text }) => text.includes("Something went wrong on our side"));
	expect(unexpected.map(({ text }) => text)).toEqual([]);
	for (const { text } of replies) {
		expect(text).not.toContain(NUL);
		expect(text).not.toContain(ESCAPE);
	}
}, 300_000);

test("`name:` is a speaker before a slash, before a number that picks, and for an open form; otherwise it is text", async () => {
	const replies = await talk([
		"ana: hello there",
		"7: not a member",
		"ana: 1",
		"ana: note: my answer has a colon",
		"bob: 2",
		"bob: 1",
		"bob: 99",
		"ana: /nlpq history answer:1",
		"cy: /nlpq streak",
	]);
	const errors = replies.filter(({ card }) => card.tone === "error");
	expect(errors.map(({ to }) => to)).toEqual([OWNER, OWNER, OWNER]);
	const ana = replies.filter(({ to }) => to === "ana");
	expect(ana.map(({ data }) => data)).toMatchObject([{ form: "answer" }, { counted: true, streak: 1 }, {}]);
	expect(ana[2]?.card.blocks).toContainEqual({ type: "quote", text: "note: my answer has a colon" });
	const bob = replies.filter(({ to }) => to === "bob");
	expect(bob[0]?.card.title).toMatch(/^Quick check/);
	expect(bob[1]?.data).toMatchObject({ counted: true });
	expect(replies.at(-1)).toMatchObject({ to: "cy", data: { current: 0 } });
});

test("/clock refuses a value that is not a time or is too far away, and the clock does not move", async () => {
	const replies = await talk([
		"/clock tomorrow",
		"/clock +99999d",
		"/clock 2027-13-01T00:00:00Z",
		"/clock",
		"/clock -1w",
		"/clock +90m",
	]);
	const data = replies.slice(1).map((reply) => reply.data);
	expect(data.slice(0, 3).every((entry) => "error" in entry)).toBe(true);
	expect(data[3]).toEqual({ clock: "2027-03-08T09:30:00.000Z" });
	expect(data[4]).toEqual({ clock: "2027-03-01T09:30:00.000Z" });
	expect(data.at(-1)).toEqual({ clock: "2027-03-01T11:00:00.000Z" });
	const own = await talkAt(["/clock +1d"], {});
	expect(own.at(-1)?.text).toContain("uses the system clock");
});

test("no reply shows an answer before an attempt or a reveal", async () => {
	const before = [
		"/nlpq today",
		"/nlpq show kv-cache",
		"/nlpq random",
		"/nlpq search cache",
		"/nlpq hint today",
		"/nlpq check today",
		"/nlpq history",
		"/nlpq stats",
		"/nlpq streak",
	];
	const replies = await talk([...before, "/nlpq reveal kv-cache"]);
	const revealed = replies.at(-1)?.text ?? "";
	expect(revealed).toContain("answer it before you look");
	for (const { text } of replies.slice(0, -1))
		expect(text).not.toMatch(
			/A strong answer|before you look|What comes next|Right:|Right is|You chose \w, the right one/,
		);
});

test("replies in words, with several speakers, and exits with 0 at the end of input, even without a final line end", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const program = startProgram({ folder, clock: CLOCK, args: [] });
	const input = new PassThrough();
	if (program.stdin) input.pipe(program.stdin);
	input.end("ana: /nlpq check today A\r\n/nlpq leaderboard\n\n/nlpq streak");
	const run = await untilEnd(program);
	expect(run.code).toBe(0);
	expect(run.out).toContain("Data: embedded database");
	expect(run.out).toContain("[channel] Question of the day #1");
	expect(run.out).toMatch(/\[to ana\] (Well chosen|Not this time)/);
	expect(run.out).toContain("Current streaks");
	expect(run.out).toContain("Your streak: 0");
	expect(run.out).not.toContain(ESCAPE);
});

test("without input it ends normally; after a restart on the same day the numbers of today's question work, and it is not posted again", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	expect((await runProgram([], { folder, clock: CLOCK })).code).toBe(0);
	const [form, counted] = await converse(["1", "What I would say in two minutes."], { folder, clock: CLOCK });
	expect(form?.data).toEqual({ form: "answer" });
	expect(counted?.data).toMatchObject({ counted: true });
});

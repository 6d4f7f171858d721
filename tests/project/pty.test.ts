import { onTestFinished, test } from "vitest";
import { hasTmux, spawnInTmux } from "../support/pty.ts";

/** Repeats what is typed and each new width, and ends with 3 at `quit`. */
const ECHO = `
	const say = (text) => process.stdout.write("<" + text + ">");
	process.stdin.setRawMode(true).setEncoding("utf8").on("data", (keys) => keys === "q" ? process.exit(3) : say(keys));
	process.stdout.on("resize", () => say(process.stdout.columns));
	say(process.env.GREETING + process.stdout.columns);
`;

test("where node-pty has no binary, tmux carries keys, output, sizes, signals and the exit code", async ({
	expect,
	skip,
}) => {
	skip(!hasTmux(), "it needs tmux");
	const program = spawnInTmux(process.execPath, ["-e", ECHO], {
		cols: 61,
		rows: 20,
		cwd: process.cwd(),
		env: { PATH: process.env.PATH ?? "", TERM: "xterm-256color", GREETING: "it's $HOME " },
	});
	onTestFinished(() => program.kill("SIGKILL"));
	let text = "";
	let look: () => void = () => undefined;
	program.onData((more) => {
		text += more;
		look();
	});
	const ended = new Promise((resolve) => program.onExit(({ exitCode }) => resolve(exitCode)));
	const until = (wanted: string) =>
		new Promise<void>((resolve) => {
			look = () => void (text.includes(wanted) && resolve());
			look();
		});
	await until("<it's $HOME 61>");
	program.write("ä\u001b[D");
	await until("<ä\u001b[D>");
	program.resize(100, 20);
	await until("<100>");
	program.write("q");
	expect(await ended).toBe(3);
});

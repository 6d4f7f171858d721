import { execFileSync, spawnSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface PtyOptions {
	readonly cols: number;
	readonly rows: number;
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
}

/** A program on a real pseudo-terminal, as node-pty has it. */
export interface Pty {
	readonly pid: number;
	onData(listener: (text: string) => void): unknown;
	onExit(listener: (end: { exitCode: number }) => void): unknown;
	write(keys: string): void;
	resize(cols: number, rows: number): void;
	kill(signal: NodeJS.Signals): void;
}

export type SpawnPty = (program: string, args: readonly string[], options: PtyOptions) => Pty;

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/**
 * Runs a program in a window of a tmux server of its own: its output comes as the program writes it, and what is
 * written goes to it as if typed.
 */
export const spawnInTmux: SpawnPty = (program, args, { cols, rows, cwd, env }) => {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-tmux-"));
	const at = (name: string) => join(folder, name);
	const tmux = (words: readonly string[], input?: string) =>
		execFileSync("tmux", ["-S", at("socket"), "-f", "/dev/null", ...words], { input, encoding: "utf8" });
	execFileSync("mkfifo", [at("output"), at("go")]);
	const assignments = Object.entries(env).map(([name, value]) => quoted(`${name}=${value}`));
	const command = ["env", "-i", ...assignments, program, ...args.map(quoted)].join(" ");
	// The program starts when its output is being read. Its own process has the number that signals go to.
	writeFileSync(
		at("run.sh"),
		`read -r go < ${at("go")}\nsh -c 'echo $$ > "$0"; exec "$@"' ${at("pid")} ${command}\necho $? > ${at("status")}\n`,
	);
	tmux(["new-session", "-d", "-x", String(cols), "-y", String(rows), "-c", cwd, `sh ${at("run.sh")}`]);
	tmux(["pipe-pane", "-O", `cat > ${at("output")}`]);
	const output = createReadStream(at("output"), "utf8");
	writeFileSync(at("go"), "\n");
	const pid = (): number => (existsSync(at("pid")) ? Number(readFileSync(at("pid"), "utf8")) : 0);
	return {
		get pid() {
			return pid();
		},
		onData: (listener) => output.on("data", (text) => listener(String(text))),
		onExit: (listener) =>
			output.on("close", () => {
				const exitCode = existsSync(at("status")) ? Number(readFileSync(at("status"), "utf8")) : 1;
				listener({ exitCode });
				setImmediate(() => rmSync(folder, { recursive: true, force: true }));
			}),
		write: (keys) => {
			tmux(["load-buffer", "-"], keys);
			tmux(["paste-buffer", "-d", "-r"]);
		},
		resize: (columns, lines) => void tmux(["resize-window", "-x", String(columns), "-y", String(lines)]),
		kill: (signal) => {
			if (!existsSync(at("status")) && pid() > 0) process.kill(pid(), signal);
		},
	};
};

export const hasTmux = (): boolean => spawnSync("tmux", ["-V"]).status === 0;

/** Turns of the event loop in which the last output of an ended program is read. */
const LAST_TURNS = 3;

/**
 * node-pty destroys the socket 200 ms after the program's end. On a busy machine that timer can run before what is
 * ready to be read; each further turn of the event loop reads first.
 */
function readToItsEnd(child: object): void {
	const socket: unknown = Reflect.get(child, "_socket");
	if (!(socket instanceof Socket)) throw new Error("node-pty has no socket where it used to have one");
	const destroy = socket.destroy.bind(socket);
	socket.destroy = () => {
		let turns = LAST_TURNS;
		const wait = () => {
			turns -= 1;
			if (turns < 0) destroy();
			else setImmediate(wait);
		};
		wait();
		return socket;
	};
}

async function nodePty(): Promise<SpawnPty | null> {
	try {
		const { spawn } = await import("@lydell/node-pty");
		return (program, args, options) => {
			const child = spawn(program, [...args], { ...options, name: "xterm-256color" });
			readToItsEnd(child);
			return child;
		};
	} catch {
		// It has binaries for some systems only.
		return null;
	}
}

/** Runs programs on pseudo-terminals; null where there is neither node-pty nor tmux. */
export const spawnPty: SpawnPty | null = (await nodePty()) ?? (hasTmux() ? spawnInTmux : null);

/**
 * The terminal on a data folder, with a frozen clock. SIGUSR2 moves the clock by a day, so that a question arrives
 * exactly when a test wants. Its argument is the folder.
 */
import { randomUUID } from "node:crypto";
import { ManualClock } from "../../src/adapters/clock.ts";
import { openEmbedded } from "../../src/adapters/postgres/embedded/embedded.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { TypedSession } from "../../src/adapters/terminal/input/typed-session.ts";
import { Screen } from "../../src/adapters/terminal/screen.ts";
import { Session } from "../../src/adapters/terminal/session.ts";
import { ensureTerminalSchedule } from "../../src/adapters/terminal/start.ts";
import { Terminal } from "../../src/adapters/terminal/terminal.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { Dispatcher } from "../../src/chat/dispatch.ts";
import { postToday } from "../../src/core/daily/posting.ts";
import { createServices } from "../../src/core/service/services.ts";
import { loadBank } from "../../src/run/open.ts";

const DAY = 86_400_000;

const fail = (error: unknown) => {
	throw error;
};
const clock = new ManualClock(new Date("2027-03-08T09:00:00Z"));
const { db, close } = await openEmbedded(process.argv[2] ?? "", null);
const services = createServices(createStore(db), await loadBank(), () => 0.5);
const { stdin, stdout } = process;
const size = () => ({ columns: stdout.columns, rows: stdout.rows });
const screen = new Screen(stdout, { type: "terminal", hasColours: false, size }, "owner");
const terminal = new Terminal(screen, clock, "owner");
const observer = { delivered: () => undefined, fault: (_: string, error: unknown) => fail(error) };
const daily = new DailyEngine({ services, platforms: [terminal], clock, worker: randomUUID(), observer });
const calls = { fault: (_reference: string, _command: string, error: unknown) => fail(error), ran: () => undefined };
const dispatcher = new Dispatcher({ services, clock, commands: COMMANDS, platform: terminal, daily, observer: calls });
const session = new Session({ terminal, dispatcher, daily, clock, zone: "UTC" });

const schedule = await ensureTerminalSchedule(services, "UTC", clock.now());
if (schedule) await postToday(services, schedule, clock.now());
await session.deliver();
process.on("SIGUSR2", () => {
	clock.moveTo(new Date(clock.now().getTime() + DAY));
	void session.deliver();
});
const typed = { session, terminal, screen, input: stdin, output: stdout, environment: process.env };
await new TypedSession({ ...typed, complete: (line) => [[], line] }).run();
await daily.stop();
await close();

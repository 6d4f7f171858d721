import { codeOf } from "../../network-errors.ts";
import type { Pacing } from "./conflicts.ts";
import type { ServerConnection } from "./connection.ts";
import type { Sign } from "./connection-watchdog.ts";
import type { Connector } from "./connector.ts";
import { rootOf } from "./faults.ts";
import type { TransactionMark } from "./transaction.ts";

/** How long the server may take to answer a probe, in milliseconds. */
const PROBE_TIMEOUT = 1_300;
/** The SQLSTATE of a server without a free connection. */
const NO_ROOM = "53300";
/** How often, and how many milliseconds apart, to check whether a lost transaction has ended. */
const MAX_CHECKS = 12;
const POLL_INTERVAL = 250;
/** After this many checks, terminate a transaction that still waits for its client. */
const FORCE_AFTER_TRIES = 2;

type Answer = { readonly answer?: unknown } | undefined;

/** Probes a server over separate short-lived connections. */
export class ServerVisitor {
	readonly #connector: Connector;
	readonly #pacing: Pacing;

	constructor(connector: Connector, pacing: Pacing) {
		this.#connector = connector;
		this.#pacing = pacing;
	}

	/**
	 * Asks whether the server works for this process. The answer is inconclusive if the server has no room for the
	 * probe, or if a pooler hides our connections' names.
	 */
	async ask(): Promise<Sign> {
		try {
			const busy = await this.#visit(PROBE_TIMEOUT, async (visitor) => {
				const { rows } = await visitor.command(
					`select count(*) filter (where state = 'active' and pid <> pg_backend_pid()) > 0
						or count(*) filter (where pid = pg_backend_pid()) = 0 as answer
					from pg_stat_activity where application_name = current_setting('application_name')`,
				);
				return rows[0];
			});
			return busy ? "busy" : "idle";
		} catch (error) {
			return codeOf(rootOf(error)) === NO_ROOM ? "busy" : "silent";
		}
	}

	/**
	 * Waits up to three seconds for a transaction with a lost connection to end. @returns whether it has ended
	 * @param mayForce whether to terminate one that still waits for its client; true if its server process was only
	 * ours
	 */
	async hasEnded({ pid, began, serverRun }: TransactionMark, mayForce: boolean): Promise<boolean> {
		// Of other users' sessions only the process id is visible: then wait for the process to end.
		const running = `from pg_stat_activity where pid = ${pid}
			and (xact_start::text = '${began}' or (xact_start is null and usename is distinct from current_user))`;
		const deadline = performance.now() + MAX_CHECKS * POLL_INTERVAL;
		for (let look = 1; look <= MAX_CHECKS && performance.now() < deadline; look += 1) {
			// A transaction that received its COMMIT may be waiting for a standby: do not interrupt it.
			const idle = `${running} and state like 'idle in transaction%'`;
			const force = mayForce && look > FORCE_AFTER_TRIES ? `, (select count(pg_terminate_backend(pid)) ${idle})` : "";
			const ended = await this.#visit(deadline - performance.now(), async (visitor): Promise<Answer> => {
				// A restarted server has none of the earlier transactions.
				if (visitor.status.serverRun !== serverRun) return { answer: true };
				return (await visitor.command(`select not exists (select ${running}) as answer ${force}`)).rows[0];
			}).catch(() => false);
			if (ended === true) return true;
			await this.#pacing.sleep(POLL_INTERVAL);
		}
		return false;
	}

	async #visit(patience: number, ask: (visitor: ServerConnection) => Promise<Answer>): Promise<unknown> {
		const signal = AbortSignal.timeout(Math.max(1, Math.ceil(patience)));
		const visitor = await this.#connector.connect(signal, { isLasting: false });
		const giveUp = () => visitor.destroy();
		signal.addEventListener("abort", giveUp, { once: true });
		try {
			return (await ask(visitor))?.answer;
		} finally {
			signal.removeEventListener("abort", giveUp);
			visitor.destroy();
		}
	}
}

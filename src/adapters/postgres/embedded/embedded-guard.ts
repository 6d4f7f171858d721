import type { PGlite, Transaction } from "@electric-sql/pglite";
import { Outage } from "../../../core/errors.ts";

/** WASI's ENOSPC: the error number of a full disk in the embedded database's file system. */
const NO_SPACE = 51;

/** The embedded database may throw bare objects from its file system or runtime instead of Errors. */
function field(thrown: unknown, name: string): unknown {
	return typeof thrown === "object" && thrown !== null ? Reflect.get(thrown, name) : undefined;
}

/** Whether a thrown value says that the disk is full. */
export function saysDiskFull(thrown: unknown): boolean {
	return (
		field(thrown, "errno") === NO_SPACE ||
		field(thrown, "code") === "53100" ||
		/ENOSPC|no space/i.test(reasonOf(thrown))
	);
}

/** One line about a thrown value. */
export function reasonOf(thrown: unknown): string {
	const message = field(thrown, "message");
	if (typeof message === "string" && message !== "") return message.split("\n")[0] ?? "";
	const errno = field(thrown, "errno");
	return errno === undefined ? String(field(thrown, "name") ?? thrown) : `file system error ${errno}`;
}

/** Whether the error killed the database: it answers nothing more, and some statements never settle. */
function isFatal(thrown: unknown): boolean {
	const severity = field(thrown, "severity");
	return (
		!(thrown instanceof Error) ||
		thrown.name === "RuntimeError" ||
		severity === "FATAL" ||
		severity === "PANIC" ||
		thrown.message.includes("ERRORDATA_STACK_SIZE")
	);
}

/** An embedded database in which every statement settles. */
export interface GuardedEmbedded {
	readonly client: PGlite;
	/** Settles with the thrown value when the database has died. */
	readonly died: Promise<unknown>;
}

/**
 * Makes every statement of an embedded database settle, and every failure an Error. After a panic, such as a full disk
 * at a checkpoint, the database is dead, and its callers would wait for ever.
 */
export function guardEmbedded(client: PGlite): GuardedEmbedded {
	const waiting = new Set<(error: Error) => void>();
	let dead: Outage | null = null;
	let tell: (thrown: unknown) => void = () => undefined;
	const died = new Promise<unknown>((resolve) => {
		tell = resolve;
	});

	const explain = (thrown: unknown): Error => {
		if (thrown instanceof Error && !isFatal(thrown)) return thrown;
		if (thrown instanceof Outage) return thrown;
		if (dead === null) {
			dead = new Outage(thrown instanceof Error ? thrown : new Error(reasonOf(thrown)));
			tell(thrown);
			for (const fail of waiting) fail(dead);
		}
		return dead;
	};
	const settle = <T>(begin: () => Promise<T>): Promise<T> =>
		new Promise<T>((resolve, reject) => {
			if (dead) return reject(dead);
			waiting.add(reject);
			begin()
				.then(resolve, (thrown: unknown) => reject(explain(thrown)))
				.finally(() => waiting.delete(reject));
		});

	const guardStatements = (target: Pick<PGlite | Transaction, "query" | "exec">): void => {
		const [query, exec] = [target.query.bind(target), target.exec.bind(target)];
		target.query = ((...given: Parameters<PGlite["query"]>) => settle(() => query(...given))) as typeof target.query;
		target.exec = (...given) => settle(() => exec(...given));
	};
	guardStatements(client);
	const transaction = client.transaction.bind(client);
	client.transaction = (work) =>
		settle(() =>
			transaction((inside) => {
				guardStatements(inside);
				return work(inside);
			}),
		);
	return { client, died };
}

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { withDeadline } from "../chat/deadlines.ts";
import { listen } from "./listen.ts";
import type { Metrics } from "./metrics.ts";

/** One thing that the process needs to be ready. */
export interface Readiness {
	readonly name: string;
	readonly ready: boolean;
	/** The state in words, without secrets. */
	readonly detail: string;
}

export interface HealthServer {
	readonly port: number;
	stop(): Promise<void>;
}

/** How long a request may take to arrive, and how often slow ones are looked for, in milliseconds. */
const TIMES = { headersTimeout: 5_000, requestTimeout: 5_000, connectionsCheckingInterval: 1_000 };
/** How long a readiness check may take, in milliseconds: a later result counts as not ready. */
const DEADLINE = 2_000;

async function readiness(check: () => Promise<readonly Readiness[]>): Promise<readonly Readiness[]> {
	const late = [{ name: "answer", ready: false, detail: `no answer within ${DEADLINE} ms` }];
	return withDeadline(check(), DEADLINE, late);
}

/**
 * Serves `/healthz` (the process lives), `/readyz` (database and platforms, each by name) and `/metrics`.
 * @param port 0 for any free port
 */
export async function serveHealth(
	port: number,
	host: string,
	metrics: Metrics,
	check: () => Promise<readonly Readiness[]>,
): Promise<HealthServer> {
	const server: Server = createServer(TIMES, (request, response) => {
		const answer = (status: number, type: string, body: string) =>
			response.writeHead(status, { "content-type": type }).end(body);
		const respond = async (): Promise<void> => {
			if (request.url === "/healthz") answer(200, "text/plain", "ok\n");
			else if (request.url === "/readyz") {
				const parts = await readiness(check);
				answer(parts.every((part) => part.ready) ? 200 : 503, "application/json", `${JSON.stringify(parts)}\n`);
			} else if (request.url === "/metrics")
				answer(200, metrics.registry.contentType, await metrics.registry.metrics());
			else answer(404, "text/plain", "healthz, readyz or metrics\n");
		};
		respond().catch(() => answer(500, "text/plain", "error\n"));
	});
	await listen(server, port, host, { port: "NLPQ_HEALTH_PORT", host: "NLPQ_HEALTH_HOST" });
	const { port: bound } = server.address() as AddressInfo;
	return {
		port: bound,
		stop: () =>
			new Promise((resolve) => {
				server.close(() => resolve());
				server.closeAllConnections();
			}),
	};
}

import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { listen } from "../../src/adapters/listen.ts";

const SETTINGS = { port: "PORT", host: "HOST" };

function serve() {
	const server = createServer((_request, response) => response.end("ok"));
	onTestFinished(() => void server.close());
	return server;
}

const portOf = (server: ReturnType<typeof serve>): number => {
	const address = server.address();
	return typeof address === "object" && address ? address.port : 0;
};

test("a port in use is named with the remedy", async () => {
	const first = serve();
	await listen(first, 0, "127.0.0.1", SETTINGS);
	await expect(listen(serve(), portOf(first), "127.0.0.1", SETTINGS)).rejects.toMatchObject({
		message: `Cannot listen on port ${portOf(first)} of 127.0.0.1 (EADDRINUSE).`,
		remedy: "Free it, or choose another with PORT; HOST names the address.",
	});
});

test("connections that cannot be accepted do not end the process: the next one is served", async () => {
	const server = serve();
	await listen(server, 0, "127.0.0.1", SETTINGS);
	// As Node reports it when the system refuses.
	for (const code of ["ENOMEM", "ENFILE"]) server.emit("error", Object.assign(new Error(code), { code }));
	const response = await fetch(`http://127.0.0.1:${portOf(server)}`, { headers: { connection: "close" } });
	expect(await response.text()).toBe("ok");
});

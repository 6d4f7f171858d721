import type { Server } from "node:net";
import { UserError } from "../core/errors.ts";

/** The settings that name a server's port and address. */
export interface ListenSettings {
	readonly port: string;
	readonly host: string;
}

/**
 * Listens on a port, 0 for any free one.
 * @throws UserError when that is not possible
 */
export function listen(server: Server, port: number, host: string, settings: ListenSettings): Promise<void> {
	return new Promise((resolve, reject) => {
		// It stays: a later error, such as too little memory to accept a connection, would end the process.
		server.on("error", (error: NodeJS.ErrnoException) =>
			reject(
				new UserError(
					`Cannot listen on port ${port} of ${host} (${error.code ?? "unknown"}).`,
					`Free it, or choose another with ${settings.port}; ${settings.host} names the address.`,
				),
			),
		);
		server.listen(port, host, resolve);
	});
}

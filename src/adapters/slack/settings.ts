import type { Logger } from "pino";
import type { Picture } from "../../chat/card.ts";
import type { ConnectionObserver } from "../../chat/platform.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Services } from "../../core/service/services.ts";
import type { Db } from "./install/db.ts";

interface Common {
	/** The base address of a Slack other than slack.com. */
	readonly apiUrl?: string | undefined;
	/** How many times longer than usual Slack may take to answer: 1 by default, more on a machine that is busy. */
	readonly patience?: number;
}

/** One workspace, over sockets. */
export interface SocketSettings extends Common {
	readonly way: "socket";
	readonly botToken: string;
	readonly appToken: string;
	/** How long a socket may take to answer a ping, in milliseconds. */
	readonly pingTimeout?: number;
}

/** What is needed to receive Slack's signed requests. */
export interface Listening extends Common {
	readonly way: "http" | "http-single";
	readonly signingSecret: string;
	readonly port: number;
	/** The address to bind. */
	readonly host: string;
}

/** One workspace, over HTTP. Others cannot install the app. */
export interface SingleHttpSettings extends Listening {
	readonly way: "http-single";
	readonly botToken: string;
}

/** Many workspaces, over HTTP. */
export interface HttpSettings extends Listening {
	readonly way: "http";
	readonly clientId: string;
	readonly clientSecret: string;
	/** Signs the state of installations; the client secret does if it is missing. */
	readonly stateSecret?: string | undefined;
	/** Keys as `id:base64`, joined by commas, newest first. */
	readonly encryptionKey: string;
	readonly publicUrl?: string | undefined;
}

export type SlackSettings = SocketSettings | SingleHttpSettings | HttpSettings;

export interface SlackTools {
	readonly services: Services;
	readonly db: Db;
	/** The database for statements that an acknowledgement waits for. */
	readonly urgent: Db;
	readonly clock: Clock;
	readonly log: Logger;
	readonly connection: ConnectionObserver;
	drawPicture(picture: Picture): Promise<Buffer>;
}

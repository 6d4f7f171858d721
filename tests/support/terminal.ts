import { PassThrough } from "node:stream";
import type { OpenDatabase } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { readConfig } from "../../src/config.ts";
import { createServices } from "../../src/core/service/services.ts";
import { runTerminal } from "../../src/run/terminal.ts";
import { realBank } from "./bank.ts";
import { openSharedWithBank } from "./postgres.ts";
import { type ProgramReply, replySchema } from "./program.ts";
import { evenChance } from "./world.ts";

export interface TalkOptions {
	/** The instant at which the clock is frozen; the machine's clock by default. */
	readonly clock?: string;
	readonly zone?: string;
	/** A database that stays open for another talk, like another start of the program; by default an emptied one. */
	readonly database?: OpenDatabase;
}

/** The terminal in this process: what the program with `--json` replies to lines of input. */
export async function talk(
	lines: readonly string[],
	{ clock, zone = "UTC", database: given }: TalkOptions,
): Promise<ProgramReply[]> {
	const database = given ?? (await openSharedWithBank());
	const [input, output] = [new PassThrough(), new PassThrough().setEncoding("utf8")];
	let printed = "";
	output.on("data", (text: string) => {
		printed += text;
	});
	input.end(lines.map((line) => `${line}\n`).join(""));
	try {
		const services = createServices(createStore(database.db), await realBank(), evenChance());
		const config = readConfig(clock === undefined ? {} : { NLPQ_CLOCK: clock });
		await runTerminal(config, services, database, true, { input, output, zone });
	} finally {
		if (!given) await database.close();
	}
	const replies = printed.split("\n").filter((line) => line !== "");
	return replies.map((line) => replySchema.parse(JSON.parse(line)));
}

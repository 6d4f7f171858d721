import { readFileSync } from "node:fs";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { openServer } from "../../../src/adapters/postgres/open.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { readCommand } from "../../../src/chat/grammar.ts";
import { runProgram } from "../../../tools/bank/program.ts";
import { openChat } from "../../support/chat.ts";
import { freshDatabase } from "../../support/postgres.ts";

test("`npm run questions -- --reports` names file and line of what two workspaces report, and no member", async () => {
	const url = await freshDatabase(inject("postgresBankTemplate"));
	const database = await openServer(url, null, 3);
	onTestFinished(() => database.close());
	const chat = await openChat({ database });
	const say = (workspace: string, name: string, line: string) =>
		chat.dispatcher.run(chat.caller(name, name === "Grace", workspace), readCommand(line, COMMANDS));
	await say("Acme", "Ada", "report kv-cache The figure is per layer.");
	await say("Acme", "Ben", "report kv-cache It is out of date.");
	await say("Beta", "Ada", "report kv-cache The unit is missing.");
	await say("Beta", "Ben", "report bm25-ranking It is idf that is wrong.");
	await say("Beta", "Ben", "report perplexity It is right after all.");
	await say("Acme", "Grace", "reports accept 1");
	await say("Beta", "Grace", "reports decline 5 It is right.");

	vi.stubEnv("DATABASE_URL", url);
	onTestFinished(() => void vi.unstubAllEnvs());
	let printed = "";
	const out = (line: string) => {
		printed += `${line}\n`;
	};
	expect(await runProgram(["--reports"], new Date(), { out, err: out })).toBe(0);
	const placeOf = (id: string) => {
		const path = `questions/${chat.bank.find(id).category}/${id}.yaml`;
		const lines = readFileSync(path, "utf8").split("\n");
		return `${path}:${1 + lines.findIndex((line) => line.startsWith("answer:"))}`;
	};
	const kvCache = `${placeOf("kv-cache")}: kv-cache revision ${chat.bank.find("kv-cache").revision}`;
	expect(printed).toContain(`${kvCache} · accepted by an admin · 2 reports · since 2027-03-08`);
	expect(printed).toContain(`${kvCache} · open · 1 report · since 2027-03-08\n    > The unit is missing.`);
	expect(printed).toContain("    > The figure is per layer.\n    > It is out of date.");
	expect(printed).toContain(`${placeOf("bm25-ranking")}: bm25-ranking`);
	expect(printed).not.toContain("perplexity");
	expect(printed).toContain("3 reports to look at.");
	expect(printed).not.toMatch(/Ada|Ben|Grace|Acme|Beta/);
});

import { expect, test } from "vitest";
import { inShell } from "../../src/run/shell-commands.ts";

test("remedies name commands as the installed package has them, and as npm's in a checkout", () => {
	const remedy = "Run `npm run backup -- a.gz` here, `npm run restore` there; `npm start` opens the terminal.";
	expect(inShell(remedy, true)).toBe("Run `nlpq backup a.gz` here, `nlpq restore` there; `nlpq` opens the terminal.");
	expect(inShell(remedy, false)).toBe(remedy);
	expect(inShell("`npm run questions` checks them.", true)).toBe("`nlpq questions check` checks them.");
	expect(inShell("See `npm run questions -- --reports`.", true)).toBe("See `nlpq questions --reports`.");
});

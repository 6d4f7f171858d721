import fc from "fast-check";
import { expect, test } from "vitest";
import { displayName } from "../../../src/core/text/display-name.ts";

test("a name loses what reverses or hides its neighbours, and keeps what its own script and emoji need", () => {
	for (const [name, shown] of [
		["Ana\u202egnp.exe", "Ana gnp.exe"],
		["\u2066Ana\u2069\u200f", "Ana"],
		["A\u200bn\u200da\ufeff", "A na"],
		["  Ana \n Ruiz\u0007", "Ana Ruiz"],
		["👩\u200d👩\u200d👧 Ruiz", "👩\u200d👩\u200d👧 Ruiz"],
		["می\u200cخواهم", "می\u200cخواهم"],
		["שלום", "שלום"],
		["\u200b\u3164\u2060", ""],
		["Ana\ud83d", "Ana"],
	] as const)
		expect([name, displayName(name)]).toEqual([name, shown]);
	expect(displayName("👩\u200d👩\u200d👧".repeat(20)).length).toBeLessThanOrEqual(80);
});

test("no name contains a control character, for any input", () => {
	fc.assert(
		fc.property(fc.string({ unit: "binary", maxLength: 100 }), (name) => {
			expect(displayName(name)).not.toMatch(/[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]|^\s|\s$/u);
			expect(displayName(displayName(name))).toBe(displayName(name));
		}),
	);
});

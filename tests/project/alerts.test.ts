import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { createLog } from "../../src/adapters/log.ts";
import { Metrics } from "../../src/adapters/metrics.ts";

const RULES = "docs/monitoring/alerts.yaml";
const PROOFS = "docs/monitoring/alerts.test.yaml";

const rulesSchema = z.object({
	groups: z.array(z.object({ rules: z.array(z.looseObject({ alert: z.string(), expr: z.string() })) })),
});
const proofsSchema = z.object({
	tests: z.array(
		z.looseObject({
			input_series: z.array(z.object({ series: z.string(), values: z.string() })),
			alert_rule_test: z.array(z.looseObject({ alertname: z.string(), exp_alerts: z.array(z.unknown()) })),
		}),
	),
});
const rules = rulesSchema.parse(parse(readFileSync(RULES, "utf8"))).groups.flatMap((group) => group.rules);
const proofs = proofsSchema.parse(parse(readFileSync(PROOFS, "utf8"))).tests;

const promtool = (...args: string[]) => spawnSync("promtool", args, { encoding: "utf8" });
const hasPromtool = promtool("--version").error === undefined;
const REASON = "promtool is not on the PATH: Debian's package prometheus has it";

describe("alerts.yaml", () => {
	test.skipIf(!hasPromtool)(`fires when it should, and not before${hasPromtool ? "" : ` (${REASON})`}`, () => {
		for (const args of [
			["check", "rules", RULES],
			["test", "rules", PROOFS],
		]) {
			const { status, stdout, stderr } = promtool(...args);
			expect(`${stdout}${stderr}`).toContain("SUCCESS");
			expect(status, `${stdout}${stderr}`).toBe(0);
		}
	});

	test.each(rules.map(({ alert }) => alert))(
		"%s has a case in which it fires and one in which it stays silent",
		(alert) => {
			const checks = proofs.flatMap((proof) => proof.alert_rule_test).filter((check) => check.alertname === alert);
			expect(checks.some((check) => check.exp_alerts.length > 0)).toBe(true);
			expect(checks.some((check) => check.exp_alerts.length === 0)).toBe(true);
		},
	);

	test("watches only metrics that the dashboard shows", () => {
		const dashboard = readFileSync("docs/monitoring/dashboard.json", "utf8");
		const metricNames = rules.flatMap(({ expr }) => expr.match(/\b(?:nlpq_\w+|up)\b/g) ?? []);
		expect(metricNames.length).toBeGreaterThan(rules.length);
		expect(metricNames.filter((name) => !new RegExp(`\\b${name}\\b`).test(dashboard))).toEqual([]);
	});

	test("is tested with series that the program exports, with the same names and labels", async () => {
		const metrics = new Metrics();
		metrics.platform("slack", { connected: () => true, queueAgeSeconds: () => 0 });
		metrics.calls("slack", createLog("silent"), ["today"]).ran("today", "reply", 5);
		const measured = await metrics.registry.metrics();
		const series = proofs.flatMap((proof) => proof.input_series.map((input) => input.series));
		const own = series.filter((text) => text.startsWith("nlpq_"));
		expect(own.length).toBeGreaterThan(5);
		for (const text of own) {
			const [, name = "", labels = ""] = /^(\w+)\{(.*)\}$/.exec(text) ?? [];
			// Labels added by the scrape.
			const labelNames = [...labels.matchAll(/(\w+)="/g)].flatMap(([, label]) =>
				label === undefined || ["instance", "job"].includes(label) ? [] : [label],
			);
			const line = measured.split("\n").find((candidate) => new RegExp(`^${name}[{ ]`).test(candidate)) ?? "";
			expect(line, name).not.toBe("");
			for (const label of labelNames) expect(line, name).toContain(`${label}="`);
		}
	});
});

test("counters that alerts watch are exported at 0 from the start, so that the first increase is seen", async () => {
	const metrics = new Metrics();
	metrics.platform("discord", { connected: () => true, queueAgeSeconds: () => 0 });
	metrics.calls("discord", createLog("silent"), ["today"]);
	const lines = (await metrics.registry.metrics()).split("\n");
	for (const line of [
		'nlpq_deliveries_total{platform="discord",kind="daily",outcome="unknown"} 0',
		'nlpq_deliveries_total{platform="discord",kind="alert",outcome="failed"} 0',
		'nlpq_commands_total{platform="discord",command="today",outcome="fault"} 0',
		'nlpq_engine_faults_total{step="plan"} 0',
	])
		expect(lines).toContain(line);
});

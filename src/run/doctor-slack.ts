import { createHmac, randomUUID } from "node:crypto";
import { KeyRing } from "../adapters/keys.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { inspectSeals } from "../adapters/slack/install/seals.ts";
import { EVENTS_PATH } from "../adapters/slack/transport/server.ts";
import type { Config } from "../config.ts";
import { type Diagnosis, fault, ok, warning } from "./diagnosis.ts";

const NETWORK_DEADLINE = 5_000;

/** Sends the request with which Slack verifies an address, signed with our secret. */
async function verifyAddress(address: string, secret: string): Promise<{ status: number; isEchoed: boolean }> {
	const challenge = randomUUID();
	const body = JSON.stringify({ type: "url_verification", challenge });
	const timestamp = String(Math.floor(Date.now() / 1000));
	const signature = createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex");
	const response = await fetch(address, {
		method: "POST",
		headers: {
			"content-type": "application/json",
			"x-slack-request-timestamp": timestamp,
			"x-slack-signature": `v0=${signature}`,
		},
		body,
		redirect: "manual",
		signal: AbortSignal.timeout(NETWORK_DEADLINE),
	});
	return { status: response.status, isEchoed: (await response.text()).includes(challenge) };
}

/** Checks that the public address leads to an nlpq that has our signing secret. */
export async function checkWayIn({ PUBLIC_URL, SLACK_SIGNING_SECRET }: Config): Promise<readonly Diagnosis[]> {
	if (!PUBLIC_URL || !SLACK_SIGNING_SECRET) return [];
	const name = "slack way in";
	const address = `${PUBLIC_URL.replace(/\/$/, "")}${EVENTS_PATH}`;
	try {
		const { status, isEchoed } = await verifyAddress(address, SLACK_SIGNING_SECRET);
		if (isEchoed) return [ok(name, `${address} takes signed requests`)];
		if (status === 401)
			return [
				fault(
					name,
					`${address} refuses our signature`,
					"Give the running nlpq the same SLACK_SIGNING_SECRET, and let both machines follow a time server (NTP).",
				),
			];
		return [
			fault(
				name,
				`${address} answers ${status}`,
				`Let the proxy pass ${EVENTS_PATH} to PORT, method and body unchanged.`,
			),
		];
	} catch {
		return [
			warning(
				name,
				`${address} gives no answer from here`,
				"Start nlpq and its proxy, and see that the address leads to them.",
			),
		];
	}
}

/** Checks that the configured keys decrypt the stored tokens. */
export async function checkSeals(config: Config, { db }: OpenDatabase): Promise<readonly Diagnosis[]> {
	if (!config.SLACK_CLIENT_ID || !config.NLPQ_ENCRYPTION_KEY) return [];
	const report = await inspectSeals(db, new KeyRing(config.NLPQ_ENCRYPTION_KEY));
	if (report.fault) return [fault("slack tokens", report.fault.message, report.fault.remedy)];
	return [ok("slack tokens", `${report.opened} stored, all open with NLPQ_ENCRYPTION_KEY`)];
}

import type { PlainTextOption } from "@slack/types";
import { ApiError } from "./errors.ts";
import { refusal } from "./methods/method.ts";
import type { Peer } from "./peer.ts";
import { respond } from "./response-urls.ts";
import { controlsOf } from "./schema/blocks.ts";
import { isRecord, issuesOf } from "./schema/exactly.ts";
import { optionsOf } from "./schema/selects.ts";
import { checkModal, submissionAnswer, suggestionAnswer } from "./schema/view.ts";
import type { ResponseUrl } from "./triggers.ts";
import { acceptView, replaceView, showView, stackOf } from "./views.ts";
import type { OpenView } from "./world.ts";

/** What the payload of an ack is for. */
export type AckMeaning =
	| { kind: "command"; target: ResponseUrl }
	| { kind: "submission"; view: OpenView }
	| { kind: "suggestion"; offer: (options: PlainTextOption[]) => void }
	| { kind: "nothing" };

function isNothing(body: unknown): boolean {
	return body === undefined || body === "" || (isRecord(body) && Object.keys(body).length === 0);
}

function checkErrors(peer: Peer, view: OpenView, errors: Record<string, string>): void {
	const inputs = view.view.blocks.filter((block) => block.type === "input").map((block) => block.block_id);
	const unknown = Object.keys(errors).filter((block) => !inputs.includes(block));
	if (unknown.length > 0)
		throw refusal(peer, "ack", "invalid_arguments", [`no input has the block_id ${unknown}`], errors);
	view.errors = errors;
}

function close(views: OpenView[]): void {
	for (const view of views) view.closed = true;
}

function submitted(peer: Peer, view: OpenView, raw: unknown, shown: (view: OpenView) => void): void {
	const parsed = submissionAnswer.safeParse(raw ?? {});
	if (!parsed.success) throw refusal(peer, "ack", "invalid_arguments", issuesOf(parsed.error), raw);
	const answer = parsed.data;
	if (!("response_action" in answer)) close([view]);
	else if (answer.response_action === "clear") close(stackOf(peer, view));
	else if (answer.response_action === "errors") checkErrors(peer, view, answer.errors);
	else {
		const next = acceptView(peer, "ack", checkModal(answer.view), answer.view);
		const pushed = answer.response_action === "push";
		if (!pushed) replaceView(peer, view, next);
		shown(pushed ? showView(peer, { team: view.team, user: view.user, view: next, below: view }) : view);
	}
}

function apply(peer: Peer, meaning: AckMeaning, body: unknown, shown: (view: OpenView) => void): void {
	if (meaning.kind === "submission") submitted(peer, meaning.view, body, shown);
	else if (meaning.kind === "suggestion") {
		const parsed = suggestionAnswer.safeParse(body);
		if (!parsed.success) throw refusal(peer, "ack", "invalid_arguments", issuesOf(parsed.error), body);
		meaning.offer(optionsOf(parsed.data));
	} else if (body !== undefined && meaning.kind === "command") {
		respond(peer, "ack", meaning.target, typeof body === "string" ? { text: body } : body);
	} else if (body !== undefined) {
		peer.advice.push({ where: "ack", error: "ignored", faults: ["Slack ignores this payload"], payload: body });
	}
}

/** Carries out an ack that came in time. What Slack would refuse is recorded as a violation and shown to nobody. */
export function applyAck(peer: Peer, meaning: AckMeaning, body: unknown, shown: (view: OpenView) => void): void {
	try {
		apply(peer, meaning, isNothing(body) ? undefined : body, shown);
	} catch (error) {
		if (!(error instanceof ApiError)) throw error;
	}
}

/** The block_ids of a view's inputs, and whether each may stay empty. */
export function inputsOf(view: OpenView) {
	return view.view.blocks.flatMap((block) =>
		block.type === "input"
			? controlsOf(block).map((control) => ({
					control,
					blockId: block.block_id ?? "",
					actionId: control.action_id ?? "",
					optional: block.optional === true,
				}))
			: [],
	);
}

import { randomBytes } from "node:crypto";
import { stateOf } from "./controls.ts";
import { ApiError } from "./errors.ts";
import { refusal } from "./methods/method.ts";
import type { Peer } from "./peer.ts";
import { slackFilesIn, withIdentifiers } from "./schema/message.ts";
import type { PostedView, ViewResult } from "./schema/view.ts";
import type { OpenView } from "./world.ts";

/** A root view and two on top of it. */
const STACK_LIMIT = 3;

const newHash = (peer: Peer) => `${Math.floor(peer.clock.now() / 1000)}.${randomBytes(4).toString("hex")}`;

/** Returns the view, or records a violation. @throws ApiError */
export function acceptView<View extends PostedView>(
	peer: Peer,
	where: string,
	result: ViewResult<View>,
	raw: unknown,
): View {
	if (!result.ok) throw refusal(peer, where, result.error, result.faults, raw);
	const missing = slackFilesIn(result.view.blocks).filter((file) => peer.world.files.get(file)?.completed !== true);
	if (missing.length === 0) return result.view;
	throw refusal(
		peer,
		where,
		"invalid_arguments",
		missing.map((file) => `invalid slack file ${file}`),
		raw,
	);
}

function checkExternalId(peer: Peer, team: string, view: PostedView, own: string | undefined): void {
	if (view.external_id === undefined || view.external_id === "") return;
	for (const other of peer.world.views.values()) {
		if (other.id === own || other.closed || other.team !== team) continue;
		if (other.view.external_id === view.external_id) throw new ApiError("duplicate_external_id");
	}
}

const identified = (peer: Peer, view: PostedView): PostedView => ({
	...view,
	blocks: withIdentifiers(view.blocks, () => peer.world.newId("b")),
});

/** Shows a view to the member, on top of `below` if given. @throws ApiError push_limit_reached. */
export function showView(
	peer: Peer,
	init: { team: string; user: string; view: PostedView; below: OpenView | undefined },
): OpenView {
	checkExternalId(peer, init.team, init.view, undefined);
	if (init.below !== undefined && stackOf(peer, init.below).length >= STACK_LIMIT) {
		throw new ApiError("push_limit_reached");
	}
	const id = peer.world.newId("V");
	const open: OpenView = {
		id,
		team: init.team,
		user: init.user,
		view: identified(peer, init.view),
		hash: newHash(peer),
		rootId: init.below?.rootId ?? id,
		previousId: init.below?.id,
		chosen: {},
		errors: {},
		closed: false,
		updates: 0,
	};
	if (init.view.type === "home") peer.world.setHome(open);
	else peer.world.views.set(id, open);
	peer.signal.changed();
	return open;
}

/** The views of one modal that are still open, from the bottom. */
export function stackOf(peer: Peer, view: OpenView): OpenView[] {
	return [...peer.world.views.values()].filter((one) => one.rootId === view.rootId && !one.closed);
}

/** Replaces a view's content. @throws ApiError hash_conflict if it has changed since the hash was given. */
export function replaceView(peer: Peer, open: OpenView, view: PostedView, hash?: string): void {
	if (hash !== undefined && hash !== open.hash) throw new ApiError("hash_conflict");
	checkExternalId(peer, open.team, view, open.id);
	open.view = identified(peer, view);
	open.hash = newHash(peer);
	open.errors = {};
	open.updates += 1;
	peer.signal.changed();
}

/** A view as in the Web API and in interaction payloads. */
export function viewJson(peer: Peer, open: OpenView): Record<string, unknown> {
	const { view } = open;
	const team = peer.world.team(open.team);
	return {
		private_metadata: "",
		callback_id: "",
		external_id: "",
		...view,
		...(view.type === "modal"
			? {
					close: view.close ?? null,
					submit: view.submit ?? null,
					clear_on_close: view.clear_on_close ?? false,
					notify_on_close: view.notify_on_close ?? false,
				}
			: {}),
		id: open.id,
		team_id: open.team,
		state: { values: stateOf(view.blocks, open.chosen) },
		hash: open.hash,
		root_view_id: open.rootId,
		previous_view_id: open.previousId ?? null,
		app_id: peer.app.id,
		app_installed_team_id: open.team,
		bot_id: team.botId,
	};
}

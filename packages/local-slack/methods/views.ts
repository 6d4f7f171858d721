import type {
	ViewsOpenArguments,
	ViewsPublishArguments,
	ViewsPushArguments,
	ViewsUpdateArguments,
} from "@slack/web-api";
import { z } from "zod";
import { ApiError } from "../errors.ts";
import { checkHome, checkModal, type PostedView } from "../schema/view.ts";
import { acceptView, replaceView, showView, viewJson } from "../views.ts";
import { argsOf, botMethod, type Call, id, reaches, words } from "./method.ts";

function openOnTrigger(args: { trigger_id: string; view: unknown }, call: Call, push: boolean) {
	const { peer, method } = call;
	const view = acceptView(peer, method, checkModal(args.view), args.view);
	const trigger = peer.handles.spendTrigger(args.trigger_id, ({ team }) => reaches(call, team));
	const source = trigger.view === undefined ? undefined : peer.world.views.get(trigger.view);
	const below = source !== undefined && source.view.type === "modal" && !source.closed ? source : undefined;
	if (push && below === undefined) throw new ApiError("not_found");
	const { team, user } = trigger;
	const opened = showView(peer, { team, user, view, below: push ? below : undefined });
	trigger.delivery.views.push(opened);
	peer.signal.changed();
	return { view: viewJson(peer, opened) };
}

const open = botMethod({
	name: "views.open",
	args: argsOf<ViewsOpenArguments>()({ trigger_id: id, view: z.unknown() }),
	run: (args, call) => openOnTrigger(args, call, false),
});

const push = botMethod({
	name: "views.push",
	args: argsOf<ViewsPushArguments>()({ trigger_id: id, view: z.unknown() }),
	run: (args, call) => openOnTrigger(args, call, true),
});

const update = botMethod({
	name: "views.update",
	args: argsOf<ViewsUpdateArguments>()({ view_id: words, external_id: words, hash: words, view: z.unknown() }),
	run(args, call) {
		const { peer } = call;
		const target = [...peer.world.views.values()].find(
			(one) => one.id === args.view_id || (args.external_id !== undefined && one.view.external_id === args.external_id),
		);
		if (target === undefined || target.closed || !reaches(call, target.team)) throw new ApiError("not_found");
		const check = target.view.type === "home" ? checkHome : checkModal;
		replaceView(peer, target, acceptView<PostedView>(peer, call.method, check(args.view), args.view), args.hash);
		return { view: viewJson(peer, target) };
	},
});

const publish = botMethod({
	name: "views.publish",
	args: argsOf<ViewsPublishArguments>()({ user_id: id, hash: words, view: z.unknown() }),
	run(args, call) {
		const { peer, team } = call;
		const view = acceptView(peer, call.method, checkHome(args.view), args.view);
		const member = peer.world.members.get(args.user_id);
		if (member === undefined || member.isBot) throw new ApiError("user_not_found");
		const present = peer.world.home(team.id, args.user_id);
		if (present !== undefined) {
			replaceView(peer, present, view, args.hash);
			return { view: viewJson(peer, present) };
		}
		if (args.hash !== undefined) throw new ApiError("hash_conflict");
		return { view: viewJson(peer, showView(peer, { team: team.id, user: args.user_id, view, below: undefined })) };
	},
});

export const viewMethods = [open, push, update, publish];

import type { PlainTextOption } from "@slack/types";
import type { AckMeaning } from "./answers.ts";
import { inputsOf } from "./answers.ts";
import { type Choice, chosenValue, findControl, isEmpty, stateOf } from "./controls.ts";
import { Delivery, type EnvelopeType } from "./delivery.ts";
import { type ControlPlace, HeldValues } from "./held-values.ts";
import { messageJson } from "./methods/method.ts";
import { channelJson, commandJson, eventJson, memberJson, placeJson } from "./payloads.ts";
import type { Peer } from "./peer.ts";
import type { Forgery } from "./signed-http.ts";
import type { Transport, Via } from "./transport.ts";
import { viewJson } from "./views.ts";
import type { Channel, Message, OpenView, Team } from "./world.ts";

/** How a payload is sent; by default over HTTP once `requestUrl` is set, otherwise over sockets. */
export interface Travel {
	via?: Via;
	/** Falsifies the signed request (HTTP only). */
	forge?: Forgery;
}

export interface CommandInit extends Travel {
	team?: string;
	user: string;
	channel: string;
	text?: string;
	/** `/nlpq` by default. */
	command?: string;
}

export type ActionInit = Travel & ControlPlace & Choice & { user: string; actionId: string; blockId?: string };
export type SuggestionInit = Travel &
	ControlPlace & { user: string; actionId: string; blockId?: string; typed: string };

export interface SubmissionInit extends Travel {
	view: OpenView;
	/** Typed text or picked values, by action_id or block_id/action_id. Others keep their initial value. */
	values?: Record<string, string | string[]>;
}

export interface EventInit extends Travel {
	team: string;
	event: { type: string } & Record<string, unknown>;
	/** Repeating an event_id repeats the event. */
	eventId?: string;
}

/** What members and Slack do to the app. Every call returns at once with a delivery to wait for. */
export class Interactions {
	private readonly peer: Peer;
	private readonly transport: Transport;
	private readonly held = new HeldValues();

	constructor(peer: Peer, transport: Transport) {
		this.peer = peer;
		this.transport = transport;
	}

	/** A member types a slash command. */
	command(init: CommandInit): Delivery {
		const { world, handles } = this.peer;
		const channel = world.channel(init.channel);
		const member = world.member(init.user);
		const team = init.team === undefined ? this.homeOf(channel) : world.team(init.team);
		if (channel.kind !== "public" && !channel.members.has(member.id)) throw new Error("the member is not in there");
		const text = init.text ?? "";
		const payload = commandJson(this.peer, { team, member, channel, command: init.command ?? "/nlpq", text });
		const delivery = this.delivery("slash_commands", payload, member.id);
		const target = { team: team.id, channel: channel.id, user: member.id, original: undefined, delivery };
		payload.response_url = `${this.peer.origin}${handles.newResponseUrl(target)}`;
		payload.trigger_id = handles.newTrigger({ team: team.id, user: member.id, view: undefined, delivery });
		return this.go(delivery, init, { kind: "command", target });
	}

	/** A member uses a control. @throws Error for what the member could not do there. */
	action(init: ActionInit): Delivery {
		const { world, handles, clock } = this.peer;
		const { blocks, place, team } = this.placeOf(init);
		const placed = findControl(blocks, init.actionId, init.blockId);
		if (!placed.reports) throw new Error(`${init.actionId} reports nothing until the view is submitted`);
		const known = this.held.offered(init, init.actionId, placed.blockId);
		const held = chosenValue(world, placed.control, init, known);
		const stateful = !["button", "overflow"].includes(placed.control.type);
		if (stateful) this.held.hold(init, init.user, { [placed.blockId]: { [placed.actionId]: held } });
		const action = {
			...held,
			action_id: placed.actionId,
			block_id: placed.blockId,
			...("text" in placed.control ? { text: placed.control.text } : {}),
			action_ts: world.newTs(clock.now()),
		};
		const payload: Record<string, unknown> = { type: "block_actions", ...place(), actions: [action] };
		const delivery = this.delivery("interactive", payload, init.user);
		const view = "view" in init ? init.view.id : undefined;
		Object.assign(payload, {
			trigger_id: handles.newTrigger({ team: team.id, user: init.user, view, delivery }),
			...("message" in init ? { response_url: this.responseUrl(init.message, team, init.user, delivery) } : {}),
		});
		return this.go(delivery, init, { kind: "nothing" });
	}

	/** A member picks a shortcut from the menu of a message that everybody in the channel sees. */
	messageShortcut(init: Travel & { message: Message; user: string; callbackId: string }): Delivery {
		const { message, user, callbackId } = init;
		if (message.ephemeralTo !== undefined) throw new Error("an ephemeral message has no such menu");
		const { place, team } = this.placeOf(init);
		const { message: told, channel, ...who } = place() as Record<string, unknown>;
		const { container: _container, state: _state, ...rest } = who;
		const payload: Record<string, unknown> = {
			type: "message_action",
			callback_id: callbackId,
			message_ts: message.ts,
			...rest,
			channel,
			message: told,
		};
		const delivery = this.delivery("interactive", payload, user);
		Object.assign(payload, {
			trigger_id: this.peer.handles.newTrigger({ team: team.id, user, view: undefined, delivery }),
			response_url: this.responseUrl(message, team, user, delivery),
		});
		return this.go(delivery, init, { kind: "nothing" });
	}

	/** A member types into an external menu. Afterwards the options that the app returns can be picked. */
	blockSuggestion(init: SuggestionInit): Delivery {
		const { blocks, place } = this.placeOf(init);
		const { control, blockId, actionId } = findControl(blocks, init.actionId, init.blockId);
		if (control.type !== "external_select" && control.type !== "multi_external_select") {
			throw new Error(`${actionId} is no external menu`);
		}
		if (init.typed.length < (control.min_query_length ?? 3)) throw new Error("too short to be asked about");
		const payload = {
			type: "block_suggestion",
			...place(),
			action_id: actionId,
			block_id: blockId,
			value: init.typed,
		};
		const offer = (options: PlainTextOption[]) => this.held.offer(init, actionId, blockId, options);
		return this.go(this.delivery("interactive", payload, init.user), init, { kind: "suggestion", offer });
	}

	/** A member submits a modal. @throws Error for input that Slack would not submit. */
	viewSubmission(init: SubmissionInit): Delivery {
		const { view } = init;
		this.onScreen(view);
		if (view.view.type !== "modal" || view.view.submit === undefined) throw new Error("nothing to submit there");
		this.fill(view, init.values ?? {});
		const payload = this.viewPayload("view_submission", view);
		const delivery = this.delivery("interactive", payload, view.user);
		const { handles } = this.peer;
		payload.trigger_id = handles.newTrigger({ team: view.team, user: view.user, view: view.id, delivery });
		payload.response_urls = [];
		return this.go(delivery, init, { kind: "submission", view });
	}

	/** A member closes a modal. @throws Error if the app did not ask to be told. */
	viewClosed(init: Travel & { view: OpenView; cleared?: boolean }): Delivery {
		const { view } = init;
		this.onScreen(view);
		if (view.view.type !== "modal" || view.view.notify_on_close !== true)
			throw new Error("the app did not ask to be told that this view was closed");
		const payload = { ...this.viewPayload("view_closed", view), is_cleared: init.cleared ?? false };
		view.closed = true;
		return this.go(this.delivery("interactive", payload, view.user), init, { kind: "nothing" });
	}

	/** Sends an event of the Events API as given. Until it is acknowledged, it is sent again up to three times. */
	event(init: EventInit): Delivery {
		const { world, clock } = this.peer;
		const event = { event_ts: world.newTs(clock.now()), ...init.event };
		const id = init.eventId ?? world.newId("Ev");
		const channel = typeof init.event.channel === "string" ? world.channels.get(init.event.channel) : undefined;
		const shared = (channel?.sharedWith.length ?? 0) > 0;
		const payload = eventJson(this.peer, { team: world.team(init.team), event, id, shared });
		return this.go(this.delivery("events_api", payload, undefined), init, { kind: "nothing" });
	}

	/** A member opens the app's Home tab. */
	homeOpened(init: Travel & { team: string; user: string }): Delivery {
		const { team, user } = init;
		const channel = this.peer.world.directChannel(this.peer.world.team(team), user).id;
		const shown = this.peer.world.home(team, user);
		// The payload has the view only once the app has published one.
		const view = shown ? { view: viewJson(this.peer, shown) } : {};
		return this.event({ ...init, event: { type: "app_home_opened", user, channel, tab: "home", ...view } });
	}

	/** Sends a payload of the Events API that is not an event, such as url_verification. */
	raw(payload: Record<string, unknown>, travel: Travel): Delivery {
		return this.go(this.delivery("events_api", payload, undefined), travel, { kind: "nothing" });
	}

	private delivery(type: EnvelopeType, payload: Record<string, unknown>, user: string | undefined): Delivery {
		return new Delivery(this.peer.signal, { id: crypto.randomUUID(), type, payload, user });
	}

	private go(delivery: Delivery, travel: Travel, meaning: AckMeaning): Delivery {
		this.transport.start(delivery, {
			via: travel.via ?? this.transport.usual,
			forge: travel.forge ?? {},
			meaning,
		});
		return delivery;
	}

	private homeOf(channel: Channel): Team {
		const { world, installations } = this.peer;
		const teams = [channel.team, ...channel.sharedWith].map((id) => world.team(id));
		const installed = teams.find((team) => installations.has(team.id) || installations.has(team.enterprise?.id ?? ""));
		return installed ?? world.team(channel.team);
	}

	private onScreen(view: OpenView): void {
		if (view.closed) throw new Error("that view is closed");
		const above = [...this.peer.world.views.values()].some((one) => one.previousId === view.id && !one.closed);
		if (above) throw new Error("another view lies on top of that one");
	}

	/**
	 * The blocks that the member sees, and the payload's part that says where. @throws Error if the member sees none.
	 */
	private placeOf(init: ControlPlace & { user: string }) {
		const member = this.peer.world.member(init.user);
		const who = { user: memberJson(member) };
		if ("view" in init) {
			const { view } = init;
			this.onScreen(view);
			if (view.user !== init.user) throw new Error("that view is on somebody else's screen");
			const team = this.peer.world.team(view.team);
			const place = () => ({
				...placeJson(this.peer, team),
				...who,
				container: { type: "view", view_id: view.id },
				view: viewJson(this.peer, view),
			});
			return { blocks: view.view.blocks, team, place };
		}
		const { message } = init;
		const channel = this.peer.world.channel(message.channel);
		if (message.deleted) throw new Error("that message is deleted");
		if ((message.ephemeralTo ?? init.user) !== init.user) throw new Error("only another member sees that message");
		if (channel.kind !== "public" && !channel.members.has(init.user)) throw new Error("the member is not in there");
		const team = this.homeOf(channel);
		const place = () => ({ ...placeJson(this.peer, team), ...who, ...this.messagePlace(message, channel, init.user) });
		return { blocks: message.blocks, team, place };
	}

	private messagePlace(message: Message, channel: Channel, user: string): Record<string, unknown> {
		const hidden = message.ephemeralTo !== undefined;
		return {
			container: {
				type: "message",
				message_ts: message.ts,
				channel_id: channel.id,
				is_ephemeral: hidden,
				...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
			},
			channel: channelJson(channel),
			// Slack stores no ephemeral message, so it cannot return one.
			...(hidden ? {} : { message: messageJson(this.peer, message, true) }),
			state: { values: stateOf(message.blocks, this.held.in(message, user)) },
		};
	}

	private responseUrl(original: Message, team: Team, user: string, delivery: Delivery): string {
		const target = { team: team.id, channel: original.channel, user, original, delivery };
		return `${this.peer.origin}${this.peer.handles.newResponseUrl(target)}`;
	}

	/** Types and picks in a modal, then checks what Slack checks before submitting. */
	private fill(view: OpenView, values: Record<string, string | string[]>): void {
		for (const [key, given] of Object.entries(values)) {
			const [actionId = "", block] = key.split("/").toReversed();
			const { control, blockId } = findControl(view.view.blocks, actionId, block);
			const offered = this.held.offered({ view }, actionId, blockId);
			const choice = { selected: given, ...(typeof given === "string" ? { value: given } : {}) };
			const held = chosenValue(this.peer.world, control, choice, offered);
			this.held.hold({ view }, view.user, { [blockId]: { [actionId]: held } });
		}
		const state = stateOf(view.view.blocks, view.chosen);
		for (const { blockId, actionId, optional } of inputsOf(view)) {
			const held = state[blockId]?.[actionId];
			if (!optional && (held === undefined || isEmpty(held))) throw new Error(`${actionId} must be filled in`);
		}
	}

	private viewPayload(type: string, view: OpenView): Record<string, unknown> {
		const { world } = this.peer;
		return {
			type,
			...placeJson(this.peer, world.team(view.team)),
			user: memberJson(world.member(view.user)),
			view: viewJson(this.peer, view),
		};
	}
}

import { performance } from "node:perf_hooks";
import { MessageFlags } from "discord-api-types/v10";
import type { MessageBody } from "./bodies.ts";
import { type Callback, readCallback, readMessage } from "./bodies-check.ts";
import type { StoredMessage } from "./entities.ts";
import { failures, refuse } from "./failures.ts";
import type { ApiRequest } from "./http.ts";
import { allowedCallbacks, type Interaction } from "./interactions.ts";
import { messagePayload } from "./payloads.ts";
import { type Answer, interactionRoute, noContent, ok, param, type Route, type Services } from "./routes.ts";
import type { World } from "./world.ts";

/** Types of callbacks that change the message whose button was pressed, now or later. */
const UPDATES = [6, 7];

const isEphemeral = (flags: number): boolean => (flags & MessageFlags.Ephemeral) !== 0;

interface NewReply {
	readonly body: MessageBody;
	readonly files: ApiRequest["files"];
	readonly isPrivate: boolean;
	readonly loading: boolean;
}

function addReply(world: World, interaction: Interaction, { body, files, isPrivate, loading }: NewReply) {
	const { id, type, user, channel } = interaction;
	const visibleTo = isPrivate ? user : undefined;
	return world.addMessage({
		channel,
		author: world.bot,
		body,
		files,
		visibleTo,
		loading,
		interaction: { id, type, user },
	});
}

/** Carries out a first response. Returns the message that it created or changed. */
function apply(request: ApiRequest, world: World, interaction: Interaction, callback: Callback) {
	if ("modal" in callback) {
		interaction.openedModal = callback.modal;
		return undefined;
	}
	if ("choices" in callback) {
		interaction.offeredChoices = callback.choices;
		return undefined;
	}
	const { message, flags, type } = callback;
	if (UPDATES.includes(type)) {
		interaction.original = interaction.source;
		interaction.updatePending = message === undefined;
		if (message && interaction.source) world.editMessage(interaction.source, message, request.files);
		return interaction.original;
	}
	interaction.isPrivate = isEphemeral(flags);
	const loading = message === undefined;
	const reply: NewReply = { body: message ?? {}, files: request.files, isPrivate: interaction.isPrivate, loading };
	interaction.original = addReply(world, interaction, reply);
	return interaction.original;
}

function dataOf(body: unknown): unknown {
	return typeof body === "object" && body !== null && "data" in body ? body.data : undefined;
}

function callback(request: ApiRequest, { world, interactions }: Services): Answer {
	const interaction = interactions.awaiting(param(request, "interaction"), param(request, "token"));
	const read = readCallback(request, interaction.source);
	const fits = allowedCallbacks(interaction).includes(read.type);
	refuse(fits ? [] : [{ path: ["type"], message: `a callback of type ${read.type} cannot answer this interaction` }]);
	const message = apply(request, world, interaction, read);
	const latency = performance.now() - interaction.startedAt;
	interaction.first = { type: read.type, data: dataOf(request.body), latency };
	interaction.changed();
	if (request.query.get("with_response") !== "true") return noContent;
	const { id, type } = interaction;
	const facts = message && {
		response_message_id: message.id,
		response_message_loading: message.loading,
		response_message_ephemeral: message.visibleTo !== undefined,
	};
	const shown = message ? { message: messagePayload(world, message) } : {};
	return ok({ interaction: { id, type, ...facts }, resource: { type: read.type, ...shown } });
}

function interactionOf(request: ApiRequest, { interactions }: Services): Interaction {
	return interactions.answered(param(request, "application"), param(request, "token"));
}

function messageOf(request: ApiRequest, interaction: Interaction): StoredMessage {
	const id = request.params.message;
	const own = [...(interaction.original ? [interaction.original] : []), ...interaction.followUps];
	const message = id === undefined ? interaction.original : own.find((candidate) => candidate.id === id);
	if (!message || message.deleted) throw failures.unknownMessage();
	return message;
}

function getReply(request: ApiRequest, services: Services): Answer {
	return ok(messagePayload(services.world, messageOf(request, interactionOf(request, services))));
}

function editReply(request: ApiRequest, services: Services): Answer {
	const interaction = interactionOf(request, services);
	const message = messageOf(request, interaction);
	services.world.editMessage(message, readMessage("followUpEdit", request, message), request.files);
	if (message === interaction.original) interaction.updatePending = false;
	interaction.changed();
	return ok(messagePayload(services.world, message));
}

function deleteReply(request: ApiRequest, services: Services): Answer {
	const interaction = interactionOf(request, services);
	services.world.deleteMessage(messageOf(request, interaction));
	interaction.changed();
	return noContent;
}

/** The first follow-up after an unresolved deferral replaces it, and stays as private or public as it was. */
function followUp(request: ApiRequest, services: Services): Answer {
	const { world } = services;
	const interaction = interactionOf(request, services);
	const body = readMessage("followUp", request);
	const { original } = interaction;
	interaction.updatePending = false;
	if (original?.loading && !original.deleted) {
		world.editMessage(original, body, request.files);
		interaction.changed();
		return ok(messagePayload(world, original));
	}
	const isPrivate = isEphemeral(body.flags ?? 0);
	const message = addReply(world, interaction, { body, files: request.files, isPrivate, loading: false });
	interaction.followUps.push(message);
	interaction.changed();
	return ok(messagePayload(world, message));
}

const ORIGINAL = "/webhooks/{application}/{token}/messages/@original";
const ANY = "/webhooks/{application}/{token}/messages/{message}";

/** First responses, edits of them, and follow-ups. */
export const interactionRoutes: readonly Route[] = [
	interactionRoute("POST", "/interactions/{interaction}/{token}/callback", callback),
	interactionRoute("POST", "/webhooks/{application}/{token}", followUp),
	interactionRoute("GET", ORIGINAL, getReply),
	interactionRoute("PATCH", ORIGINAL, editReply),
	interactionRoute("DELETE", ORIGINAL, deleteReply),
	interactionRoute("GET", ANY, getReply),
	interactionRoute("PATCH", ANY, editReply),
	interactionRoute("DELETE", ANY, deleteReply),
];

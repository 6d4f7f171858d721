import * as spec from "discord-api-spec/zod";
import type { z } from "zod";
import type * as core from "zod/v4/core";
import type { Choice, CommandBody, MessageBody, ModalBody } from "./bodies.ts";
import {
	CallbackBodySchema,
	ChoicesBodySchema,
	CommandBodySchema,
	MessageBodySchema,
	ModalBodySchema,
} from "./bodies.ts";
import { InvalidBody, type Problem, refuse } from "./failures.ts";
import type { ApiRequest } from "./http.ts";
import { commandProblems } from "./rules-command.ts";
import { type MessageContext, messageProblems } from "./rules-message.ts";
import { modalProblems } from "./rules-modal.ts";
import { schemaProblems } from "./strict.ts";

/** Keys that discord.js sends with every message, and that Discord is known to ignore when they are false. */
const SENT_BY_THE_LIBRARY = ["tts", "enforce_nonce"];

function withoutLibraryKeys(body: unknown): unknown {
	if (typeof body !== "object" || body === null || Array.isArray(body)) return body;
	const entries = Object.entries(body);
	return Object.fromEntries(entries.filter(([key, value]) => !(SENT_BY_THE_LIBRARY.includes(key) && value === false)));
}

/** Checks against the generated schema, then reads what this server needs. Throws InvalidBody. */
export function readBodyAs<Body>(schema: core.$ZodType, shape: z.ZodType<Body>, body: unknown): Body {
	refuse(schemaProblems(schema, body));
	const parsed = shape.safeParse(body);
	if (parsed.success) return parsed.data;
	const problems = parsed.error.issues.map((issue) => ({ path: issue.path.map(String), message: issue.message }));
	throw new InvalidBody(problems);
}

const messageSchemas = {
	create: spec.MessageCreateRequestSchema,
	edit: spec.MessageEditRequestPartialSchema,
	followUp: spec.IncomingWebhookRequestPartialSchema,
	followUpEdit: spec.IncomingWebhookUpdateRequestPartialSchema,
};

/** Reads a body that writes a message; throws InvalidBody with every problem. */
export function readMessage(kind: keyof typeof messageSchemas, request: ApiRequest, edited?: MessageContext["edited"]) {
	const body = readBodyAs(messageSchemas[kind], MessageBodySchema, withoutLibraryKeys(request.body));
	refuse(messageProblems(body, { files: request.files, edited }));
	return body;
}

/** The body of an interaction callback, by kind. A deferral has no `message`. */
export type Callback =
	| { readonly type: number; readonly message: MessageBody | undefined; readonly flags: number }
	| { readonly type: number; readonly modal: ModalBody }
	| { readonly type: number; readonly choices: readonly Choice[] };

const REPLY = 4;
const DEFER_REPLY = 5;
const DEFER_UPDATE = 6;
const UPDATE = 7;
const AUTOCOMPLETE = 8;
const MODAL = 9;

const CALLBACK_SCHEMAS: Readonly<Record<number, core.$ZodType>> = {
	[REPLY]: spec.CreateMessageInteractionCallbackRequestSchema,
	[DEFER_REPLY]: spec.CreateMessageInteractionCallbackRequestSchema,
	[DEFER_UPDATE]: spec.UpdateMessageInteractionCallbackRequestSchema,
	[UPDATE]: spec.UpdateMessageInteractionCallbackRequestSchema,
	[AUTOCOMPLETE]: spec.ApplicationCommandAutocompleteCallbackRequestSchema,
	[MODAL]: spec.ModalInteractionCallbackRequestSchema,
};

const inData = (problems: readonly Problem[]): Problem[] =>
	problems.map((problem) => ({ ...problem, path: ["data", ...problem.path] }));

/** Reads an interaction callback. `source` is the message with the control that was used. Throws InvalidBody. */
export function readCallback(request: ApiRequest, source: MessageContext["edited"]): Callback {
	const outer = CallbackBodySchema.safeParse(request.body);
	const schema = outer.success ? CALLBACK_SCHEMAS[outer.data.type] : undefined;
	if (!outer.success || !schema) {
		throw new InvalidBody([{ path: ["type"], message: "an interaction callback of a type that does not exist" }]);
	}
	const { type } = outer.data;
	const data = withoutLibraryKeys(outer.data.data);
	const callback = outer.data.data === undefined ? { type } : { type, data };
	refuse(schemaProblems(schema, callback));
	if (type === MODAL) {
		const modal = ModalBodySchema.parse(data);
		refuse(inData(modalProblems(modal)));
		return { type, modal };
	}
	if (type === AUTOCOMPLETE) return { type, choices: ChoicesBodySchema.parse(data).choices };
	const body = MessageBodySchema.parse(data ?? {});
	if (type === DEFER_REPLY || type === DEFER_UPDATE) return { type, message: undefined, flags: body.flags ?? 0 };
	const edited = type === UPDATE ? source : undefined;
	refuse(inData(messageProblems(body, { files: request.files, edited })));
	return { type, message: body, flags: body.flags ?? 0 };
}

/** discord.js writes permissions as text: the documentation demands that, but the generated schema does not know it. */
function asInSchema(command: unknown): unknown {
	if (typeof command !== "object" || command === null) return command;
	const { nsfw: _documentedOnly, ...rest } = { nsfw: undefined, ...command };
	const permissions = "default_member_permissions" in rest ? rest.default_member_permissions : undefined;
	if (typeof permissions !== "string" || !/^\d+$/.test(permissions)) return rest;
	return { ...rest, default_member_permissions: Number(permissions) };
}

/** Reads a bulk overwrite of commands; throws InvalidBody with every problem. */
export function readCommands(body: unknown): CommandBody[] {
	if (!Array.isArray(body)) throw new InvalidBody([{ path: [], message: "a bulk overwrite takes an array" }]);
	const schema = spec.ApplicationCommandUpdateRequestSchema;
	const listed: readonly unknown[] = body;
	refuse(
		listed.flatMap((command, index) =>
			schemaProblems(schema, asInSchema(command)).map(({ path, message }) => ({ path: [index, ...path], message })),
		),
	);
	const commands = listed.map((command) => CommandBodySchema.parse(command));
	refuse(commandProblems(commands));
	return commands;
}

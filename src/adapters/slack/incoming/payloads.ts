/** The minimum that the library reads of Slack's payloads before it checks them: a signed body may hold anything. */
import { parse } from "node:querystring";
import * as z from "zod";

const record = z.looseObject({});
const place = z.union([z.string(), record]);

const event = z.looseObject({ type: z.string(), channel: place.optional(), item: record.optional() });

/** A body whose kind the library can tell. */
const payloadSchema = z
	.looseObject({
		type: z.string().optional(),
		command: z.string().optional(),
		ssl_check: z.string().optional(),
		event: event.optional(),
		authorizations: z.array(record).optional(),
		actions: z.array(record).min(1).optional(),
		view: record.optional(),
		user: place.optional(),
		team: record.nullish(),
		enterprise: record.nullish(),
		channel: record.optional(),
	})
	.refine(({ type, command, ssl_check }) => (type ?? command ?? ssl_check) !== undefined);

/** Whether a parsed body can be a payload of Slack. */
export function isPayload(body: unknown): boolean {
	return payloadSchema.safeParse(body).success;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const FORM = "application/x-www-form-urlencoded";

/** The same for a request's body, by its content type: JSON, or a form with or without JSON in its field `payload`. */
export function isReadableBody(body: Buffer, contentType: string): boolean {
	const text = body.toString();
	if (contentType !== FORM) return isPayload(parsed(text));
	const fields = parse(text);
	return isPayload(typeof fields.payload === "string" ? parsed(fields.payload) : { ...fields });
}

const envelopeSchema = z.looseObject({ type: z.string() });
/** Frames about the socket itself, which have no payload. */
const ABOUT_THE_SOCKET = ["hello", "disconnect"];

/** Whether the library can read a socket's frame. */
export function isReadableFrame(data: string): boolean {
	const { success, data: envelope } = envelopeSchema.safeParse(parsed(data));
	if (!success) return false;
	return ABOUT_THE_SOCKET.includes(envelope.type) || isPayload(envelope.payload);
}

import type { IncomingMessage, ServerResponse } from "node:http";

/** A file in a multipart body; `key` is the n of `files[n]`. */
export interface UploadedFile {
	readonly key: string;
	readonly name: string;
	readonly contentType: string;
	readonly bytes: Uint8Array;
}

/** A request as the routes see it. `route` is the template; `at` is milliseconds since 1970 by the server's clock. */
export interface ApiRequest {
	readonly method: string;
	readonly path: string;
	readonly route: string;
	readonly params: Readonly<Record<string, string>>;
	readonly query: URLSearchParams;
	readonly body: unknown;
	readonly files: readonly UploadedFile[];
	readonly at: number;
}

export interface ReadBody {
	readonly body: unknown;
	readonly files: readonly UploadedFile[];
	/** What was wrong with how the body was sent. */
	readonly fault: string | undefined;
}

const EMPTY_BODY: ReadBody = { body: undefined, files: [], fault: undefined };

async function collect(incoming: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of incoming) chunks.push(Buffer.from(chunk));
	return Buffer.concat(chunks);
}

function parseJson(text: string): ReadBody {
	try {
		const body: unknown = JSON.parse(text);
		return { ...EMPTY_BODY, body };
	} catch {
		return { ...EMPTY_BODY, fault: "the body is not JSON" };
	}
}

async function parseMultipart(bytes: Buffer, contentType: string): Promise<ReadBody> {
	const form = await new Response(bytes, { headers: { "content-type": contentType } }).formData();
	const files: UploadedFile[] = [];
	let json = "{}";
	for (const [name, value] of form) {
		if (typeof value === "string") {
			if (name !== "payload_json") return { ...EMPTY_BODY, fault: `unknown form field ${name}` };
			json = value;
			continue;
		}
		const key = /^files\[(\d{1,2})\]$/.exec(name)?.[1];
		if (key === undefined) return { ...EMPTY_BODY, fault: `a file must be called files[n], not ${name}` };
		const content = new Uint8Array(await value.arrayBuffer());
		files.push({ key, name: value.name, contentType: value.type, bytes: content });
	}
	return { ...parseJson(json), files };
}

/** Reads a JSON or multipart body. A body that Discord would not read is a `fault`. */
export async function readBody(incoming: IncomingMessage): Promise<ReadBody> {
	const bytes = await collect(incoming);
	const contentType = incoming.headers["content-type"] ?? "";
	if (bytes.length === 0) {
		const announced = contentType.startsWith("application/json");
		return announced ? { ...EMPTY_BODY, fault: "a JSON content type on an empty body" } : EMPTY_BODY;
	}
	if (contentType.startsWith("multipart/form-data")) return parseMultipart(bytes, contentType);
	if (!contentType.startsWith("application/json")) {
		return { ...EMPTY_BODY, fault: `a body of content type ${contentType || "(none)"}` };
	}
	return parseJson(bytes.toString("utf8"));
}

/** Sends a response. Without a body it has no content type. */
export function send(response: ServerResponse, status: number, body: object | undefined, headers: object = {}): void {
	for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
	if (body === undefined) {
		response.writeHead(status).end();
		return;
	}
	const text = JSON.stringify(body);
	response.writeHead(status, { "content-type": "application/json" }).end(text);
}

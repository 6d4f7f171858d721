import type { IncomingMessage } from "node:http";
import { isRecord } from "./schema/exactly.ts";

export interface Body {
	bytes: Buffer;
	fields: Record<string, unknown>;
	/** The files in a multipart body. */
	files: Buffer[];
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(Buffer.from(part));
	return Buffer.concat(parts);
}

async function multipart(bytes: Buffer, type: string): Promise<Pick<Body, "fields" | "files">> {
	const form = await new Response(new Uint8Array(bytes), { headers: { "content-type": type } }).formData();
	const fields: Record<string, unknown> = {};
	const files: Buffer[] = [];
	for (const [name, value] of form) {
		if (typeof value === "string") fields[name] = value;
		else files.push(Buffer.from(await value.arrayBuffer()));
	}
	return { fields, files };
}

/** Reads a request in any form that Slack accepts: query, form, multipart or JSON. */
export async function readBody(request: IncomingMessage): Promise<Body> {
	const query = Object.fromEntries(new URL(request.url ?? "/", "http://local").searchParams);
	const bytes = await bytesOf(request);
	const type = request.headers["content-type"] ?? "";
	if (type.startsWith("multipart/form-data")) {
		const { fields, files } = await multipart(bytes, type);
		return { bytes, files, fields: { ...query, ...fields } };
	}
	if (type.startsWith("application/json")) {
		const parsed: unknown = bytes.length === 0 ? {} : JSON.parse(bytes.toString());
		return { bytes, files: [], fields: { ...query, ...(isRecord(parsed) ? parsed : {}) } };
	}
	const form = type.startsWith("application/x-www-form-urlencoded");
	return {
		bytes,
		files: [],
		fields: { ...query, ...(form ? Object.fromEntries(new URLSearchParams(bytes.toString())) : {}) },
	};
}

import { MAX_BYTES, requireSize } from "../core/import/file-text.ts";

/** How long a whole download may take, in milliseconds. */
const DOWNLOAD_DEADLINE = 20_000;

/**
 * Downloads a member's file, without following redirects. Stops at the largest size that nlpq reads.
 * @param headers such as the token that gives access
 * @throws UserError for a larger file; Error when the download fails
 */
export async function download(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
	const signal = AbortSignal.timeout(DOWNLOAD_DEADLINE);
	const response = await fetch(url, { headers, redirect: "error", signal });
	if (!response.ok || !response.body) throw new Error(`the download was answered with ${response.status}`);
	const parts: Uint8Array[] = [];
	let bytes = 0;
	for await (const part of response.body) {
		bytes += part.length;
		if (bytes > MAX_BYTES) requireSize(bytes);
		parts.push(part);
	}
	return Buffer.concat(parts);
}

/** The origin of a platform on this machine, which serves its own files; null for any other address. */
function localOrigin(apiUrl: string | null | undefined): string | null {
	const api = apiUrl ? new URL(apiUrl) : null;
	return api?.hostname === "127.0.0.1" || api?.hostname === "localhost" ? api.origin : null;
}

/**
 * Returns a function that tells whether a platform stores files at an address. Nothing is downloaded from elsewhere.
 * @param apiUrl the configured API; null or undefined for the platform's own
 * @param hosts where the platform stores members' files
 */
export function fileAddresses(apiUrl: string | null | undefined, hosts: readonly string[]): (url: URL) => boolean {
	const local = localOrigin(apiUrl);
	if (local !== null) return ({ origin }) => origin === local;
	return ({ protocol, port, hostname }) => protocol === "https:" && port === "" && hosts.includes(hostname);
}

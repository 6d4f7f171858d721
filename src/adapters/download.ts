import { MOST_BYTES, requireSize } from "../core/import/file-text.ts";

/** Milliseconds that a download may take in all. */
const DOWNLOAD_DEADLINE = 20_000;

/**
 * The bytes of a file that a member hands over: without redirects, and no more than what is read.
 * @param headers such as the token that it is kept behind
 * @throws UserError when there are more; Error when they cannot be had
 */
export async function download(url: URL, headers: Readonly<Record<string, string>> = {}): Promise<Uint8Array> {
	const signal = AbortSignal.timeout(DOWNLOAD_DEADLINE);
	const response = await fetch(url, { headers, redirect: "error", signal });
	if (!response.ok || !response.body) throw new Error(`the download was answered with ${response.status}`);
	const parts: Uint8Array[] = [];
	let bytes = 0;
	for await (const part of response.body) {
		bytes += part.length;
		if (bytes > MOST_BYTES) requireSize(bytes);
		parts.push(part);
	}
	return Buffer.concat(parts);
}

/** The origin of a platform on this machine, which serves its files itself; null for any other address. */
function localOrigin(apiUrl: string | null | undefined): string | null {
	const api = apiUrl ? new URL(apiUrl) : null;
	return api?.hostname === "127.0.0.1" || api?.hostname === "localhost" ? api.origin : null;
}

/**
 * Tells whether a platform keeps files at an address: nothing is fetched from elsewhere.
 * @param apiUrl the platform's configured API; null or undefined for its own
 * @param hosts where the platform keeps what members hand over
 */
export function fileAddresses(apiUrl: string | null | undefined, hosts: readonly string[]): (url: URL) => boolean {
	const local = localOrigin(apiUrl);
	if (local !== null) return ({ origin }) => origin === local;
	return ({ protocol, port, hostname }) => protocol === "https:" && port === "" && hosts.includes(hostname);
}

import { fileURLToPath } from "node:url";

export const MIGRATIONS = fileURLToPath(new URL("../../../migrations", import.meta.url));

/** A key for tests. */
export const SIGNING_KEY = `k1:${Buffer.alloc(32, 7).toString("base64")}`;

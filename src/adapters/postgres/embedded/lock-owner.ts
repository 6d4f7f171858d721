import * as z from "zod";
import { processIdentitySchema } from "../../process-identity.ts";

/** Bytes of a lock file: enough for the longest host name. */
const LOCK_FILE_LENGTH = 700;

const ownerSchema = processIdentitySchema.extend({
	/** Tells apart two owners with the same process id. */
	token: z.string(),
	/** Whether the owner listens on a socket in the folder. */
	socket: z.boolean(),
	/** Counts heartbeats. */
	beat: z.int(),
});

/** The owner of a data folder, from its lock file. */
export type Owner = z.infer<typeof ownerSchema>;

/** Null for a half-written or damaged file. */
export function readOwner(text: string): Owner | null {
	try {
		return ownerSchema.parse(JSON.parse(text));
	} catch {
		return null;
	}
}

/** A lock file's content, always of the same length, so that overwriting leaves nothing of the previous one. */
export const textOf = (owner: Owner): string => JSON.stringify(owner).padEnd(LOCK_FILE_LENGTH);

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";

/** A separate file system, as small as a test wants. */
export interface SmallDisk {
	readonly folder: string;
	/** Uses up the space that is left. */
	fill(): void;
	/** Frees it. */
	empty(): void;
}

/** Null if this user may not mount one. */
export function smallDisk(megabytes: number): SmallDisk | null {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-disk-"));
	try {
		execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", folder], { stdio: "ignore" });
	} catch {
		rmSync(folder, { recursive: true, force: true });
		return null;
	}
	onTestFinished(() => {
		execFileSync("umount", ["-l", folder]);
		rmSync(folder, { recursive: true, force: true });
	});
	const filler = join(folder, "in-use.filler");
	return {
		folder,
		fill: () => {
			// It must end with an error: the disk is then full.
			try {
				execFileSync("dd", ["if=/dev/zero", `of=${filler}`, "bs=64k"], { stdio: "ignore" });
			} catch {
				if (!existsSync(filler)) throw new Error("the disk could not be filled");
			}
		},
		empty: () => rmSync(filler, { force: true }),
	};
}

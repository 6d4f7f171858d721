import { editDistance } from "./edit-distance.ts";

/** The candidate that was most likely meant; undefined when none is close enough to suggest. */
export function nearest(typed: string, candidates: readonly string[]): string | undefined {
	const ranked = candidates
		.map((candidate) => ({ candidate, distance: editDistance(typed, candidate) }))
		.sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate));
	const [best] = ranked;
	const near = Math.max(2, Math.floor(typed.length / 2));
	if (best && best.distance <= near && best.distance < typed.length) return best.candidate;
	return candidates.find((candidate) => typed.length >= 3 && candidate.startsWith(typed));
}

/**
 * The number of typos between two texts: letters missing, added, changed, or swapped with a neighbour.
 * Time is the product of the lengths: limit untrusted input first.
 */
export function editDistance(left: string, right: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({ length: right.length + 1 }, (_, column) => column);
	for (let row = 1; row <= left.length; row += 1) {
		const current = [row];
		for (let column = 1; column <= right.length; column += 1) {
			const same = left[row - 1] === right[column - 1];
			const changed = (last[column - 1] ?? 0) + (same ? 0 : 1);
			const missing = (last[column] ?? 0) + 1;
			const added = (current[column - 1] ?? 0) + 1;
			const swapped =
				row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
					? (beforeLast[column - 2] ?? 0) + 1
					: Infinity;
			current.push(Math.min(changed, missing, added, swapped));
		}
		beforeLast = last;
		last = current;
	}
	return last[right.length] ?? 0;
}

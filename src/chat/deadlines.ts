/** Resolves after a delay. */
export const pause = (milliseconds: number): Promise<void> =>
	new Promise((resolve) => {
		setTimeout(resolve, milliseconds);
	});

/** Settles like `work`, or resolves to `late` if that takes longer. Does not cancel the work. */
export async function withDeadline<Value, const Late>(
	work: Promise<Value>,
	milliseconds: number,
	late: Late,
): Promise<Value | Late> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const deadline = new Promise<Late>((resolve) => {
		timer = setTimeout(resolve, milliseconds, late);
	});
	try {
		return await Promise.race([work, deadline]);
	} finally {
		clearTimeout(timer);
	}
}

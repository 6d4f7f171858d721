/** Settles after a while. */
export const pause = (milliseconds: number): Promise<void> =>
	new Promise((resolve) => {
		setTimeout(resolve, milliseconds);
	});

/** Settles as the work does, or with `late` when that takes longer. The work goes on; the timer ends with it. */
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

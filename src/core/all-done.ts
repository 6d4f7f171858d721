/**
 * Waits for all promises even if one fails, then throws the first error. A transaction sends its statements in order, so
 * several can be on their way at once; if it ended at the first failure, later statements would run outside it.
 */
export async function allDone<Values extends readonly unknown[]>(
	...promises: { readonly [Index in keyof Values]: Promise<Values[Index]> | Values[Index] }
): Promise<Values> {
	await Promise.allSettled(promises);
	return (await Promise.all(promises)) as unknown as Values;
}

/** Ends the program without a word when nobody reads what it says any more, as in `nlpq today | head -1`. */
export function endQuietly(output: NodeJS.WritableStream): void {
	output.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code === "EPIPE") process.exit(0);
		throw error;
	});
}

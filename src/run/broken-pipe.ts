/** Ends the program silently when its reader has gone, as in `nlpq today | head -1`. */
export function endQuietly(output: NodeJS.WritableStream): void {
	output.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code === "EPIPE") process.exit(0);
		throw error;
	});
}

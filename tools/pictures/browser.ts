/** Photographs pages with this machine's Chromium over its debugging pipe: needs no server and no package. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { z } from "zod";

/** Image pixels per CSS pixel. */
const SCALE = 2;
const PROGRAM = process.env.CHROMIUM ?? "chromium";
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--remote-debugging-pipe", "--disable-background-networking", "--no-first-run"]; // biome-ignore format: one line

const answerSchema = z.looseObject({
	id: z.number().optional(),
	result: z.unknown().optional(),
	error: z.looseObject({ message: z.string() }).optional(),
});

export class Browser {
	readonly #process: ChildProcess;
	readonly #folder: string;
	readonly #waiting = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>();
	#last = 0;

	private constructor(process: ChildProcess, folder: string) {
		this.#process = process;
		this.#folder = folder;
		let rest = "";
		(process.stdio[4] as Readable).setEncoding("utf8").on("data", (chunk: string) => {
			const messages = (rest + chunk).split("\0");
			rest = messages.pop() ?? "";
			for (const message of messages) this.#hear(answerSchema.parse(JSON.parse(message)));
		});
		process.once("exit", () => {
			for (const { reject } of this.#waiting.values()) reject(new Error("the browser ended"));
		});
	}

	/** @throws if there is no Chromium; `CHROMIUM` names one with another name */
	static async start(): Promise<Browser> {
		const folder = await mkdtemp(join(tmpdir(), "nlpq-pictures-"));
		const stdio = ["ignore", "ignore", "ignore", "pipe", "pipe"] as const;
		const process = spawn(PROGRAM, [...FLAGS, `--user-data-dir=${folder}`, "about:blank"], { stdio: [...stdio] });
		await new Promise((resolve, reject) => process.once("spawn", () => resolve(null)).once("error", reject));
		return new Browser(process, folder);
	}

	#hear({ id, result, error }: z.infer<typeof answerSchema>): void {
		const waiting = this.#waiting.get(id ?? -1);
		if (id === undefined || !waiting) return;
		this.#waiting.delete(id);
		if (error) waiting.reject(new Error(error.message));
		else waiting.resolve(result);
	}

	#call(method: string, params: object, sessionId?: string): Promise<unknown> {
		this.#last += 1;
		const id = this.#last;
		const answered = new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
		(this.#process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
		return answered;
	}

	/** Photographs a whole page as WebP, `width` CSS pixels wide and as tall as its content. */
	async photograph(html: string, width: number): Promise<Buffer> {
		const { targetId } = z
			.object({ targetId: z.string() })
			.parse(await this.#call("Target.createTarget", { url: "about:blank" }));
		const { sessionId } = z
			.object({ sessionId: z.string() })
			.parse(await this.#call("Target.attachToTarget", { targetId, flatten: true }));
		const call = (method: string, params: object) => this.#call(method, params, sessionId);
		const evaluate = async (expression: string) => {
			const { result } = z
				.looseObject({ result: z.looseObject({ value: z.unknown().optional() }) })
				.parse(await call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }));
			return result.value;
		};
		const sized = (height: number) =>
			call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: SCALE, mobile: false });
		await sized(600);
		const tree = z
			.looseObject({ frameTree: z.looseObject({ frame: z.looseObject({ id: z.string() }) }) })
			.parse(await call("Page.getFrameTree", {}));
		await call("Page.setDocumentContent", { frameId: tree.frameTree.frame.id, html });
		await evaluate(
			"Promise.all([document.fonts.ready, ...[...document.images].map((image) => image.decode())]).then(() => 0)",
		);
		const height = z.number().parse(await evaluate("Math.ceil(document.body.getBoundingClientRect().height)"));
		await sized(height);
		const { data } = z
			.object({ data: z.string() })
			.parse(await call("Page.captureScreenshot", { format: "webp", quality: 58 }));
		await this.#call("Target.closeTarget", { targetId });
		return Buffer.from(data, "base64");
	}

	async close(): Promise<void> {
		const ended = new Promise((resolve) => this.#process.once("exit", resolve));
		await this.#call("Browser.close", {}).catch(() => this.#process.kill());
		await ended;
		await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
	}
}

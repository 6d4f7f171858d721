/** Reads a payload strictly: what this package cannot draw is an error with its path. */

export class UnknownPart extends Error {
	readonly path: string;

	constructor(path: string, message: string) {
		super(`${path}: ${message}`);
		this.name = "UnknownPart";
		this.path = path;
	}
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** One value of a payload, with its path. */
export class Part {
	readonly value: unknown;
	readonly path: string;

	constructor(value: unknown, path: string) {
		this.value = value;
		this.path = path;
	}

	fail(message: string): never {
		throw new UnknownPart(this.path, message);
	}

	/** Throws for any other field: it would silently be left out of the drawing. */
	only(...names: readonly string[]): this {
		if (!isRecord(this.value)) this.fail("is not an object");
		for (const [name, value] of Object.entries(this.value))
			if (value !== undefined && !names.includes(name))
				throw new UnknownPart(`${this.path}.${name}`, "this package cannot draw this field");
		return this;
	}

	/** A required field. */
	get(name: string): Part {
		return this.maybe(name) ?? new Part(undefined, `${this.path}.${name}`).fail("is missing");
	}

	/** An optional field; null if missing. */
	maybe(name: string): Part | null {
		if (!isRecord(this.value)) this.fail("is not an object");
		const value = this.value[name];
		return value === undefined || value === null ? null : new Part(value, `${this.path}.${name}`);
	}

	/** A list's items; none if the field is missing. */
	list(name: string): Part[] {
		const part = this.maybe(name);
		if (part === null) return [];
		if (!Array.isArray(part.value)) return part.fail("is not a list");
		return part.value.map((value, index) => new Part(value, `${part.path}[${index}]`));
	}

	/** A text field; null if missing. */
	text(name: string): string | null {
		return this.maybe(name)?.string() ?? null;
	}

	flag(name: string): boolean {
		const part = this.maybe(name);
		if (part === null) return false;
		return typeof part.value === "boolean" ? part.value : part.fail("is neither true nor false");
	}

	string(): string {
		return typeof this.value === "string" ? this.value : this.fail("is not a string");
	}

	number(): number {
		return typeof this.value === "number" ? this.value : this.fail("is not a number");
	}

	/** The type of a component or block, which decides how to draw it. */
	type(): string {
		const part = this.get("type");
		return typeof part.value === "number" ? String(part.value) : part.string();
	}
}

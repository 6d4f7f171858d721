import { z } from "zod";

/** One schema for each key of the type: a missing key, or a value that does not fit, is a type error. */
type ShapeOf<Type> = { [Key in keyof Type]-?: z.ZodType<Type[Key]> };

/**
 * A strict object schema that stays in step with a type of `@slack/types`. The compiler refuses a shape that lacks a
 * key of the type, has an extra one, or gives one another type. Any other key in a value is an issue.
 */
export function exactly<Type>() {
	return <Shape extends ShapeOf<Type>>(shape: Shape & Record<Exclude<keyof Shape, keyof Type>, never>) =>
		z.strictObject<Shape>(shape);
}

/** A string of 1 to `max` UTF-16 units, the stricter of the ways in which Slack may count. */
export const text = (max: number) => z.string().min(1).max(max);

export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function pass(schema: z.ZodType, value: unknown, context: z.RefinementCtx): void {
	for (const issue of schema.safeParse(value).error?.issues ?? []) {
		context.addIssue({ code: "custom", message: issue.message, path: issue.path });
	}
}

/** A schema for a type that no single shape of `exactly` equals, such as a union: `choose` picks the one to check with. */
export function checkedBy<Type>(choose: (value: unknown) => z.ZodType) {
	return z.custom<Type>().superRefine((value: unknown, context) => pass(choose(value), value, context));
}

/** Chooses the schema by the value's `type`, so that the issues name the real fault instead of the whole union. */
export function byType<Schemas extends Record<string, z.ZodType>>(kind: string, schemas: Schemas) {
	return checkedBy<z.infer<Schemas[keyof Schemas]>>((value) => {
		const type = isRecord(value) ? value.type : undefined;
		const schema = typeof type === "string" && Object.hasOwn(schemas, type) ? schemas[type] : undefined;
		return schema ?? z.never(`${kind} of type ${JSON.stringify(type)} is not allowed here`);
	});
}

/** `message [json-pointer:path]` for every issue, like Slack's messages. */
export function issuesOf(error: z.ZodError, at = ""): string[] {
	return error.issues.map((issue) => `${issue.message} [json-pointer:${[at, ...issue.path.map(String)].join("/")}]`);
}

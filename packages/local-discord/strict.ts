import * as core from "zod/v4/core";
import type { Problem } from "./failures.ts";

const tightened = new WeakMap<core.$ZodType, core.$ZodType>();

/**
 * The same schema, except that every object in it refuses unknown keys. The package fixes its strictness while it loads
 * and offers no option, so the finished schemas are rebuilt.
 */
function tighten(schema: core.$ZodType): core.$ZodType {
	const known = tightened.get(schema);
	if (known) return known;
	const made = rebuild(schema);
	tightened.set(schema, made);
	return made;
}

function rebuild(schema: core.$ZodType): core.$ZodType {
	if (schema instanceof core.$ZodObject) {
		const shape = Object.fromEntries(Object.entries(schema._zod.def.shape).map(([key, at]) => [key, tighten(at)]));
		return core.clone(schema, { ...schema._zod.def, shape, catchall: new core.$ZodNever({ type: "never" }) });
	}
	if (schema instanceof core.$ZodArray) {
		return core.clone(schema, { ...schema._zod.def, element: tighten(schema._zod.def.element) });
	}
	if (schema instanceof core.$ZodUnion) {
		return core.clone(schema, { ...schema._zod.def, options: schema._zod.def.options.map(tighten) });
	}
	if (schema instanceof core.$ZodOptional || schema instanceof core.$ZodNullable) {
		return core.clone(schema, { ...schema._zod.def, innerType: tighten(schema._zod.def.innerType) });
	}
	if (schema instanceof core.$ZodLazy) {
		const { getter } = schema._zod.def;
		return core.clone(schema, { ...schema._zod.def, getter: () => tighten(getter()) });
	}
	return schema;
}

function isPathPart(part: PropertyKey): part is string | number {
	return typeof part !== "symbol";
}

/** The branch of a union that was meant: its kind of value and literal `type` fit; otherwise the nearest. */
function meantBranch(branches: readonly core.$ZodIssue[][]): readonly core.$ZodIssue[] | undefined {
	const deep = branches.filter((issues) =>
		issues.every((issue) => issue.path.length > 0 || issue.code === "unrecognized_keys"),
	);
	const typed = deep.filter((issues) => issues.every((issue) => issue.path[0] !== "type"));
	return (typed.length > 0 ? typed : branches).toSorted((one, other) => one.length - other.length)[0];
}

function flatten(issue: core.$ZodIssue, base: readonly (string | number)[]): Problem[] {
	const path = [...base, ...issue.path.filter(isPathPart)];
	if (issue.code === "invalid_union") {
		const branch = meantBranch(issue.errors);
		if (branch && branch.length > 0) return branch.flatMap((inner) => flatten(inner, path));
	}
	if (issue.code === "unrecognized_keys") {
		return issue.keys.map((key) => ({ path: [...path, key], message: `unknown key "${key}"` }));
	}
	return [{ path, message: issue.message }];
}

/** Every difference between `value` and the schema, unknown keys included. */
export function schemaProblems(schema: core.$ZodType, value: unknown): Problem[] {
	const result = core.safeParse(tighten(schema), value);
	return result.success ? [] : result.error.issues.flatMap((issue) => flatten(issue, []));
}

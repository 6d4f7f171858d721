import { parseSync, Visitor } from "oxc-parser";

/** A function with its name, if it has one, and its length in lines. */
export interface FunctionSize {
	readonly name: string;
	readonly line: number;
	readonly lines: number;
}

interface Spanned {
	readonly start: number;
	readonly end: number;
}

/** The functions in a TypeScript source that have a body of statements, unlike `(x) => x + 1`. */
export function functionsOf(file: string, text: string): FunctionSize[] {
	const found: FunctionSize[] = [];
	const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
	const add = (name: string, { start, end }: Spanned) => {
		const line = lineOf(start);
		found.push({ name, line, lines: lineOf(end) - line + 1 });
	};
	const { program, errors } = parseSync(file, text);
	if (errors.length > 0) throw new Error(`${file} cannot be parsed`);
	new Visitor({
		FunctionDeclaration: (node) => add(node.id?.name ?? "default", node),
		FunctionExpression: (node) => add("function", node),
		ArrowFunctionExpression: (node) => {
			if (!node.expression) add("=>", node);
		},
	}).visit(program);
	return found;
}

/** The value below which a share of the sorted numbers lies. */
export function quantile(numbers: readonly number[], share: number): number {
	const sorted = numbers.toSorted((one, other) => one - other);
	return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Relative imports that a source needs at run time. Type imports cost nothing and make no cycles. */
export function importsOf(file: string, text: string): string[] {
	const { module } = parseSync(file, text);
	const imports = module.staticImports.filter(
		({ entries }) => entries.length === 0 || entries.some(({ isType }) => !isType),
	);
	const exports = module.staticExports.flatMap(({ entries }) =>
		entries.flatMap(({ moduleRequest, isType }) => (moduleRequest && !isType ? [moduleRequest.value] : [])),
	);
	const names = [...imports.map(({ moduleRequest }) => moduleRequest.value), ...exports];
	return names.filter((name) => name.startsWith("."));
}

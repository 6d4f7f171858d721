/** An HTML tree that is safe to write: every string passed in is text, never markup. */

const ENTITIES: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};
const VOID = new Set(["img", "input", "hr", "br"]);
const NAME = /^[a-zA-Z][a-zA-Z0-9-]*$/;

/** Markup, which only `element` can make. */
export class Html {
	readonly markup: string;

	constructor(markup: string) {
		this.markup = markup;
	}
}

export type Child = Html | string | null | readonly Child[];
/** `true` writes the bare name; `false` and null leave the attribute out. */
export type Attributes = Readonly<Record<string, string | number | boolean | null>>;

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

function childMarkup(child: Child): string {
	if (child === null) return "";
	if (typeof child === "string") return escaped(child);
	return child instanceof Html ? child.markup : child.map(childMarkup).join("");
}

function attributeMarkup([name, value]: [string, Attributes[string]]): string {
	if (value === false || value === null) return "";
	if (!NAME.test(name)) throw new Error(`not the name of an attribute: ${name}`);
	return value === true ? ` ${name}` : ` ${name}="${escaped(String(value))}"`;
}

export function element(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): Html {
	const start = `<${tag}${Object.entries(attributes)
		.map((entry) => attributeMarkup(entry as [string, Attributes[string]]))
		.join("")}>`;
	return new Html(VOID.has(tag) ? start : `${start}${childMarkup(children)}</${tag}>`);
}

export const group = (...children: readonly Child[]): Html => new Html(childMarkup(children));

/** An address that a browser may follow; null for other schemes, such as `javascript:`. */
export function safeAddress(address: string): string | null {
	return /^https?:\/\/[^\s]+$/i.test(address) ? address : null;
}

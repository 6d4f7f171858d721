import { cut } from "../core/text/cut.ts";

const LONGEST_QUOTE = 40;

/** Quotes a member's input in a message about it. */
export const inQuotes = (text: string): string => `"${cut(text, LONGEST_QUOTE)}"`;

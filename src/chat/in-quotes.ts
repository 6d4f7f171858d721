import { cut } from "../core/text/cut.ts";

const MAX_QUOTE_LENGTH = 40;

/** Quotes a member's input in a message about it. */
export const inQuotes = (text: string): string => `"${cut(text, MAX_QUOTE_LENGTH)}"`;

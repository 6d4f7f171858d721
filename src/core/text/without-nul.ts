/** Postgres takes no NUL in text, and nobody types one on purpose. Other control characters are the member's business. */
export const withoutNul = (text: string): string => text.replaceAll("\u0000", "");

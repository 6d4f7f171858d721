/** Postgres keeps no NUL in text, and nobody means one; other control characters are the member's own business. */
export const withoutNul = (text: string): string => text.replaceAll("\u0000", "");

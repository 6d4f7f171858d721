/** Removes NUL, which Postgres text cannot hold and nobody types on purpose. Keeps other control characters. */
export const withoutNul = (text: string): string => text.replaceAll("\u0000", "");

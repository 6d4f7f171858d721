/** Every table, by subject. */
export * from "./answers.ts";
export * from "./bank.ts";
export * from "./daily.ts";
export * from "./own.ts";
export * from "./people.ts";
export * from "./practice.ts";
export * from "./reports.ts";
export * from "./running.ts";
export * from "./slack.ts";

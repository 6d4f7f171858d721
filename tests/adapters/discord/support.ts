/** The benches start the same bot. */
export * from "../../support/discord-bot.ts";

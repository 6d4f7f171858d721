/** `npm run docs`: rewrites the tables of README.md from the definitions of commands and settings. */
import { readFileSync, writeFileSync } from "node:fs";
import { COMMANDS } from "../src/chat/commands/index.ts";
import { SETTINGS } from "../src/config.ts";
import { commandsTable, fillIn, settingsTable } from "./tables.ts";

const FILE = "README.md";
const withCommands = fillIn(readFileSync(FILE, "utf8"), "commands", commandsTable(COMMANDS));
writeFileSync(FILE, fillIn(withCommands, "settings", settingsTable(SETTINGS, readFileSync(".env.example", "utf8"))));

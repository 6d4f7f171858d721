/** `npm run docs`: rewrites the tables of README.md from the definitions of commands and settings. */
import { readFileSync, writeFileSync } from "node:fs";
import { COMMANDS } from "../src/chat/commands/index.ts";
import { SETTINGS } from "../src/config.ts";
import { commandsTable, fillIn, settingsTable } from "./tables.ts";

const FILE = "README.md";
const before = readFileSync(FILE, "utf8");
const withCommands = fillIn(before, "commands", commandsTable(COMMANDS));
const after = fillIn(withCommands, "settings", settingsTable(SETTINGS, readFileSync(".env.example", "utf8")));
writeFileSync(FILE, after);
console.log(after === before ? `${FILE} was up to date.` : `${FILE}: the tables of commands and settings are written.`);

/** The last step of the build: parses the question bank for the compiled program, into the file that it is given. */
import { keepParsed } from "../src/adapters/files/parsed-bank.ts";
import { questionsFolder } from "../src/run/open.ts";

const [, , file] = process.argv;
if (file === undefined) throw new Error("keep-parsed.js needs the path of the file to write");
await keepParsed(questionsFolder(), file);

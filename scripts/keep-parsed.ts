/** The last step of the build: parses the question bank for the compiled program. */
import { keepParsed } from "../src/adapters/files/parsed-bank.ts";
import { questionsFolder } from "../src/run/open.ts";

await keepParsed(questionsFolder());

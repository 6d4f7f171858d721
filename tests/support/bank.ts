import { loadQuestionFiles } from "../../src/adapters/files/bank.ts";
import { Bank } from "../../src/core/question/bank.ts";
import type { Question } from "../../src/core/question/question.ts";

/** When databases that are copied by tests were filled with the bank. */
export const BANK_KNOWN_SINCE = new Date("2026-11-23T08:00:00Z");

const loading = loadQuestionFiles("questions");

/** The questions of the project's files, parsed once per process. */
export const realQuestions = async (): Promise<ReadonlyMap<string, Question>> => (await loading).questions;

/** The project's bank. Each database needs its own, since it remembers what a workspace adds. */
export const realBank = async (): Promise<Bank> => new Bank(await realQuestions());

/** The part of the project's bank that may be asked. */
export const bankOf = async (isAsked: (questionId: string) => boolean): Promise<Bank> =>
	new Bank(new Map([...(await realQuestions())].filter(([id]) => isAsked(id))));

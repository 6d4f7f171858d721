import type { Question } from "../../src/core/question/question.ts";

export const percent = (share: number, digits = 0) => `${(100 * share).toFixed(digits)}%`;
export const optionsOf = ({ mcq }: Question) => mcq.options.map(({ text }) => text);
export const rightOf = ({ mcq }: Question) => mcq.options.find(({ correct }) => correct)?.text;

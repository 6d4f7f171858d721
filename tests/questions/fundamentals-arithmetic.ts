export const f1 = (tp: number, fp: number, fn: number) => (2 * tp) / (2 * tp + fp + fn);

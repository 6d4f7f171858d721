import { question } from "./bank.ts";

/** The texts of the right option and the wrong ones in a question's quick check. */
export async function options(id: string): Promise<{ right: string; wrong: string[] }> {
	const { mcq } = await question(id);
	return {
		right: mcq.options.find((option) => option.correct)?.text ?? "",
		wrong: mcq.options.filter((option) => !option.correct).map((option) => option.text),
	};
}

export const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The element at an index, which must exist. */
export const at = <T>(values: readonly T[], index: number): T => {
	const value = values[index];
	if (value === undefined) throw new Error(`nothing at ${index}`);
	return value;
};

/** A number with commas between the thousands. */
export const grouped = (value: number) => value.toLocaleString("en-US");

import { beginning } from "./cut.ts";
import { wellFormed } from "./well-formed.ts";

/** The longest name to keep, in UTF-16 code units. Platforms allow at most 80. */
const MAX_LENGTH = 80;

const JOINERS = String.raw`\u200c\u200d`;
/** Control and invisible characters, which can reverse, hide or displace the text beside a name. */
const STEERING = new RegExp(
	String.raw`(?:(?![${JOINERS}]|\ufe0f)[\p{Cc}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}])+`,
	"gu",
);
const JOINER = new RegExp(`[${JOINERS}]`, "gu");
/** A joiner is meaningful only between these: in scripts with joined letters, and inside an emoji. */
const BEFORE_JOINER = /(?:(?!\p{Script=Latin})\p{L}|\p{M}|\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)$/u;
const AFTER_JOINER = /^(?:(?!\p{Script=Latin})\p{L}|\p{Extended_Pictographic})/u;

/** A name on one line that cannot reverse or hide the text beside it; empty when nothing in it is visible. */
export function displayName(text: string): string {
	const name = wellFormed(text, "")
		.replace(STEERING, " ")
		.replace(JOINER, (joiner, at: number, whole: string) =>
			BEFORE_JOINER.test(whole.slice(0, at)) && AFTER_JOINER.test(whole.slice(at + 1)) ? joiner : "",
		)
		.replace(/\s+/gu, " ")
		.trim();
	return beginning(name.replaceAll("\ufe0f", "").trim() === "" ? "" : name, MAX_LENGTH);
}

/** Texts that clients let through, made of what has broken programs, with an emoji at every cut. */
import type { Dice } from "./dice.ts";

const PIECES = [
	"👩‍👩‍👧‍👦",
	"🏳️‍🌈",
	"👍🏽",
	"🇩🇪🇫🇷",
	"é̷̡͓",
	"שלום עולם",
	"مرحبا",
	"\u202eabc\u202c",
	"\u2066x\u2069",
	"\u200b\u200c\u200d\ufeff",
	"\u2028\u2029",
	"<!channel>",
	"<!here|here>",
	"<!everyone>",
	"<!subteam^S0123456|@all>",
	"<@U01234567>",
	"<#C01234567|general>",
	"<!date^1|{date}|x>",
	"<https://example.org|another>",
	"@everyone",
	"@here",
	"<@123456789012345678>",
	"<@!123456789012345678>",
	"<@&123456789012345678>",
	"<#123456789012345678>",
	"</nlpq today:123456789012345678>",
	"<:x:123456789012345678>",
	"<t:1:R>",
	"&lt;!channel&gt; &amp;amp;",
	"[label](https://example.org)",
	"\ud83d",
	"\ude00",
	"\u0000",
	"\u0007\u001b[31m\u009b1m",
	"`",
	"``",
	"```",
	"````js\ncode\n````",
	"**bold** __under__ ~~gone~~ ||spoiler|| _i_ *i*",
	"\n> quote\n>>> all",
	"\n# heading\n-# small",
	"\n1. one\n1. one\n- item",
	"\\",
	"\t  \r\n\n\n",
	"ﷺ",
	"$1 $& %s {0}",
	"name:value source:both 'x' \"y",
	"a",
	" word word",
	"0",
] as const;

/** Lengths at which we or a platform cut a text, in UTF-16 units. */
const CUTS = [
	20, 24, 40, 45, 60, 75, 80, 100, 150, 200, 256, 300, 400, 600, 1000, 1024, 1800, 2000, 2048, 3000, 4000, 4096,
];
const HUGE = [6_000, 13_200, 40_000];
const HARD_TO_CUT = ["😀", "👩‍👩‍👧‍👦", "🇩🇪", "é̷", "`", "\\", "<", "&", "*", "\n"] as const;

function mixture(dice: Dice): string {
	return Array.from({ length: dice.between(1, 12) }, () => dice.pick(PIECES)).join(dice.pick(["", " ", "\n"]));
}

/** Something that straddles a cut: it begins just before one or ends just after it. */
function acrossCut(dice: Dice): string {
	const most = dice.chance(1 / 12) ? dice.pick(HUGE) : dice.pick(CUTS);
	const filler = dice.pick(["a", "ab ", "😀", "`", "*x* ", "&", "ש", "x\n"]);
	const length = Math.max(0, most - dice.between(0, 11));
	const start = filler.repeat(Math.ceil(length / filler.length)).slice(0, length);
	return `${start}${dice.pick(HARD_TO_CUT).repeat(dice.between(1, 4))}${mixture(dice)}`;
}

export const hostileText = (dice: Dice): string => (dice.chance(0.5) ? mixture(dice) : acrossCut(dice));

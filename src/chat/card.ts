/**
 * What the program shows, as plain data. Each platform has one pure renderer for it; nothing here knows
 * of a platform's limits, markup or identifiers.
 */

/**
 * A run of text. A bare string is the program's own or the bank's prose, in which backticks mark code;
 * whatever a member can write goes into `plain`, where nothing is markup.
 */
export type Inline =
	| string
	| { readonly type: "plain"; readonly text: string }
	| { readonly type: "strong"; readonly text: string }
	| { readonly type: "code"; readonly text: string }
	/** A channel, by the platform's own mention, which is right after a rename too; `name` where there are none. */
	| { readonly type: "channel"; readonly id: string; readonly name: string }
	/** A role, by the platform's own mention; it pings nobody. */
	| { readonly type: "role"; readonly id: string }
	/** A command as its platform has registered it: to press where it has an id. `options` as `name:value name:value`. */
	| { readonly type: "command"; readonly name: string; readonly id: string | null; readonly options: string }
	/** An address to open; the platform makes it one to press. */
	| { readonly type: "link"; readonly url: string }
	/** An instant, shown in the reader's own zone where the platform can; `zone` (IANA) where it cannot. */
	| { readonly type: "instant"; readonly at: Date; readonly zone: string };

export type ChannelInline = Extract<Inline, { type: "channel" }>;

/** Paragraphs are separated by blank lines. */
export type Text = string | readonly Inline[];

/** A command with preset options: what a button does. */
export interface Call {
	/** The command's path without the slash, such as `schedule add`. */
	readonly command: string;
	/** Values as a member would type them. */
	readonly options: Readonly<Record<string, string>>;
	/** Opens the command's form with the options filled in, although none is missing. */
	readonly reopen?: true;
}

/** One thing that a member typed. */
export interface TypedField {
	/** The option of the command that it fills. */
	readonly name: string;
	readonly label: string;
	readonly text: string;
}

export interface Button {
	readonly label: string;
	readonly call: Call;
	readonly style: "primary" | "secondary" | "danger";
}

/** One day of a heat map, oldest first; `date` is YYYY-MM-DD. */
export interface HeatMapDay {
	readonly date: string;
	readonly mark: "attempted" | "missed" | "frozen" | "excused" | "open" | "none";
}

/** How likely a member recalls one question today; `unmet` is one without a memory. */
export type RecallMark = "firm" | "fading" | "slipping" | "unmet";

export type Picture =
	| {
			readonly type: "heat-map";
			readonly title: string;
			/** 84 days, Monday first, ending in the present week. */
			readonly days: readonly HeatMapDay[];
	  }
	| {
			readonly type: "profile";
			readonly title: string;
			/** `share` of right answers, 0 to 1; null where too few were given to say. */
			readonly rows: readonly { readonly name: string; readonly answered: number; readonly share: number | null }[];
	  }
	| {
			readonly type: "recall-map";
			readonly title: string;
			/** A mark for each question of a category, the best known first. */
			readonly groups: readonly { readonly name: string; readonly marks: readonly RecallMark[] }[];
	  };

export type Block =
	| { readonly type: "text"; readonly text: Text }
	| { readonly type: "heading"; readonly text: string }
	| { readonly type: "list"; readonly marker: "bullet" | "number" | "letter"; readonly items: readonly Text[] }
	/** Names with values, side by side where there is room. */
	| { readonly type: "facts"; readonly facts: readonly { readonly name: string; readonly value: Text }[] }
	/** Code, a log, a table: monospace, and every blank of it counts. Nothing in it is markup. */
	| { readonly type: "preformatted"; readonly text: string }
	/** A member's own words: shown as they are, never as markup. */
	| { readonly type: "quote"; readonly text: string }
	/**
	 * What a member typed and could not be taken, given back whole; never markup. `reopen` opens the form again with the
	 * fields filled in, as far as the platform can carry them; null for a command without a form.
	 */
	| { readonly type: "typed"; readonly fields: readonly TypedField[]; readonly reopen: Call | null }
	/** Small print. */
	| { readonly type: "note"; readonly text: Text }
	| { readonly type: "picture"; readonly picture: Picture; readonly alternative: string }
	| { readonly type: "actions"; readonly buttons: readonly Button[] }
	/** Items to tick; their numbers (from 1, joined by commas) become the call's option `option`. */
	| {
			readonly type: "checklist";
			readonly label: string;
			readonly items: readonly string[];
			readonly call: Call;
			readonly option: string;
	  };

/** What a form can show above its fields. */
export type IntroBlock = Extract<Block, { type: "text" | "preformatted" }>;

export interface Card {
	readonly tone: "plain" | "question" | "good" | "warning" | "error";
	/** At most 150 characters. */
	readonly title: string;
	readonly blocks: readonly Block[];
	/** Marks the daily post, which a platform may show with more weight. */
	readonly prominent?: boolean;
	/** The one role that the post notifies, by the platform's id. */
	readonly notifies?: string;
}

export type FormField =
	| {
			readonly type: "text";
			/** The option of the command that it fills. */
			readonly name: string;
			readonly label: string;
			readonly hint?: string;
			readonly long: boolean;
			readonly required: boolean;
			/** Longest text in characters. */
			readonly longest: number;
			readonly initial?: string;
	  }
	| {
			readonly type: "choice";
			readonly name: string;
			readonly label: string;
			readonly required: boolean;
			readonly choices: readonly { readonly label: string; readonly value: string }[];
			readonly initial?: string;
	  }
	| {
			readonly type: "channel";
			readonly name: string;
			readonly label: string;
			readonly required: boolean;
			readonly initial?: string;
	  }
	/** A role of the platform, where it has roles; left empty, it is `none`. */
	| {
			readonly type: "role";
			readonly name: string;
			readonly label: string;
			readonly required: boolean;
			readonly initial?: string;
	  }
	/** A file, where the platform's forms take one. */
	| {
			readonly type: "file";
			readonly name: string;
			readonly label: string;
			readonly required: boolean;
			readonly initial?: string;
	  }
	/** HH:MM. */
	| {
			readonly type: "time";
			readonly name: string;
			readonly label: string;
			readonly required: boolean;
			readonly initial?: string;
	  };

/** Asks for what a command still lacks; its fields are merged into the call's options. */
export interface Form {
	readonly title: string;
	/** What is asked, above the fields. */
	readonly intro?: readonly IntroBlock[];
	readonly call: Call;
	readonly fields: readonly FormField[];
	readonly submit: string;
}

export type Audience = "member" | "channel";

/** What a command answers. `data` holds the facts of the reply for scripts. */
export interface Reply {
	/** The asker alone, unless told. */
	readonly audience?: Audience;
	readonly card: Card;
	readonly data?: Readonly<Record<string, unknown>>;
	/** Comes after the card, to the member alone. */
	readonly followUp?: Reply;
	/** A file for the member, such as an export. */
	readonly file?: { readonly name: string; readonly content: string };
}

export type Outcome =
	| {
			readonly type: "reply";
			readonly reply: Reply;
			/** Keys of the interactions whose end it tells; the dispatcher hears whether the member got it. */
			readonly tells?: readonly string[];
			/** Ids of notices to the admins that it shows for the first time; the dispatcher hears of these too. */
			readonly alerts?: readonly number[];
			/** Whether it is not known yet if the effect was saved. */
			readonly unconfirmed?: boolean;
	  }
	| { readonly type: "form"; readonly form: Form; readonly tells?: undefined; readonly alerts?: undefined };

export const plain = (text: string): Inline => ({ type: "plain", text });
export const strong = (text: string): Inline => ({ type: "strong", text });
export const instant = (at: Date, zone: string): Inline => ({ type: "instant", at, zone });

/** The label of the button that opens a form again, filled. */
export const REOPEN = "Edit and send again";

/** A button; secondary unless told. */
export function button(
	label: string,
	command: string,
	options: Readonly<Record<string, string>> = {},
	style: Button["style"] = "secondary",
): Button {
	return { label, call: { command, options }, style };
}

/**
 * Everything the bot shows, as plain data. Each platform has one pure renderer for it. Cards know nothing about a
 * platform's limits, markup or identifiers.
 */

/**
 * A run of text. A bare string is prose of the program or the bank, in which backticks mark code. All text that members
 * can write goes into `plain`, where nothing is markup.
 */
export type Inline =
	| string
	| { readonly type: "plain"; readonly text: string }
	| { readonly type: "strong"; readonly text: string }
	| { readonly type: "code"; readonly text: string }
	/** A channel, as the platform's mention, which follows renames; platforms without mentions show `name`. */
	| { readonly type: "channel"; readonly id: string; readonly name: string }
	/** A role, as the platform's mention. It pings nobody. */
	| { readonly type: "role"; readonly id: string }
	/** A command registered with the platform; clickable if it has an id. `options` is `name:value name:value`. */
	| { readonly type: "command"; readonly name: string; readonly id: string | null; readonly options: string }
	/** A URL, which the platform makes clickable. */
	| { readonly type: "link"; readonly url: string }
	/** An instant, shown in the reader's own zone if the platform supports it, otherwise in `zone` (IANA). */
	| { readonly type: "instant"; readonly at: Date; readonly zone: string };

export type ChannelInline = Extract<Inline, { type: "channel" }>;

/** Paragraphs are separated by blank lines. */
export type Text = string | readonly Inline[];

/** A command with preset options. A button carries one. */
export interface Call {
	/** The command's path without the slash, such as `schedule add`. */
	readonly command: string;
	/** Values as a member would type them. */
	readonly options: Readonly<Record<string, string>>;
	/** Opens the command's form with the options filled in, even if none is missing. */
	readonly reopen?: true;
}

/** One value that a member typed. */
export interface TypedField {
	/** The command option that it fills. */
	readonly name: string;
	readonly label: string;
	readonly text: string;
	/** How it is shown where the text is an id or a value that was chosen: a mention, or the choice's label. */
	readonly shown?: Inline;
}

/** How a form names a field and its choices. */
export interface FieldLabels {
	readonly label: string;
	readonly choices?: readonly { readonly label: string; readonly value: string }[];
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

/** How likely a member is to recall a question today; `unmet`: no memory of it yet. */
export type RecallMark = "firm" | "fading" | "slipping" | "unmet";

export type Picture =
	| {
			readonly type: "heat-map";
			readonly title: string;
			/** 84 days, Monday first, ending in the current week. */
			readonly days: readonly HeatMapDay[];
	  }
	| {
			readonly type: "profile";
			readonly title: string;
			/** `share` of right answers, 0 to 1; null if there are too few answers. */
			readonly rows: readonly { readonly name: string; readonly answered: number; readonly share: number | null }[];
	  }
	| {
			readonly type: "recall-map";
			readonly title: string;
			/** Large figures above the map, at most two: how much is recalled today, and on the interview's date. */
			readonly figures: readonly { readonly name: string; readonly value: string; readonly note: string }[];
			/** One mark per question of a category, best known first. */
			readonly groups: readonly { readonly name: string; readonly marks: readonly RecallMark[] }[];
	  };

export type Block =
	| { readonly type: "text"; readonly text: Text }
	| { readonly type: "heading"; readonly text: string }
	| { readonly type: "list"; readonly marker: "bullet" | "number" | "letter"; readonly items: readonly Text[] }
	/** Name-value pairs, side by side if there is room. */
	| { readonly type: "facts"; readonly facts: readonly { readonly name: string; readonly value: Text }[] }
	/**
	 * Code, a log or a table: monospace, with all spaces kept. Nothing in it is markup. Where lines are short, the tables of
	 * a `narrowable` one may be rearranged.
	 */
	| { readonly type: "preformatted"; readonly text: string; readonly narrowable?: true }
	/** A member's own words, shown literally, never as markup. */
	| { readonly type: "quote"; readonly text: string }
	/**
	 * Input that was refused, returned to the member in full; never markup. `reopen` opens the form again with the fields
	 * filled in, as far as the platform can carry them; null for a command without a form.
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
			/** Numbers of the items that are ticked already; null or left out before the first ticks. */
			readonly ticked?: readonly number[] | null;
			readonly call: Call;
			readonly option: string;
	  };

/** A block that a form can show above its fields. */
export type IntroBlock = Extract<Block, { type: "text" | "preformatted" }>;

export interface Card {
	readonly tone: "plain" | "question" | "good" | "warning" | "error";
	/** At most 150 characters. */
	readonly title: string;
	readonly blocks: readonly Block[];
	/** Marks the daily post, which a platform may show with more weight. */
	readonly prominent?: boolean;
	/** The platform's id of the one role that the post mentions. */
	readonly notifies?: string;
}

export type FormField =
	| {
			readonly type: "text";
			/** The command option that it fills. */
			readonly name: string;
			readonly label: string;
			readonly hint?: string;
			readonly long: boolean;
			readonly required: boolean;
			/** Maximum length in characters. */
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
	/** A role, on platforms that have roles; empty means `none`. */
	| {
			readonly type: "role";
			readonly name: string;
			readonly label: string;
			readonly required: boolean;
			readonly initial?: string;
	  }
	/** A file, on platforms whose forms accept files. */
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

/** Asks for a command's missing options. The values of its fields are merged into the call's options. */
export interface Form {
	readonly title: string;
	/** Text above the fields. */
	readonly intro?: readonly IntroBlock[];
	readonly call: Call;
	readonly fields: readonly FormField[];
	readonly submit: string;
}

export type Audience = "member" | "channel";

/** A command's reply. `data` holds its facts for scripts. */
export interface Reply {
	/** Default: only the asker. */
	readonly audience?: Audience;
	readonly card: Card;
	readonly data?: Readonly<Record<string, unknown>>;
	/** A second reply after the card, only for the member. */
	readonly followUp?: Reply;
	/** A file for the member, such as an export. */
	readonly file?: { readonly name: string; readonly content: string };
}

export type Outcome =
	| {
			readonly type: "reply";
			readonly reply: Reply;
			/** Keys of the interactions whose result it reports. Call `Dispatcher.confirmReply` when the member got it. */
			readonly reportedKeys?: readonly string[];
			/** Ids of admin notices that it shows for the first time. Pass them to `Dispatcher.confirmReply` as well. */
			readonly alerts?: readonly number[];
			/** Whether it is still unknown if the effect was saved. */
			readonly unconfirmed?: boolean;
	  }
	| { readonly type: "form"; readonly form: Form; readonly reportedKeys?: undefined; readonly alerts?: undefined };

export const plain = (text: string): Inline => ({ type: "plain", text });
export const strong = (text: string): Inline => ({ type: "strong", text });
export const instant = (at: Date, zone: string): Inline => ({ type: "instant", at, zone });

/** Label of the button that opens a form again with its fields filled in. */
export const REOPEN = "Edit and send again";

/** Joins a label and a title. The title may have a colon of its own, so none stands between them. */
export const titled = (label: string, title: string): string => `${label} · ${title}`;

/** Makes a button. */
export function button(
	label: string,
	command: string,
	options: Readonly<Record<string, string>> = {},
	style: Button["style"] = "secondary",
): Button {
	return { label, call: { command, options }, style };
}

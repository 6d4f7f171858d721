/** Slack's documented limits in characters unless said otherwise, and what we keep to within them. */
import { MINUTE } from "../../../core/durations.ts";

/** Longest plain text of a header block. */
export const HEADER = 150;
/** Longest single run of text in a rich_text block; undocumented, so the 3,000 of a section are kept. */
export const RUN = 3000;
/** Blocks of a message, and of a modal or a Home tab. */
export const MESSAGE_BLOCKS = 50;
export const VIEW_BLOCKS = 100;
/** A whole message is refused at about 13,200 characters, which no page documents: a margin below it. */
export const MESSAGE_WHOLE = 12_000;
/** A view may have 250 kB: a margin below it. */
export const VIEW_WHOLE = 100_000;
/** The same ceiling, where the text beside the blocks counts too. */
export const MESSAGE_CEILING = 13_000;
/** The words beside blocks, for notifications and screen readers; chat.update refuses more than 4,000. */
export const NOTIFICATION = 3900;
/** What stays of them beside the longest blocks. */
export const NOTIFICATION_LEAST = 1000;
/** Text on a button or an option, and the longest value of each. */
export const LABEL = 75;
export const BUTTON_VALUE = 2000;
export const OPTION_VALUE = 150;
/** Elements of an actions block that still read well in one row; Slack's limit is 25. */
export const ROW = 5;
/** Fewest and most options of an overflow menu. */
export const OVERFLOW_LEAST = 2;
export const OVERFLOW_MOST = 5;
/** Options of a group of checkboxes, and of a select menu. */
export const CHECKBOXES = 10;
export const SELECT_OPTIONS = 100;
/** Title and buttons of a modal. */
export const MODAL_TITLE = 24;
/** Label of an input, its placeholder or hint, and the longest text that may be typed into it. */
export const INPUT_LABEL = 2000;
export const INPUT_HINT = 2000;
export const INPUT_TEXT = 3000;
/** A picture's description in a block, and with its upload. */
export const BLOCK_ALT = 2000;
export const UPLOAD_ALT = 1000;
/** Context block elements' text. */
export const CONTEXT = 2000;

/** Uses and life in milliseconds of a response_url; a minute is kept back for the way. */
export const RESPONSE_URL_USES = 5;
export const RESPONSE_URL_LIFE = 29 * MINUTE;
/** Milliseconds for which a trigger_id opens a form, with a margin for the way. */
export const TRIGGER_LIFE = 2800;
/** Largest body of a signed request in bytes; Slack's own are far smaller. */
export const BODY = 256 * 1024;
/** Seconds by which a request may be older or newer than our clock. */
export const SIGNATURE_AGE = 300;
export const SIGNATURE_AHEAD = 30;

/** Slack's documented limits, in characters unless stated otherwise, and our own limits within them. */
import { MINUTE } from "../../../core/durations.ts";

/** Plain text of a header block. */
export const HEADER = 150;
/** A single run of text in a rich_text block. Undocumented, so a section's limit of 3,000 is used. */
export const RUN = 3000;
/** Blocks in a message, and in a modal or Home tab. */
export const MESSAGE_BLOCKS = 50;
export const VIEW_BLOCKS = 100;
/** A whole message. Slack refuses about 13,200 characters, which is undocumented, so keep a margin. */
export const MESSAGE_TOTAL = 12_000;
/** A whole view. Slack allows 250 kB, so keep a margin. */
export const VIEW_TOTAL = 100_000;
/** The same limit for blocks together with the text beside them. */
export const MESSAGE_CEILING = 13_000;
/** The text beside blocks, for notifications and screen readers; chat.update refuses more than 4,000. */
export const NOTIFICATION = 3900;
/** The least of it that is kept beside the longest blocks. */
export const MIN_NOTIFICATION = 1000;
/** The text of a button or option, and the value of each. */
export const LABEL = 75;
export const BUTTON_VALUE = 2000;
export const OPTION_VALUE = 150;
/** Elements of an actions block that are still readable in one row; Slack allows 25. */
export const ROW = 5;
/** Fewest and most options of an overflow menu. */
export const MIN_OVERFLOW = 2;
export const MAX_OVERFLOW = 5;
/** Options of a checkbox group, and of a select menu. */
export const CHECKBOXES = 10;
export const SELECT_OPTIONS = 100;
/** A modal's title and buttons. */
export const MODAL_TITLE = 24;
/** An input's label, its placeholder or hint, and the text typed into it. */
export const INPUT_LABEL = 2000;
export const INPUT_HINT = 2000;
export const INPUT_TEXT = 3000;
/** A picture's description in a block, and in its upload. */
export const BLOCK_ALT = 2000;
export const UPLOAD_ALT = 1000;
/** Characters of a line of code in a message on a phone. */
export const PHONE_COLUMNS = 34;
/** The text of a context block's elements. */
export const CONTEXT = 2000;

/** Uses of a response_url, and its life in milliseconds with a minute to spare. */
export const RESPONSE_URL_USES = 5;
export const RESPONSE_URL_LIFETIME = 29 * MINUTE;
/** How long a trigger_id can open a form, in milliseconds, with a margin. */
export const TRIGGER_LIFETIME = 2800;
/** Body of a signed request, in bytes; Slack's own are far smaller. */
export const BODY = 256 * 1024;
/** Seconds by which a request's time may be behind or ahead of our clock. */
export const SIGNATURE_AGE = 300;
export const SIGNATURE_AHEAD = 30;

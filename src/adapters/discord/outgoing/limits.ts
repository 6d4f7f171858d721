/** Discord's limits, in UTF-16 units unless stated otherwise. Source: docs.discord.com. */

export const CONTENT = 2000;
export const EMBED_TITLE = 256;
export const EMBED_DESCRIPTION = 4096;
export const EMBED_FIELDS = 25;
export const FIELD_NAME = 256;
export const FIELD_VALUE = 1024;
export const EMBED_FOOTER = 2048;
/** Embeds in a message, and the total length of their texts. */
export const EMBEDS = 10;
export const EMBED_TOTAL = 6000;
/** The least room for giving back typed text; with less, it gets a message of its own. */
export const MIN_TYPED = 4600;

/** Rows of controls in a message, and buttons in a row. */
export const ROWS = 5;
export const ROW_BUTTONS = 5;
export const BUTTON_LABEL = 80;
export const SELECT_OPTIONS = 25;
export const SELECT_LABEL = 100;
export const SELECT_PLACEHOLDER = 150;
export const CUSTOM_ID = 100;

/** A form's title, number of fields, and texts of a field. */
export const MODAL_TITLE = 45;
export const MODAL_FIELDS = 5;
/** Characters of the text above the fields. */
export const TEXT_DISPLAY = 4000;
export const FIELD_LABEL = 45;
export const FIELD_DESCRIPTION = 100;
export const INPUT_PLACEHOLDER = 100;
export const INPUT_LENGTH = 4000;

/** Names and descriptions of commands, and choices offered while an option is typed. */
export const COMMAND_DESCRIPTION = 100;
export const CHOICES = 25;
export const CHOICE = 100;

/** Characters of a line of code in an embed on a phone. */
export const PHONE_COLUMNS = 28;

export const ATTACHMENT_DESCRIPTION = 1024;
export const THREAD_NAME = 100;
export const NONCE = 25;

/** Milliseconds that Discord waits for a first response. */
export const FIRST_RESPONSE = 3000;
export const POSTS_PER_SECOND = 45;

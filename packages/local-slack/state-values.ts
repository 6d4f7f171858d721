import type { Option } from "@slack/types";

/** The value of one control, as in `view.state.values` and `actions[]`. */
export interface StateValue {
	type: string;
	value?: string | null;
	selected_option?: Option | null;
	selected_options?: Option[];
	selected_channel?: string | null;
	selected_channels?: string[];
	selected_conversation?: string | null;
	selected_conversations?: string[];
	selected_user?: string | null;
	selected_users?: string[];
	selected_time?: string | null;
	selected_date?: string | null;
	selected_date_time?: number | null;
	files?: { id: string }[];
}

/** By block_id, then action_id. */
export type StateValues = Record<string, Record<string, StateValue>>;

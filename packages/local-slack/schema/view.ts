import type { HomeView, ModalView } from "@slack/types";
import { z } from "zod";
import { blocks, controlsOf } from "./blocks.ts";
import { optionGroups, plainText, selectOption } from "./composition.ts";
import { byType, exactly, issuesOf, text } from "./exactly.ts";
import { hasHalfCharacter } from "./texts.ts";

const VIEW_BLOCKS = 100;
/** Characters of a whole view as JSON: Slack's 250 kB. */
const VIEW_LIMIT = 250_000;

const viewParts = {
	private_metadata: z.string().max(3000).exactOptional(),
	callback_id: z.string().max(255).exactOptional(),
	external_id: z.string().max(255).exactOptional(),
	blocks: blocks(VIEW_BLOCKS),
};

const home = exactly<HomeView>()({ ...viewParts, type: z.literal("home") }) satisfies z.ZodType<HomeView>;

const modal = exactly<ModalView>()({
	...viewParts,
	type: z.literal("modal"),
	title: plainText(24),
	close: plainText(24).exactOptional(),
	submit: plainText(24).exactOptional(),
	clear_on_close: z.boolean().exactOptional(),
	notify_on_close: z.boolean().exactOptional(),
}).superRefine((view, context) => {
	if (view.submit === undefined && view.blocks.some((block) => block.type === "input")) {
		context.addIssue({ code: "custom", message: "submit is required with an input block", path: ["submit"] });
	}
	const focused = view.blocks.flatMap(controlsOf).filter((one) => "focus_on_load" in one && one.focus_on_load === true);
	if (focused.length > 1) context.addIssue({ code: "custom", message: "focus_on_load is set more than once" });
}) satisfies z.ZodType<ModalView>;

export type PostedModal = z.infer<typeof modal>;
export type PostedHome = z.infer<typeof home>;
export type PostedView = PostedModal | PostedHome;

const schemas = { modal: byType("view", { modal }), home: byType("view", { home }) };

export type ViewResult<View> = { ok: true; view: View } | { ok: false; error: string; faults: string[] };

function check<View>(schema: z.ZodType<View>, raw: unknown): ViewResult<View> {
	if (hasHalfCharacter(raw)) return { ok: false, error: "invalid_arguments", faults: ["half a character"] };
	const parsed = schema.safeParse(raw);
	if (!parsed.success) return { ok: false, error: "invalid_arguments", faults: issuesOf(parsed.error, "/view") };
	if (JSON.stringify(raw).length <= VIEW_LIMIT) return { ok: true, view: parsed.data };
	return { ok: false, error: "view_too_large", faults: [`a view above ${VIEW_LIMIT} characters`] };
}

export const checkModal = (raw: unknown): ViewResult<PostedModal> => check(schemas.modal, raw);
export const checkHome = (raw: unknown): ViewResult<PostedHome> => check(schemas.home, raw);

/** The possible responses to view_submission. */
export const submissionAnswer = z.union([
	z.strictObject({}),
	z.strictObject({ response_action: z.literal("clear") }),
	z.strictObject({ response_action: z.literal("errors"), errors: z.record(z.string(), text(3000)) }),
	z.strictObject({ response_action: z.enum(["update", "push"]), view: z.unknown() }),
]);

/** The possible responses to block_suggestion. */
export const suggestionAnswer = z.union([
	z.strictObject({ options: z.array(selectOption).max(100) }),
	z.strictObject({ option_groups: optionGroups }),
]);

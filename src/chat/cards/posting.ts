import type { PostOutcome } from "../../core/daily/posting.ts";
import type { Occurrence, Schedule } from "../../core/model.ts";
import { asSentence } from "../../core/text/sentences.ts";
import { type Block, button, type Card, type Inline, instant } from "../card.ts";

/** What has become of a post by hand. */
export type PostFate = "posted" | "replaced" | "refused" | "unknown" | "on-its-way" | "not-posted";

/** @param occurrence as it is after the send had its time */
export function postFate(outcome: PostOutcome, occurrence: Occurrence | null): PostFate {
	switch (occurrence?.state) {
		case "delivered":
			// The post shows the new question once its count has been brought up to date.
			if (outcome === "replaced") return occurrence.shownCount === -1 ? "on-its-way" : "replaced";
			return "posted";
		case "failed":
			return "refused";
		case "unknown":
			return "unknown";
		case "due":
		case "sending":
			return "on-its-way";
		default:
			return "not-posted";
	}
}

const linkBlocks = (link: string | null): Block[] =>
	link === null ? [] : [{ type: "text", text: [{ type: "link", url: link }] }];

/** Tells an admin what became of a post by hand. @param link where the post can be opened, if the platform has addresses */
export function postedCard(
	fate: PostFate,
	schedule: Schedule,
	occurrence: Occurrence | null,
	link: string | null,
): Card {
	const options = { schedule: String(schedule.number) };
	const channel: Inline = { type: "channel", id: schedule.channelId, name: schedule.channelName };
	const next: Inline[] =
		schedule.state === "active" && schedule.nextRunAt
			? [" The next one comes ", instant(schedule.nextRunAt, schedule.zone), "."]
			: [];
	const resume: Block = {
		type: "actions",
		buttons: [
			button("Resume", "schedule resume", options, "primary"),
			button("Test it", "schedule test", options),
			button("Schedules", "schedule list"),
		],
	};
	switch (fate) {
		case "posted":
			return {
				tone: "good",
				title: "Posted",
				blocks: [{ type: "text", text: ["Today's question is in ", channel, ".", ...next] }, ...linkBlocks(link)],
			};
		case "replaced":
			return {
				tone: "good",
				title: "Replaced",
				blocks: [
					{ type: "text", text: ["The post in ", channel, " shows another question now. Its number stays."] },
					...linkBlocks(link),
				],
			};
		case "refused":
			return {
				tone: "error",
				title: "Not posted",
				blocks: [
					{ type: "text", text: [channel, `: ${asSentence(occurrence?.fault ?? "The platform refused it")}`] },
					{
						type: "text",
						text: `${asSentence(schedule.pauseRemedy ?? "")} Then resume the schedule and post again.`.trim(),
					},
					{ type: "note", text: `Schedule #${schedule.number} is paused meanwhile. Nobody loses a streak.` },
					resume,
				],
			};
		case "unknown":
			return {
				tone: "warning",
				title: "I can't tell whether it was posted",
				blocks: [
					{ type: "text", text: ["The platform gave no answer. Please look in ", channel, "."] },
					{ type: "actions", buttons: [button("Post it now", "schedule post", options, "primary")] },
				],
			};
		case "on-its-way":
			return {
				tone: "plain",
				title: "On its way",
				blocks: [
					{
						type: "text",
						text: [
							"The platform has not taken it yet. I keep trying, and tell the admins if it can't be posted in ",
							channel,
							".",
						],
					},
					{ type: "actions", buttons: [button("Schedules", "schedule list")] },
				],
			};
		case "not-posted":
			return {
				tone: "warning",
				title: "Not posted",
				blocks: [
					{ type: "text", text: asSentence(occurrence?.fault ?? "The schedule was changed meanwhile") },
					{ type: "actions", buttons: [button("Schedules", "schedule list")] },
				],
			};
	}
}

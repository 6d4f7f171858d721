export { type MovableClock, movableClock, type PeerClock } from "./clock.ts";
export type { Ack, Attempt, Delivery } from "./delivery.ts";
export type { Violation } from "./errors.ts";
export type { FaultKind, FaultRule, Faults } from "./faults.ts";
export type { ControlPlace } from "./held-values.ts";
export type { WalkInit, WalkResult } from "./install-walk.ts";
export type {
	ActionInit,
	CommandInit,
	EventInit,
	SubmissionInit,
	SuggestionInit,
	Travel,
} from "./interactions.ts";
export type { AppRecord, LoggedRequest } from "./peer.ts";
export type { RateLimits } from "./rate-limits.ts";
export type { ChannelInit, InstallInit, MemberInit, TeamInit } from "./settings.ts";
export { type LocalSlack, type SlackOptions, startSlack } from "./slack.ts";
export type { Channel, Member, Message, OpenView, Team } from "./world.ts";

import { MINUTE } from "../../core/durations.ts";
import type { Delivery } from "../../core/model.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Services } from "../../core/service/services.ts";
import type { Platform } from "../platform.ts";
import { Backoff } from "./backoff.ts";

export const DELIVERY_OUTCOMES = ["sent", "skipped", "failed", "unknown", "retry"] as const;
export type DeliveryOutcome = (typeof DELIVERY_OUTCOMES)[number];

/** The engine's steps. Metrics count faults by step. */
export const ENGINE_STEPS = ["plan", "deliver", "send", "count", "upkeep", "settle", "recap", "remind"] as const;
export type EngineStep = (typeof ENGINE_STEPS)[number];

/** The engine's events, for logs and metrics. None contains a member's text. */
export interface DailyObserver {
	delivered(delivery: Delivery, outcome: DeliveryOutcome): void;
	/** An error. For a schedule or member that keeps failing, only the first one is reported. */
	fault(step: EngineStep, error: unknown): void;
	/** How many schedules or members a step has set aside because of failures. */
	failing?(step: EngineStep, count: number): void;
}

/** The engine's durations and limits. */
export interface DailySettings {
	/**
	 * How long a claim lasts, in seconds. The lease must outlive the send: the difference is how late a platform may still
	 * act on a request that we have given up on.
	 */
	readonly leaseSeconds: number;
	/** Milliseconds after which a send is given up, with its outcome uncertain. */
	readonly sendDeadline: number;
	/** Concurrent sends on each platform. */
	readonly inFlight: number;
	/** Milliseconds after which a send counts as slow and no longer holds up others. */
	readonly slowAfter: number;
	/** Milliseconds until the first retry. */
	readonly firstRetry: number;
	/** The longest wait before a retry, in milliseconds, before jitter. */
	readonly longestRetry: number;
	/** Schedules planned concurrently, when they are planned one by one. */
	readonly planners: number;
}

export const DAILY_SETTINGS: DailySettings = {
	leaseSeconds: 30,
	sendDeadline: 10_000,
	inFlight: 32,
	slowAfter: 1_000,
	firstRetry: 5_000,
	longestRetry: 10 * MINUTE,
	planners: 6,
};

export interface DailyParts {
	readonly services: Services;
	readonly platforms: readonly Platform[];
	readonly clock: Clock;
	/** Names this process in claims. */
	readonly worker: string;
	readonly observer: DailyObserver;
	readonly settings?: Partial<DailySettings>;
}

/** The schedules, members and posts that each step has set aside. */
export type Backoffs = Readonly<Record<"plan" | "settle" | "recap" | "remind" | "count", Backoff>>;

/** The parts with all settings filled in. */
export type EngineOptions = Omit<DailyParts, "settings"> & {
	readonly settings: DailySettings;
	readonly backoffs: Backoffs;
};

function backoffsOf({ services, observer }: DailyParts): Backoffs {
	const of = (step: keyof Backoffs) =>
		new Backoff(
			services.random,
			(error) => observer.fault(step, error),
			(count) => observer.failing?.(step, count),
		);
	return {
		plan: of("plan"),
		settle: of("settle"),
		recap: of("recap"),
		remind: of("remind"),
		count: of("count"),
	};
}

/** @throws RangeError when a claim would end before its send's deadline */
export function withDefaults(parts: DailyParts): EngineOptions {
	const settings = { ...DAILY_SETTINGS, ...parts.settings };
	if (settings.leaseSeconds * 1000 <= settings.sendDeadline)
		throw new RangeError(`a claim of ${settings.leaseSeconds} s ends before a send of ${settings.sendDeadline} ms`);
	return { ...parts, settings, backoffs: backoffsOf(parts) };
}

/** Runs work and reports a failure instead of throwing it. */
export async function guarded(observer: DailyObserver, step: EngineStep, work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		observer.fault(step, error);
	}
}

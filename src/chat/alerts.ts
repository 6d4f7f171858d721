import { type Alert, alertOf } from "../core/daily/alerts.ts";
import type { Delivery, Schedule } from "../core/model.ts";
import type { DeliveryStore } from "../core/ports/deliveries.ts";
import type { PeopleStore } from "../core/ports/people.ts";
import type { ScheduleStore } from "../core/ports/schedules.ts";
import type { Card } from "./card.ts";
import { alertCard } from "./cards/alerts.ts";

interface AlertReads {
	readonly people: Pick<PeopleStore, "workspace">;
	readonly schedules: Pick<ScheduleStore, "get">;
}

/** Whether a notice is still true. A schedule that was resumed may be paused again, for another reason. */
function holds(alert: Alert, { state, pauseReason, roleId, publish }: Schedule): boolean {
	switch (alert.alert) {
		case "paused":
			return state === "paused" && pauseReason === alert.fault;
		case "role-gone":
			return roleId === null;
		case "unpublished":
			return publish;
		default:
			return true;
	}
}

/** A notice to the admins, with its schedule's current state; null if it no longer holds. */
export async function alertCardFor(store: AlertReads, { workspaceId, payload }: Delivery): Promise<Card | null> {
	const alert = alertOf(payload);
	const [workspace, schedule] = await Promise.all([
		store.people.workspace(workspaceId),
		alert && store.schedules.get(workspaceId, alert.schedule),
	]);
	if (alert && schedule && !holds(alert, schedule)) return null;
	return alertCard(alert, { workspaceName: workspace?.name ?? "", schedule });
}

/** Notices that reached nobody, each with its card; the card is null if the notice no longer holds. */
export async function unshownAlerts(
	store: AlertReads & { readonly deliveries: Pick<DeliveryStore, "untold"> },
	workspaceId: number,
): Promise<{ readonly id: number; readonly card: Card | null }[]> {
	const untold = await store.deliveries.untold(workspaceId);
	return Promise.all(untold.map(async (delivery) => ({ id: delivery.id, card: await alertCardFor(store, delivery) })));
}

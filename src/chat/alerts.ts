import { alertOf } from "../core/daily/alerts.ts";
import type { Delivery } from "../core/model.ts";
import type { DeliveryStore } from "../core/ports/deliveries.ts";
import type { PeopleStore } from "../core/ports/people.ts";
import type { ScheduleStore } from "../core/ports/schedules.ts";
import type { Card } from "./card.ts";
import { alertCard } from "./cards/alerts.ts";

interface AlertReads {
	readonly people: Pick<PeopleStore, "workspace">;
	readonly schedules: Pick<ScheduleStore, "get">;
}

/** A notice to the admins, with its schedule's current state; null if the fault was fixed in the meantime. */
export async function alertCardFor(store: AlertReads, { workspaceId, payload }: Delivery): Promise<Card | null> {
	const alert = alertOf(payload);
	const [workspace, schedule] = await Promise.all([
		store.people.workspace(workspaceId),
		alert && store.schedules.get(workspaceId, alert.schedule),
	]);
	if (alert?.alert === "paused" && schedule && schedule.state !== "paused") return null;
	return alertCard(alert, { workspaceName: workspace?.name ?? "", schedule });
}

/** Notices that reached nobody, each with its card; the card is null if the fault was fixed in the meantime. */
export async function unshownAlerts(
	store: AlertReads & { readonly deliveries: Pick<DeliveryStore, "untold"> },
	workspaceId: number,
): Promise<{ readonly id: number; readonly card: Card | null }[]> {
	const untold = await store.deliveries.untold(workspaceId);
	return Promise.all(untold.map(async (delivery) => ({ id: delivery.id, card: await alertCardFor(store, delivery) })));
}

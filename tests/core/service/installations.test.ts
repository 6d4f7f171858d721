import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DeliveryFault } from "../../../src/chat/platform.ts";
import { pauseSchedule } from "../../../src/core/daily/schedules.ts";
import { confirmInstallation, endInstallation } from "../../../src/core/service/installations.ts";
import { clearAway } from "../../support/clear-away.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { busy } from "../../support/recording-platform.ts";
import { hoursOn, MORNING, NINE_O_CLOCK, World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

const DAY = 24;
const remove = (world: World, at = world.now) => endInstallation(world.services, "local", "home", at, world.now);
/** What any command does first. */
const use = (world: World) => world.store.people.ensureWorkspace("local", "home", "Home", world.now);
const isThere = async (world: World) => (await world.store.people.workspace(world.workspace.id)) !== null;

describe("a removed installation", () => {
	test("posts nothing, and continues as before when it is used again", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		const resting = await world.schedule({ channelId: "random" });
		await pauseSchedule(world.services, resting, null, world.now);
		await world.goTo(NINE_O_CLOCK);
		world.clock.moveTo(hoursOn(1));
		await remove(world);
		await world.goTo(hoursOn(3 * DAY + 1));
		expect(world.platform.posts).toHaveLength(1);
		await use(world);
		// The newest is only an hour late, as after a downtime.
		await world.run();
		await world.goTo(hoursOn(4 * DAY));
		expect(await world.occurrences(schedule)).toEqual([
			"2027-03-08 delivered",
			"2027-03-09 skipped",
			"2027-03-10 skipped",
			"2027-03-11 delivered",
			"2027-03-12 delivered",
		]);
		expect((await world.store.schedules.list(world.workspace.id)).map(({ state }) => state)).toEqual([
			"active",
			"paused",
		]);
	});

	test("sends nothing that was waiting, and a refusal at that moment pauses nothing", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		world.platform.mishaps.push({ key: "daily", mishap: busy() });
		await world.goTo(NINE_O_CLOCK);
		expect(await world.occurrences(schedule)).toEqual(["2027-03-08 sending"]);
		await remove(world);
		expect(await world.store.deliveries.nextTry("local")).toBeNull();
		expect(await world.occurrences(schedule)).toEqual(["2027-03-08 skipped"]);
		expect((await world.store.schedules.list(world.workspace.id)).map(({ state }) => state)).toEqual(["active"]);
	});

	test("a post refused because the bot was just removed leaves the schedule unchanged", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		const { post } = world.platform;
		// As in the adapters: the refusal itself reports that the installation has ended.
		world.platform.post = async () => {
			await remove(world);
			throw new DeliveryFault("permanent", "The app was removed", "Install it again.");
		};
		await world.goTo(NINE_O_CLOCK);
		world.platform.post = post;
		expect(await world.occurrences(schedule)).toEqual(["2027-03-08 failed"]);
		expect((await world.store.schedules.list(world.workspace.id)).map(({ state }) => state)).toEqual(["active"]);
		world.clock.moveTo(hoursOn(2));
		await confirmInstallation(world.services, "local", "home");
		await world.goTo(hoursOn(DAY));
		expect(await world.occurrences(schedule)).toEqual(["2027-03-08 failed", "2027-03-09 delivered"]);
	});
});

describe("thirty days later", () => {
	test("a removed workspace is gone, and comes back empty", async () => {
		const world = await World.open(database);
		await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		await world.answer("Ana");
		await remove(world);
		await clearAway(world.store, new Date(world.now.getTime() + 29 * DAY * 3_600_000));
		expect(await isThere(world)).toBe(true);
		await clearAway(world.store, new Date(world.now.getTime() + 31 * DAY * 3_600_000));
		expect(await isThere(world)).toBe(false);
		world.clock.moveTo(hoursOn(32 * DAY));
		const back = await use(world);
		expect(back.id).not.toBe(world.workspace.id);
		expect(await world.store.schedules.list(back.id, { withRemoved: true })).toEqual([]);
	});

	test("one that has been used since is kept, even if no event said that it was back", async () => {
		const world = await World.open(database);
		await world.schedule();
		await remove(world);
		// A member's use that did not clear the removal, as in an older version of the program.
		await world.store.people.ensureMember(world.workspace.id, "id-ana", "Ana", hoursOn(2));
		await clearAway(world.store, hoursOn(31 * DAY));
		expect(await world.store.people.workspace(world.workspace.id)).toMatchObject({ removedAt: null });
		await clearAway(world.store, hoursOn(99 * DAY));
		expect(await isThere(world)).toBe(true);
	});

	test("a return during the deletion is not lost: whoever locks the workspace first decides", async () => {
		const world = await World.open(database);
		await remove(world);
		world.clock.moveTo(hoursOn(31 * DAY));
		await use(world);
		await clearAway(world.store, world.now);
		expect(await isThere(world)).toBe(true);
	});

	test("a removal reported late, after the workspace was used again, is ignored", async () => {
		const world = await World.open(database);
		const { member } = await world.asker("Ana");
		expect(member.name).toBe("Ana");
		expect(await remove(world, new Date(MORNING.getTime() - 5 * 60_000))).toBeNull();
		expect(await world.store.people.workspace(world.workspace.id)).toMatchObject({ removedAt: null });
		// Within one minute nobody can tell which came first: the next use decides.
		expect(await remove(world, new Date(MORNING.getTime() - 1_000))).toMatchObject({ id: world.workspace.id });
	});
});

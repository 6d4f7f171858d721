import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { FOLDER, keptScenes } from "../../../tools/pictures/kept.ts";
import { addressOf, digestsOf, pagesOf } from "../../../tools/pictures/pages.ts";
import { makeScenes } from "../../../tools/pictures/scenes.ts";
import { byEffort } from "../../support/effort.ts";

/** In bytes. Everybody who clones the project downloads all pictures. */
const MAX_PICTURE_SIZE = 150_000;

test("the documents' pictures show what the renderers draw today; `npm run pictures` makes them again", async () => {
	const { scenes, digests } = keptScenes();
	expect(digestsOf(await pagesOf(scenes))).toEqual(digests);
});

// It takes a minute to live through twelve weeks.
test.runIf(byEffort({ test: false, ci: false, full: true }))(
	"they show what people would see today; `npm run pictures` makes them again",
	async () => {
		expect(JSON.parse(JSON.stringify(await makeScenes()))).toEqual(JSON.parse(JSON.stringify(keptScenes().scenes)));
	},
);

test("each page has its picture, which is small, and there are no others", async () => {
	const names = (await pagesOf(keptScenes().scenes)).map(({ name }) => `${name}.webp`);
	const files = readdirSync(FOLDER).filter((name) => name !== "scenes.json");
	expect(files.sort()).toEqual(names.sort());
	for (const name of names) expect(statSync(join(FOLDER, name)).size, name).toBeLessThan(MAX_PICTURE_SIZE);
});

test("a page changes with its card, its picture and its look", async () => {
	const { scenes } = keptScenes();
	const before = digestsOf(await pagesOf(scenes));
	const changed = digestsOf(
		await pagesOf({ ...scenes, slack: { ...scenes.slack, daily: { ...scenes.slack.daily, title: "Another" } } }),
	);
	expect(Object.keys(before).filter((name) => before[name] !== changed[name])).toEqual(["slack-daily"]);
	const empty = { type: "profile", title: "a", rows: [] } as const;
	expect(addressOf(empty)).not.toBe(addressOf({ ...empty, title: "b" }));
});

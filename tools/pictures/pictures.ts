/**
 * `npm run pictures`: makes the documents' pictures from a filled installation, with the real renderers.
 * `npm run pictures -- --same` draws the same cards again.
 */
import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { DISCORD_STYLE, SLACK_STYLE } from "../../packages/client-view/index.ts";
import { drawPicture } from "../../src/adapters/pictures/draw.ts";
import type { Card, Picture } from "../../src/chat/card.ts";
import { Browser } from "./browser.ts";
import { FOLDER, keepScenes, keptScenes } from "./kept.ts";
import { addressOf, digestsOf, type Page, pagesOf, type Scenes } from "./pages.ts";
import { makeScenes } from "./scenes.ts";

const require = createRequire(import.meta.url);

/** Inter from the program's own package, so that the pictures look the same on every machine. */
const FONTS = [400, 500, 700]
	.map((weight) => {
		const path = require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff2`);
		const data = readFileSync(path).toString("base64");
		return `@font-face{font-family:Inter;font-weight:${weight};src:url(data:font/woff2;base64,${data})}`;
	})
	.join("");

const TERMINAL_STYLE =
	'pre{margin:0;padding:18px 20px;background:#16191f;color:#e6e8eb;font:12.5px/1.4 "DejaVu Sans Mono",monospace;white-space:pre}';
const STYLES = { discord: DISCORD_STYLE, slack: SLACK_STYLE, terminal: TERMINAL_STYLE } as const;

async function drawnPictures(scenes: Scenes): Promise<Map<string, string>> {
	const cards: Card[] = [...Object.values(scenes.discord), ...Object.values(scenes.slack), ...scenes.home];
	const pictures = cards.flatMap(({ blocks }) => blocks.flatMap((block): Picture[] => (block.type === "picture" ? [block.picture] : []))); // biome-ignore format: one line
	const drawn = new Map<string, string>();
	for (const picture of pictures)
		drawn.set(addressOf(picture), `data:image/png;base64,${(await drawPicture(picture)).toString("base64")}`);
	return drawn;
}

function document({ client, html }: Page, pictures: ReadonlyMap<string, string>): string {
	let body = html;
	for (const [address, data] of pictures) body = body.replaceAll(`src="${address}"`, `src="${data}"`);
	return `<!doctype html><html lang="en"><meta charset="utf-8"><style>${FONTS}body{margin:0}${STYLES[client]}</style><body>${body}</body></html>`;
}

const scenes = process.argv.includes("--same") ? keptScenes().scenes : await makeScenes();
const pages = await pagesOf(scenes);
const pictures = await drawnPictures(scenes);
keepScenes({ scenes, digests: digestsOf(pages) });
const browser = await Browser.start();
for (const page of pages) {
	const picture = await browser.photograph(document(page, pictures), page.width);
	await writeFile(`${FOLDER}/${page.name}.webp`, picture);
	console.log(`${page.name}.webp ${Math.round(picture.length / 1024)} kB`);
}
await browser.close();

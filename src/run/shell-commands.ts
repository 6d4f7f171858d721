import { isInstalledPackage } from "../adapters/files/root.ts";

/** Rewrites the commands of a checkout, such as `npm run backup`, as those of the installed package: `nlpq backup`. */
export function inShell(text: string, isInstalled: boolean = isInstalledPackage()): string {
	if (!isInstalled) return text;
	return text
		.replace(/`npm start`/g, "`nlpq`")
		.replace(/`npm run questions`/g, "`nlpq questions check`")
		.replace(/`npm run (backup|restore|doctor|migrate|questions)(?: --(?= ))?/g, "`nlpq $1");
}

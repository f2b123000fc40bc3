import { access, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium, selectors, type Browser, type Page } from 'playwright-core';
import { PROJECT } from '../../host/paths.mts';

/** Where Debian's package `chromium` puts it; `CHROMIUM` names another one. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SILENT = [
	'--no-sandbox',
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

export const THEMES = ['light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

// As n8n marks what its own tests look for.
selectors.setTestIdAttribute('data-test-id');

/** Starts a browser that calls nobody. Throws with the remedy where there is none. */
export async function launchChromium(): Promise<Browser> {
	await access(CHROMIUM).catch(() => {
		throw new Error(
			`There is no browser at ${CHROMIUM}. Install one (Debian: apt-get install chromium), or name yours: CHROMIUM=/path/to/chromium npm run test:browser`,
		);
	});
	return await chromium.launch({ executablePath: CHROMIUM, args: SILENT });
}

/** A new window. What it waits for may take long on a busy machine. */
export async function openPage(
	browser: Browser,
	theme: Theme,
	[width, height]: readonly [number, number],
): Promise<Page> {
	const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
	page.setDefaultTimeout(60_000);
	return page;
}

/** The file of a picture for the docs, in a folder that is there. */
export async function placeOfPicture(name: string): Promise<string> {
	const path = join(PROJECT, 'docs', 'images', `${name}.png`);
	await mkdir(dirname(path), { recursive: true });
	return path;
}

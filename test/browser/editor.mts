import { access, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { chromium, selectors, type Browser, type Page } from 'playwright-core';
import { PROJECT } from '../../host/paths.mts';
import { OWNER, type Bench } from '../e2e/bench.mts';

/** Where Debian's package `chromium` puts it; `CHROMIUM` names another one. */
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SILENT = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** In pixels. */
const MARGIN = 40;
const ROOM_FOR_NAMES = 48;
const WITHOUT_BUTTONS = '[data-test-id="canvas-controls"], [data-test-id^="execute-workflow-button"], [data-test-id="radio-button-workflow"] { visibility: hidden !important; }';

selectors.setTestIdAttribute('data-test-id');

export type Theme = 'light' | 'dark';

/** n8n's editor in a real browser, with the owner signed in. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		private readonly bench: Bench,
		readonly page: Page,
	) {}

	static async open(bench: Bench, theme: Theme = 'light'): Promise<Editor> {
		await access(CHROMIUM).catch(() => {
			throw new Error(`There is no browser at ${CHROMIUM}. Install one (Debian: apt-get install chromium), or name yours: CHROMIUM=/path/to/chromium npm run test:browser`);
		});
		const browser = await chromium.launch({ executablePath: CHROMIUM, args: SILENT });
		const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: theme });
		page.setDefaultTimeout(60_000);
		const editor = new Editor(browser, bench, page);
		await editor.signIn();
		return editor;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	private async signIn(): Promise<void> {
		await this.page.goto(`${this.bench.n8n.url}/signin`);
		await this.page.locator('input[type="email"]').fill(OWNER.email);
		await this.page.locator('input[type="password"]').fill(OWNER.password);
		await this.page.getByRole('button', { name: 'Sign in' }).click();
		await this.page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	}

	/** Opens a workflow so that all of it is seen. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.bench.n8n.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		await this.page.getByTestId('zoom-to-fit').click();
	}

	/** Writes a picture of the workflow that is open, without the editor around it. */
	async pictureOfCanvas(name: string): Promise<void> {
		const nodes = await this.page.locator('.vue-flow__node').evaluateAll((all) => all.map((node) => node.getBoundingClientRect()));
		const [left, top] = [Math.min(...nodes.map(({ x }) => x)) - MARGIN, Math.min(...nodes.map(({ y }) => y)) - MARGIN];
		const [right, bottom] = [Math.max(...nodes.map((node) => node.right)) + MARGIN, Math.max(...nodes.map((node) => node.bottom)) + ROOM_FOR_NAMES];
		const clip = { x: left, y: top, width: right - left, height: bottom - top };
		await this.page.screenshot({ path: await placeOf(name), clip, animations: 'disabled', style: WITHOUT_BUTTONS });
	}

	/** What the canvas shows of each node. */
	async nodeNames(): Promise<string[]> {
		return await this.page.locator('[data-node-name]').evaluateAll((marks) => [...new Set(marks.map((mark) => mark.getAttribute('data-node-name') ?? ''))]);
	}

	/** Writes a picture for the docs: `docs/images/<name>.png`. */
	async picture(name: string): Promise<void> {
		await this.page.screenshot({ path: await placeOf(name), animations: 'disabled' });
	}
}

async function placeOf(name: string): Promise<string> {
	const path = join(PROJECT, 'docs', 'images', `${name}.png`);
	await mkdir(dirname(path), { recursive: true });
	return path;
}

import type { Browser, Page } from 'playwright-core';
import { OWNER, type Instance } from '../e2e/instance.mts';
import { launchChromium, openPage, placeOfPicture, THEMES, type Theme } from './chromium.mts';

const SIZE = [1280, 800] as const;

/** In pixels. */
const MARGIN = 40;
const ROOM_FOR_NAMES = 48;
const WITHOUT_BUTTONS =
	'[data-test-id="canvas-controls"], [data-test-id^="execute-workflow-button"], [data-test-id="radio-button-workflow"], body :not(:has(.vue-flow), .vue-flow, .vue-flow *) { visibility: hidden !important; }';
/**
 * What comes and goes: notices, tips, the empty tooltips that n8n's code editor leaves in a corner,
 * and colours on their way to the other theme.
 */
const WITHOUT_PASSERS_BY =
	'.el-notification, .el-popper, #cm-tooltip-container, [role="tooltip"], [data-reka-popper-content-wrapper] { visibility: hidden !important; } *, *::before, *::after { transition: none !important; }';

/** What n8n remembers in a browser where "Don't show again" was chosen once. */
const WITHOUT_DIALOGS: Readonly<Record<string, string>> = { N8N_HIDE_ACTIVATION_ALERT: 'true' };

interface EditorOptions {
	/** Whether n8n shows its dialogs as to somebody new. */
	readonly dialogs?: boolean;
}

/** n8n's editor in a real browser, with the owner signed in. */
export class Editor {
	private constructor(
		private readonly browser: Browser,
		private readonly instance: Instance,
		readonly page: Page,
	) {}

	static async open(
		instance: Instance,
		theme: Theme = 'light',
		{ dialogs = false }: EditorOptions = {},
	): Promise<Editor> {
		const browser = await launchChromium();
		const page = await openPage(browser, theme, SIZE);
		await page.addInitScript(
			(settings) =>
				Object.entries(settings).forEach(([name, value]) => localStorage.setItem(name, value)),
			dialogs ? {} : WITHOUT_DIALOGS,
		);
		const editor = new Editor(browser, instance, page);
		await editor.signIn();
		return editor;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	private async signIn(): Promise<void> {
		await this.page.goto(`${this.instance.n8n.url}/signin`);
		await this.page.locator('input[type="email"]').fill(OWNER.email);
		await this.page.locator('input[type="password"]').fill(OWNER.password);
		await this.page.getByRole('button', { name: 'Sign in' }).click();
		await this.page.waitForURL((url) => !url.pathname.startsWith('/signin'));
	}

	/** Opens a workflow so that all of it is seen. */
	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.instance.n8n.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		await this.page.getByTestId('zoom-to-fit').click();
	}

	/** Opens an empty workflow. */
	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.instance.n8n.url}/workflow/new`);
		await this.page.getByTestId('canvas-plus-button').waitFor();
	}

	/** What the canvas shows of each node. */
	async nodeNames(): Promise<string[]> {
		return await this.page
			.locator('[data-node-name]')
			.evaluateAll((marks) => [
				...new Set(marks.map((mark) => mark.getAttribute('data-node-name') ?? '')),
			]);
	}

	/** The nodes that the canvas marks because something in them is missing or wrong. */
	async nodesWithIssues(): Promise<string[]> {
		const marked = this.page
			.locator('[data-test-id="canvas-node"]')
			.filter({ has: this.page.getByTestId('node-issues') });
		return await marked.evaluateAll((nodes) =>
			nodes.map((node) => node.getAttribute('data-node-name') ?? ''),
		);
	}

	/** What the notices in the corner say. */
	async notices(): Promise<string[]> {
		return await this.page.locator('.el-notification').allInnerTexts();
	}

	/** What can be read on the page. */
	async text(): Promise<string> {
		return await this.page.locator('body').innerText();
	}

	/** Writes a picture of the workflow that is open, without the editor around it. */
	async pictureOfCanvas(name: string): Promise<void> {
		const parts = await this.page
			.locator('.vue-flow__node, .vue-flow__edge-path')
			.evaluateAll((all) => all.map((part) => part.getBoundingClientRect()));
		const canvas = await this.page
			.locator('.vue-flow')
			.evaluate((element) => element.getBoundingClientRect());
		const left = Math.max(canvas.x, Math.min(...parts.map(({ x }) => x)) - MARGIN);
		const top = Math.max(canvas.y, Math.min(...parts.map(({ y }) => y)) - MARGIN);
		const right = Math.min(canvas.right, Math.max(...parts.map((part) => part.right)) + MARGIN);
		const bottom = Math.min(
			canvas.bottom,
			Math.max(...parts.map((part) => part.bottom)) + ROOM_FOR_NAMES,
		);
		const clip = { x: left, y: top, width: right - left, height: bottom - top };
		await this.page.screenshot({
			path: await placeOfPicture(name),
			clip,
			animations: 'disabled',
			style: WITHOUT_BUTTONS,
		});
	}

	/** Writes a picture of the page in each theme for the docs: `docs/images/<name>-light.png` and `-dark.png`. */
	async pictures(name: string): Promise<void> {
		for (const theme of [...THEMES].reverse()) {
			await this.turn(theme);
			await this.picture(`${name}-${theme}`);
		}
	}

	/** Writes one picture of the page as it is. */
	async picture(name: string): Promise<void> {
		await this.page.mouse.move(640, 4);
		await this.page.screenshot({
			path: await placeOfPicture(name),
			animations: 'disabled',
			caret: 'hide',
			style: WITHOUT_PASSERS_BY,
		});
	}

	/**
	 * Turns the system's theme, which n8n follows unless told otherwise, and waits until our icons on
	 * the page have followed.
	 * A few of them (in the heads of panels) n8n chooses only when it draws the panel: one that has followed is enough.
	 */
	private async turn(theme: Theme): Promise<void> {
		await this.page.emulateMedia({ colorScheme: theme });
		await this.page.waitForFunction((dark) => {
			const icons = [...document.images].filter(({ src }) => src.includes('/n8n-nodes-cynet/'));
			return (
				icons.some(({ src }) => src.endsWith('.dark.svg') === dark) &&
				icons.every(({ complete, naturalWidth }) => complete && naturalWidth > 0)
			);
		}, theme === 'dark');
	}

	/** The pictures that stand for our nodes on this page. */
	async icons(): Promise<string[]> {
		return await this.page
			.locator('img[src*="/n8n-nodes-cynet/"]')
			.evaluateAll((icons) => [
				...new Set(
					icons.map(
						(icon) => new URL((icon as HTMLImageElement).src).pathname.split('/').pop() ?? '',
					),
				),
			]);
	}
}

import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { launchChromium, openPage, placeOfPicture, type Theme } from './chromium.mts';

export const BUTTONS = [
	'Burst',
	'Late alerts',
	'Outage',
	'Expire tokens',
	'Clock +1 h',
	'Clock −1 h',
	'Kill n8n',
] as const;
type ButtonName = (typeof BUTTONS)[number];

type Figure =
	| 'raised'
	| 'delivered'
	| 'waiting'
	| 'lost'
	| 'twice'
	| 'pid'
	| 'ended'
	| 'median'
	| 'p95';

/** The simulator's page in a real browser, used by keyboard alone. */
export class DemoPage {
	/** What the browser complained about: errors, refused by the policy, not found. */
	readonly complaints: string[] = [];

	private constructor(
		private readonly browser: Browser,
		readonly page: Page,
	) {
		page.on('pageerror', ({ message }) => this.complaints.push(message));
		page.on(
			'console',
			(message) =>
				void (
					['error', 'warning'].includes(message.type()) && this.complaints.push(message.text())
				),
		);
		page.on(
			'request',
			(request) =>
				void (
					new URL(request.url()).hostname !== '127.0.0.1' &&
					this.complaints.push(`asked for ${request.url()}`)
				),
		);
	}

	static async open(url: string, theme: Theme): Promise<DemoPage> {
		const browser = await launchChromium();
		const page = await openPage(browser, theme, [1440, 900]);
		const opened = new DemoPage(browser, page);
		await page.goto(url);
		return opened;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	/**
	 * Goes to a button with the Tab key and presses it with Enter. Throws where the keyboard does not
	 * reach it, or nobody sees that it did.
	 */
	async press(name: ButtonName): Promise<void> {
		await this.page.locator('h1').click();
		for (let tabs = 0; tabs < 30; tabs++) {
			await this.page.keyboard.press('Tab');
			const focused = this.page.locator('button:focus');
			if ((await focused.count()) === 0 || !(await focused.innerText()).startsWith(name)) continue;
			expect(
				await focused.evaluate((button) => getComputedStyle(button).outlineStyle),
				`the focus on ${name} is seen`,
			).toBe('solid');
			return await this.page.keyboard.press('Enter');
		}
		throw new Error(`The Tab key does not reach "${name}"`);
	}

	async text(id: Figure | 'answer' | 'phase' | 'clock'): Promise<string> {
		return (await this.page.locator(`#${id}`).innerText()).trim();
	}

	async figure(id: Figure): Promise<number> {
		return Number((await this.text(id)).replaceAll(/[^\d.]/g, ''));
	}

	button(name: ButtonName) {
		return this.page.getByRole('button', { name: new RegExp(`^${name.replace('+', '\\+')} `) });
	}

	/** Waits until the log says it, and returns once it does. */
	async says(text: string | RegExp, limitMs = 60_000): Promise<void> {
		await this.page.getByRole('log').getByText(text).first().waitFor({ timeout: limitMs });
	}

	/** Waits until a condition on the page holds. */
	async holds(what: string, condition: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
		await expect.poll(condition, { message: what, timeout: limitMs, interval: 250 }).toBe(true);
	}

	/** Writes a picture for the docs: `docs/images/<name>.png`. */
	async picture(name: string): Promise<void> {
		await this.page.locator('h1').click();
		await this.page.screenshot({ path: await placeOfPicture(name), animations: 'disabled' });
	}
}

/** Fails if the page shows a lost alert or one that came twice. */
export const noneLostNorTwice = async (page: DemoPage): Promise<void> => {
	expect([await page.figure('lost'), await page.figure('twice')]).toEqual([0, 0]);
};
/** The page's figures are up to a second old: only those that count every alert say that all have arrived. */
export const allArrived = async (page: DemoPage, raised: number): Promise<void> =>
	await page.holds(
		`all ${raised} alerts have arrived`,
		async () =>
			(await page.figure('raised')) === raised &&
			(await page.figure('delivered')) === raised &&
			(await page.figure('waiting')) === 0,
	);

/** As soon as an alert has arrived that was raised after the clock was set back. */
export const setAheadAgain = async (page: DemoPage): Promise<void> => {
	await page.says(/clock was set back by 1\sh;/);
	const raised = await page.figure('raised');
	await page.holds(
		'alerts raised since have arrived',
		async () => (await page.figure('delivered')) > raised + 2,
		180_000,
	);
	await page.press('Clock +1 h');
	await page.says(/clock was set ahead by 1\sh;/);
};

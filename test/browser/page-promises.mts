import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import type { Theme } from './chromium.mts';
import { faintTexts } from './contrast.mts';
import { allArrived, BUTTONS, DemoPage, noneLostNorTwice, setAheadAgain } from './demo-page.mts';
import { SmallCollector } from './small-collector.mts';

/** All that the simulator's page promises, in one theme. */
export const describePage = (theme: Theme): unknown =>
	describe(`The page, ${theme}`, () => {
		let simulator: Simulator;
		let collector: SmallCollector;
		let page: DemoPage;
		beforeEach(async () => {
			simulator = await startSimulator();
			collector = new SmallCollector(simulator);
		});
		afterEach(async () => {
			collector.stop();
			await page?.close();
			await simulator?.close();
		});

		test("shows before the visitor's eyes what every button does, pressed by keyboard, with lost 0 and twice 0", async () => {
			simulator.collector = collector;
			page = await DemoPage.open(simulator.url, theme);
			await page.holds('n8n runs', async () => (await page.text('phase')) === 'Running');

			await page.press('Burst');
			await page.says('500 alerts were raised at one moment.');
			await page.says(/^All 500 alerts of the burst have been emitted/);
			await page.holds('500 have arrived', async () => (await page.figure('delivered')) === 500);

			simulator.source.start({ perMinute: 120 });
			await page.press('Clock −1 h');
			await page.says(/clock was set back by 1\sh;/);
			expect(await page.text('clock')).toContain('1 h behind this machine');
			await setAheadAgain(page);

			await page.press('Expire tokens');
			await page.says(
				'Every token was made invalid; the next request with one is answered with 401.',
			);
			await page.holds('a new token was issued', async () => simulator.ledger.exchanges === 2);

			await page.press('Kill n8n');
			await page.says('kill -9 was sent to n8n, process 1000.');
			await page.holds(
				'n8n runs again',
				async () =>
					(await page.text('phase')) === 'Running' &&
					(await page.text('pid')) === '1001' &&
					(await page.text('ended')) === '1 ×',
			);

			await page.press('Late alerts');
			await page.says('5 alerts were raised; the API shows them 60 seconds late.');
			await page.press('Outage');
			await page.says('Every request is answered with status 503 for 30 seconds.');
			await page.holds('the button says how long', async () =>
				/Under way, \d+ s left/.test(await page.button('Outage').innerText()),
			);
			await noneLostNorTwice(page);
			await page.says('The outage is over; requests are answered again.', 90_000);
			await page.says(/^All 5 late alerts have been emitted/, 120_000);

			simulator.source.stop();
			await allArrived(page, simulator.balance().raised);
			await noneLostNorTwice(page);
			await page.page
				.getByRole('img', {
					name: /^Chart of the latency over the last 15 minutes: median [\d.]+ s/,
				})
				.waitFor();
			expect(await page.page.getByRole('row', { name: /^Lists of alerts/ }).innerText()).toMatch(
				/\d/,
			);
			expect(page.complaints).toEqual([]);
		}, 300_000);

		test('shows what to sign in with, and each remediation that the server accepted', async () => {
			simulator.collector = collector;
			page = await DemoPage.open(simulator.url, theme);
			await page.holds(
				'the page has it',
				async () =>
					(await page.page.locator('#sign-in').innerText()) === 'owner@example.com, a-password',
			);
			await collector.isolate('WS-0101');
			await page.says('Site 1001 accepted host/isolate on WS-0101.');
		});

		test('alone, explains that there is no n8n to kill, and kills nothing', async () => {
			page = await DemoPage.open(simulator.url, theme);
			await page.holds(
				'the button is out of use',
				async () => (await page.button('Kill n8n').getAttribute('aria-disabled')) === 'true',
			);
			expect(await page.button('Kill n8n').innerText()).toContain('No n8n here');
			await page.press('Kill n8n');
			expect(await page.text('answer')).toBe(
				'No n8n here: the simulator runs alone. npm run demo starts one beside it.',
			);
			expect(await page.text('phase')).toBe('Not here');
		});

		test('is readable: every text has a contrast of 4.5 at least, also with the details open', async () => {
			simulator.collector = collector;
			simulator.raise(3);
			page = await DemoPage.open(simulator.url, theme);
			await page.holds('alerts have arrived', async () => (await page.figure('delivered')) === 3);
			await page.page
				.locator('details')
				.evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
			expect(await faintTexts(page.page)).toEqual([]);
			simulator.ledger.deliver({ dedupKey: 'cynet:1001:1', event: 'created' });
			await page.holds(
				'the page shows that an alert came twice',
				async () => (await page.figure('twice')) === 1,
			);
			expect(await faintTexts(page.page)).toEqual([]);
		});

		test.each([
			[720, 450, 'at 200 %'],
			[320, 640, 'on a narrow window'],
		])('%i × %i: works %s, without scrolling sideways', async (width, height) => {
			simulator.collector = collector;
			page = await DemoPage.open(simulator.url, theme);
			await page.page.setViewportSize({ width, height });
			for (const name of BUTTONS) await page.button(name).waitFor();
			await page.press('Burst');
			await page.says(/^All 500 alerts of the burst/);
			expect(
				await page.page.evaluate(() => document.documentElement.scrollWidth),
			).toBeLessThanOrEqual(width);
		});

		test('takes the theme that the visitor chooses, and keeps it', async () => {
			page = await DemoPage.open(simulator.url, theme);
			const ground = () =>
				page.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
			const before = await ground();
			const other = theme === 'light' ? 'Dark' : 'Light';
			await page.page.getByRole('radio', { name: 'System' }).focus();
			for (let press = 0; press < (other === 'Dark' ? 2 : 1); press++)
				await page.page.keyboard.press('ArrowRight');
			const chosen = await ground();
			expect(chosen).not.toBe(before);
			await page.page.reload();
			expect([
				await ground(),
				await page.page.getByRole('radio', { name: other }).isChecked(),
			]).toEqual([chosen, true]);
		});

		test('says that the simulator has gone, and goes on when it is back', async () => {
			page = await DemoPage.open(simulator.url, theme);
			await page.holds('figures are there', async () => (await page.text('raised')) === '0');
			const { port } = new URL(simulator.url);
			await simulator.close();
			await page.page.getByRole('alert').getByText('The simulator does not answer.').waitFor();
			simulator = await startSimulator({ port: Number(port) });
			await page.page.getByRole('alert').waitFor({ state: 'hidden' });
			simulator.raise(7);
			await page.holds('new figures are there', async () => (await page.text('raised')) === '7');
		});
	});

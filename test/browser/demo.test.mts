import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROJECT } from '../../host/paths.mts';
import { freePorts } from '../../host/ports.mts';
import { until } from '../../host/wait.mts';
import { DemoPage, noneLostNorTwice, setAheadAgain } from './demo-page.mts';

describe('npm run demo, with a real n8n', () => {
	let url: string;
	let demo: ChildProcess;
	let printed = '';
	let ended: Promise<number | null>;

	beforeAll(async () => {
		const [port = 0, simulatorPort = 0] = await freePorts(2);
		url = `http://127.0.0.1:${simulatorPort}`;
		demo = spawn(
			process.execPath,
			[
				'--import',
				'tsx',
				join(PROJECT, 'demo', 'demo.mts'),
				'--port',
				String(port),
				'--simulator-port',
				String(simulatorPort),
			],
			{ cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'] },
		);
		ended = new Promise((resolve) => demo.once('exit', resolve));
		for (const stream of [demo.stdout, demo.stderr])
			stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
		await until(
			'the demo runs',
			() => {
				if (demo.exitCode !== null) throw new Error(`The demo ended:\n${printed}`);
				return printed.includes('Open http');
			},
			{ limitMs: 900_000, everyMs: 500 },
		);
	});
	afterAll(async () => {
		if (demo.exitCode === null) demo.kill('SIGKILL');
		await ended;
	});

	test('an alert is neither lost nor twice, whatever the visitor presses; the docs show that page', async () => {
		const page = await DemoPage.open(url, 'light');
		try {
			await page.holds('n8n runs', async () => (await page.text('phase')) === 'Running');
			await page.holds('alerts arrive', async () => (await page.figure('delivered')) > 10, 120_000);
			await page.press('Burst');
			await page.says(/^All 500 alerts of the burst/, 120_000);
			await page.press('Late alerts');
			await page.press('Expire tokens');
			await page.says('Someone logged in: a new token was issued.', 120_000);
			await page.press('Outage');
			await page.says(/^The outage is over/, 120_000);
			await noneLostNorTwice(page);
			await page.says(/^All 5 late alerts/, 180_000);
			for (const hours of [1, 2]) {
				await page.press('Clock +1 h');
				await page.holds('the clock was set ahead', async () =>
					(await page.text('clock')).includes(`${hours} h ahead of this machine`),
				);
			}
			await page.press('Clock −1 h');
			await setAheadAgain(page);
			const process = await page.text('pid');
			await page.press('Kill n8n');
			await page.says(/^n8n runs again/, 240_000);
			await page.says(/^(No execution was cut down|Executions cut down)/, 120_000);
			const raised = await page.figure('raised');
			await page.holds(
				'alerts go on arriving',
				async () => (await page.figure('delivered')) > raised + 20,
				180_000,
			);
			expect(await page.text('pid')).not.toBe(process);
			expect(await page.text('ended')).toBe('1 ×');
			await noneLostNorTwice(page);
			await page.picture('demo-page-light');
			await page.page.emulateMedia({ colorScheme: 'dark' });
			await page.picture('demo-page-dark');
			expect(page.complaints).toEqual([]);
		} finally {
			await page.close();
		}
		demo.kill('SIGINT');
		expect(await ended, printed).toBe(0);
		expect(printed).toMatch(
			/at the end: raised \d+ · delivered \d+ · pending \d+ · lost 0 · twice 0/,
		);
	}, 1_200_000);
});

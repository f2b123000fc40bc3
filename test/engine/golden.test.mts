import { readFileSync, writeFileSync } from 'node:fs';
import type { IDataObject } from 'n8n-workflow';
import { expect, test } from 'vitest';
import { liveThrough, moved, raiseWorld, SERVER, SETTINGS } from './golden-story.mts';
import { MINUTE, setStage, stage, trigger } from './trigger-helpers.mts';

interface Golden {
	readonly staticData: IDataObject;
	readonly emitted: readonly string[];
}

/** One for each version of the state that was ever released. */
const RELEASED = ['static-data-v1.json'];
const golden = (file: string): Golden =>
	JSON.parse(readFileSync(new URL(`../golden/${file}`, import.meta.url), 'utf8')) as Golden;

setStage();

// Before the first release alone.
test.runIf(process.env.GOLDEN === 'write')('writes the golden file', async () => {
	await raiseWorld();
	const { staticData, emitted } = await liveThrough();
	const about =
		"What n8n had stored of Cynet Trigger with two sites, in the middle of a scan. Once 0.1.0 is released, users' databases are full of such texts: never change this file then. A new format gets a new version and a new file.";
	writeFileSync(
		new URL(`../golden/${RELEASED.at(-1)!}`, import.meta.url),
		`${JSON.stringify({ about, staticData: moved(staticData, SERVER), emitted }, null, '\t')}\n`,
	);
});

test.each(RELEASED)(
	'%s is gone on from: what was emitted does not come again, all else comes once, and so does what is new',
	async (file) => {
		const all = await raiseWorld();
		const { staticData, emitted } = golden(file);
		expect(emitted.length).toBeLessThan(all.length);
		stage.now += MINUTE;
		const later = trigger({
			...SETTINGS,
			host: { staticData: moved(staticData, stage.simulator.url) },
		});
		const keys = await later.pollFor(5);
		expect([...emitted, ...keys].sort()).toEqual([...all].sort());

		const [fresh] = stage.simulator.raise(1, { site: '1002' });
		expect(await later.pollFor(2)).toEqual([`cynet:1002:${String(fresh!.ClientDbId)}`]);
	},
);

test.each(RELEASED)(
	'%s knows its alerts: the first that was emitted comes again only as recurred or updated',
	async (file) => {
		await raiseWorld();
		const { staticData, emitted } = golden(file);
		const later = trigger({
			...SETTINGS,
			host: { staticData: moved(staticData, stage.simulator.url) },
		});
		stage.now += MINUTE;
		await later.pollFor(5);
		const [, site = '', id = ''] = emitted[0]!.split(':');
		stage.simulator.recur(site, Number(id));
		stage.now += MINUTE;
		expect(await later.told()).toEqual([`recurred ${id}`]);
		stage.simulator.change(site, Number(id));
		stage.now += MINUTE;
		expect(await later.told()).toEqual([`updated ${id}`]);
	},
);

test('without that state everything would come from the start: the golden file is what makes the difference', async () => {
	const all = await raiseWorld();
	stage.now += MINUTE;
	expect((await trigger(SETTINGS).pollFor(5)).sort()).toEqual([...all].sort());
});

test("today's code lives through the same with the same outcome", async () => {
	await raiseWorld();
	const { emitted } = await liveThrough();
	expect(emitted).toEqual(golden(RELEASED.at(-1)!).emitted);
});

import type { IDataObject } from 'n8n-workflow';
import { changed } from '../unit/feed-packed.mts';
import { keyOf, MINUTE, stage, start, trigger } from './trigger-helpers.mts';

/** Stands for the simulator's address in golden files: its port is another one each time. */
export const SERVER = 'https://acme.api.cynet.com';
const SITES = ['1001', '1002'];
export const SETTINGS = {
	parameters: { events: ['created', 'recurred', 'updated'] },
	options: { clientIds: SITES.join(), pageSize: 20, maxAlerts: 40 },
};

/** The world at noon: ids with gaps, one that is text, and more alerts than two polls emit. */
export async function raiseWorld(): Promise<string[]> {
	const { raise } = await start({ sites: SITES });
	const keys: string[] = [];
	const note = (site: string, alerts: Array<{ ClientDbId?: unknown }>) =>
		keys.push(...alerts.map((alert) => keyOf(alert, site)));
	note('1002', raise(5, { site: '1002' }));
	note('1001', raise(30, { spacingMs: 1000 }));
	note('1002', raise(3, { site: '1002' }));
	note('1001', raise(1, { ClientDbId: 'text-1' }));
	note('1001', raise(90, { spacingMs: 1000 }));
	return keys;
}

/** What happens in that world: two polls that leave a scan under way, a recurrence and a change. */
export async function liveThrough(): Promise<{ staticData: IDataObject; emitted: string[] }> {
	const first = trigger(SETTINGS);
	const emitted = await first.poll();
	stage.now += MINUTE;
	const [, site = '', id = ''] = emitted[0]!.split(':');
	stage.simulator.recur(site, Number(id));
	stage.simulator.change(site, Number(id));
	emitted.push(...(await first.poll()));
	return { staticData: first.n8n.saved!, emitted };
}

/** Static data of the same sites at another address. */
export function moved(staticData: IDataObject, server: string): IDataObject {
	const move = (packed: string): string =>
		changed(packed, (state) => {
			state.server = server;
			if (state.replay) state.replay.before = move(state.replay.before);
		});
	return Object.fromEntries(
		Object.entries(staticData).map(([key, value]) => [
			key,
			key.startsWith('site ') ? move(String(value)) : value,
		]),
	);
}

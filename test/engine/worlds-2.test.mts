import { expect, it } from 'vitest';
import { aServer, describeWorlds } from './worlds/any-world.mts';
import { live } from './worlds/live.mts';
import type { World } from './worlds/plan.mts';

const simulator = aServer();

describeWorlds(1, simulator);

it('a recurrence is emitted though n8n brings the state from before a poll that found nothing', async () => {
	const raise = { kind: 'raise', site: 0, count: 1, lateBy: 0, late: 39 } as const;
	const recur = { kind: 'recurMany', site: 0, which: 0, count: 5 } as const;
	const change = { kind: 'change', site: 0, which: 0 } as const;
	const moment = { kind: 'time', ms: 1 } as const;
	const world: World = {
		traits: [],
		way: 0,
		simple: true,
		engine: 'durable',
		events: ['recurred', 'updated'],
		sites: 1,
		latencies: [200],
		order: 'ascending',
		boundary: 'inclusive',
		precision: 's',
		maxLimit: 0,
		server: 'usual',
		pageSize: 20,
		maxAlerts: 7,
		skew: 0,
		old: 0,
		young: 0,
		steps: [{ kind: 'time', ms: 3_600_000 }, { kind: 'poll' }, { kind: 'race' }, raise, moment],
		between: [change, recur, change, moment, raise, raise, moment, raise, recur],
	};
	expect(await live(world, simulator())).toEqual([]);
});

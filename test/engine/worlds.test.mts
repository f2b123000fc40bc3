import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clock } from '../../nodes/shared/clock.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.mts';
import { live } from './worlds/live.mts';
import { worlds, type World } from './worlds/plan.mts';
import { worldNow } from './worlds/time.mts';

const RUNS = Number(process.env.WORLD_RUNS ?? 300);
/** Always the same worlds in `npm test`; `npm run test:worlds` lives through others each time. */
const { WORLD_SEED = process.env.WORLD_RUNS ? undefined : '1', WORLD_PATH, WORLD_SHRINK, WORLD_TALLY } = process.env;

const real = { ...clock };
let simulator: Simulator;

beforeAll(async () => {
	simulator = await startSimulator({ now: worldNow });
});

afterAll(async () => {
	Object.assign(clock, real);
	await simulator.close();
});

describe('in any world', () => {
	if (WORLD_TALLY) it(
		'broken promises are counted, not stopped at',
		async () => {
			const seed = Number(WORLD_SEED ?? 1);
			const broken = new Map<string, string[]>();
			for (const [path, world] of fc.sample(worlds, { seed, numRuns: RUNS }).entries()) {
				const began = performance.now();
				const complaints = await live(world, simulator);
				if (performance.now() - began > 5000) console.log(`WORLD_PATH=${path} took ${Math.round(performance.now() - began)} ms`);
				for (const kind of new Set(complaints.map((complaint) => complaint.split(':')[0] as string))) {
					const example = complaints.find((complaint) => complaint.startsWith(kind));
					broken.set(kind, [...(broken.get(kind) ?? []), `WORLD_SEED=${seed} WORLD_PATH=${path} ${example}`]);
				}
			}
			const paths = new Set([...broken.values()].flat().map((text) => / WORLD_PATH=(\d+)/.exec(text)?.[1]));
			console.log(`TALLY ${process.env.WORLD_TRAITS ?? 'all traits'}: ${RUNS} worlds, ${paths.size} broken`);
			for (const [kind, examples] of broken) console.log(`  ${examples.length} x ${kind}\n    ${examples.slice(0, 4).join('\n    ')}`);
		},
		24 * 3600_000,
	);

	if (!WORLD_TALLY) it(
		`no alert is lost, none comes twice and none waits in silence (${WORLD_PATH ? 'one' : RUNS} of them)`,
		async () => {
			let lived = 0;
			const property = fc.asyncProperty(worlds, async (world) => {
				if (++lived % 500 === 0) console.log(`${lived} of ${RUNS} worlds`);
				const broken = await live(world, simulator);
				if (broken.length > 0) throw new Error(broken.slice(0, 4).join('\n'));
			});
			const report = await fc.check(property, {
				numRuns: WORLD_PATH ? 1 : RUNS,
				...(WORLD_SEED && { seed: Number(WORLD_SEED) }),
				...(WORLD_PATH && { path: WORLD_PATH }),
				endOnFailure: !WORLD_SHRINK,
			});
			if (!report.failed) return;
			const { seed, counterexamplePath, counterexample, errorInstance } = report;
			throw new Error([
				'A world broke a promise. To live through it again:',
				`WORLD_SEED=${seed} WORLD_PATH=${counterexamplePath} npx vitest run --project engine test/engine/worlds.test.mts`,
				...(WORLD_SHRINK ? [] : ['With WORLD_SHRINK=1 before it, it looks for the smallest such world; that takes minutes.']),
				errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
				fc.stringify(counterexample?.[0]),
			].join('\n'));
		},
		24 * 3600_000,
	);

	it('a recurrence is emitted though n8n brings the state from before a poll that found nothing', async () => {
		const raise = { kind: 'raise', site: 0, count: 1, lateBy: 0, late: 39 } as const;
		const recur = { kind: 'recurMany', site: 0, which: 0, count: 5 } as const;
		const change = { kind: 'change', site: 0, which: 0 } as const;
		const moment = { kind: 'time', ms: 1 } as const;
		const world: World = {
			traits: [], way: 0, simple: true,
			engine: 'durable', events: ['recurred', 'updated'], sites: 1, order: 'ascending', boundary: 'inclusive', precision: 's', maxLimit: 0, server: 'usual',
			pageSize: 20, maxAlerts: 7, skew: 0, old: 0, young: 0,
			steps: [{ kind: 'time', ms: 3_600_000 }, { kind: 'poll' }, { kind: 'race' }, raise, moment],
			between: [change, recur, change, moment, raise, raise, moment, raise, recur],
		};
		expect(await live(world, simulator)).toEqual([]);
	});
});

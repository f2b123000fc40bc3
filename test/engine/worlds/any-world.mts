import fc from 'fast-check';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { clock } from '../../../nodes/shared/clock.ts';
import { startSimulator, type Simulator } from '../../../simulator/simulator.mts';
import { live } from './live.mts';
import { worlds } from './plan.mts';
import { worldNow } from './time.mts';

const { WORLD_RUNS, WORLD_SEED, WORLD_PATH, WORLD_SHRINK, WORLD_TALLY } = process.env;
const PARTS = 2;
const RUNS = WORLD_PATH ? 1 : Math.ceil(Number(WORLD_RUNS ?? 300) / PARTS);
const TIMEOUT = 24 * 3600_000;

/** A server for all worlds of a test file; `simulator()` is it while tests run. */
export function aServer(): () => Simulator {
	const real = { ...clock };
	let simulator: Simulator;
	beforeAll(async () => {
		simulator = await startSimulator({ now: worldNow });
	});
	afterAll(async () => {
		Object.assign(clock, real);
		await simulator.close();
	});
	return () => simulator;
}

/**
 * One of the parts that live through worlds side by side, each with a seed of its own: the same
 * worlds in every `npm test`,
 * others each time where WORLD_RUNS is given without a seed.
 */
export function describeWorlds(part: number, simulator: () => Simulator): void {
	const first = WORLD_SEED ?? (WORLD_RUNS ? Math.floor(Math.random() * 1e9) : 1);
	const seed = Number(first) + part;
	const isLeft = WORLD_PATH !== undefined && part > 0;
	describe.skipIf(isLeft)('in any world', () => {
		if (WORLD_TALLY)
			it(
				'broken promises are counted, not stopped at',
				async () => await tally(seed, simulator()),
				TIMEOUT,
			);
		else
			it(
				`no alert is lost, none comes twice and none waits in silence (${RUNS} of them)`,
				async () => await stopAtFirst(seed, simulator()),
				TIMEOUT,
			);
	});
}

async function tally(seed: number, simulator: Simulator): Promise<void> {
	const broken = new Map<string, string[]>();
	for (const [path, world] of fc.sample(worlds, { seed, numRuns: RUNS }).entries()) {
		const began = performance.now();
		const complaints = await live(world, simulator);
		if (performance.now() - began > 5000)
			console.log(`WORLD_PATH=${path} took ${Math.round(performance.now() - began)} ms`);
		for (const kind of new Set(complaints.map((complaint) => complaint.split(':')[0] as string))) {
			const example = complaints.find((complaint) => complaint.startsWith(kind));
			broken.set(kind, [
				...(broken.get(kind) ?? []),
				`WORLD_SEED=${seed} WORLD_PATH=${path} ${example}`,
			]);
		}
	}
	const paths = new Set(
		[...broken.values()].flat().map((text) => / WORLD_PATH=(\d+)/.exec(text)?.[1]),
	);
	console.log(
		`TALLY ${process.env.WORLD_TRAITS ?? 'all traits'}: ${RUNS} worlds, ${paths.size} broken`,
	);
	for (const [kind, examples] of broken)
		console.log(`  ${examples.length} x ${kind}\n    ${examples.slice(0, 4).join('\n    ')}`);
}

async function stopAtFirst(seed: number, simulator: Simulator): Promise<void> {
	let lived = 0;
	const property = fc.asyncProperty(worlds, async (world) => {
		if (++lived % 500 === 0) console.log(`${lived} of ${RUNS} worlds`);
		const broken = await live(world, simulator);
		if (broken.length > 0) throw new Error(broken.slice(0, 4).join('\n'));
	});
	const report = await fc.check(property, {
		numRuns: RUNS,
		seed,
		...(WORLD_PATH && { path: WORLD_PATH }),
		endOnFailure: !WORLD_SHRINK,
	});
	if (!report.failed) return;
	const { counterexamplePath, counterexample, errorInstance } = report;
	throw new Error(
		[
			'A world broke a promise. To live through it again:',
			`WORLD_SEED=${seed} WORLD_PATH=${counterexamplePath} npx vitest run --project engine test/engine/worlds-1`,
			...(WORLD_SHRINK
				? []
				: [
						'With WORLD_SHRINK=1 before it, it looks for the smallest such world; that takes minutes.',
					]),
			errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
			fc.stringify(counterexample?.[0]),
		].join('\n'),
	);
}

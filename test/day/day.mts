import { setTimeout as wait } from 'node:timers/promises';
import { until } from '../../host/wait.mts';
import { deploy, type Deployment, type Mode } from './deployments.mts';
import { Emission } from './emission.mts';
import { balanceOf, spreadsOf, type Outcome } from './outcome.mts';
import { Raising } from './raising.mts';
import { sickSites } from './troubles.mts';

/** Of starts, kills and the way of the last alerts on a busy machine. */
export const TIME_LIMIT_MS = 3_600_000;

const CALM_MS = 80_000;
const SICK_MS = 120_000;
const ROUNDS_OF_KILLS = 2;
/** Within so much time of the moment when all answer again. */
const KILL_WITHIN_MS = 15_000;
const ARRIVAL_LIMIT_MS = 600_000;
/** What has not come for so long never comes. */
const SILENCE_MS = 120_000;

/**
 * A day of an MSP, shortened: two hundred sites on two deployments. First all are well. Then five cannot be read, each
 * in its way. Meanwhile n8n is killed. At last all are well again, and all alerts must have come.
 */
export async function liveThroughADay(mode: Mode): Promise<Outcome> {
	const began = performance.now();
	const say = (text: string): void =>
		console.log(`${mode}: ${Math.round((performance.now() - began) / 1000)} s: ${text}`);
	const deployments: Deployment[] = [];
	const emissions: Emission[] = [];
	try {
		// One after the other: each start is all that a small machine can do.
		for (const number of [1, 2]) deployments.push(await deploy(mode, number));
		emissions.push(...deployments.map((deployment) => new Emission(deployment)));
		for (const emission of emissions) emission.watch();
		await polled(deployments);
		say('all sites are polled');

		const start = performance.now();
		const raising = new Raising(deployments);
		const sick = sickSites(deployments);
		const ill = new Set(sick.map(({ site }) => site));
		const left = async (): Promise<number> => {
			const keys = await Promise.all(emissions.map(async (one) => await one.keys()));
			const arrived = new Set(keys.flat());
			return raising.all.filter(({ key, site }) => !ill.has(site) && !arrived.has(key)).length;
		};
		await raising.during('calm', wait(CALM_MS));
		await drained(left);
		say(`${raising.all.length} alerts, all sites well`);

		for (const site of sick) site.begin();
		await raising.during('sick', wait(SICK_MS));
		await drained(left);
		say(`${raising.all.length} alerts, five sites sick`);

		let kills = 0;
		const killAll = async (): Promise<void> => {
			for (let round = 0; round < ROUNDS_OF_KILLS; round++)
				for (const { victims } of deployments) {
					await wait(Math.random() * KILL_WITHIN_MS);
					await victims[round]!.kill();
					await victims[round]!.startAgain();
					kills++;
				}
		};
		await raising.during('kills', killAll());
		say(`${raising.all.length} alerts, ${kills} kills`);
		const said = await Promise.all(
			sick.map(async (site) => ({ what: site.what, sentence: await site.said() })),
		);

		for (const { simulator } of deployments) simulator.faults.clear();
		ill.clear();
		await drained(left);
		await polled(deployments);
		const overAll = async (of: (one: Emission) => Promise<number>): Promise<number> =>
			sumOf(await Promise.all(emissions.map(of)));
		const unfinished = async (): Promise<number> =>
			await overAll(async (one) => await one.unfinished());
		await until('every execution has ended', async () => (await unfinished()) === 0, {
			limitMs: ARRIVAL_LIMIT_MS,
			everyMs: 1000,
			seen: unfinished,
		});
		let ranAgain = 0;
		for (const emission of emissions) ranAgain += await emission.runAgain();
		const reports = deployments.map(({ simulator }) => simulator.ledger.report());
		const outcome: Outcome = {
			...(await balanceOf(raising.all, emissions)),
			spreads: await spreadsOf(raising.all, emissions, sick),
			said,
			kills,
			executions: await overAll(async (one) => await one.count()),
			ranAgain,
			exchanges: sumOf(reports.map(({ exchanges }) => exchanges)),
			requests: sumOf(reports.map(({ requests }) => requests)),
			seconds: (performance.now() - start) / 1000,
		};
		say(JSON.stringify(outcome));
		return outcome;
	} finally {
		for (const emission of emissions) emission.end();
		for (const deployment of deployments) await deployment.close();
	}
}

const sumOf = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Waits until each site was asked twice more: what is there to come has come. */
async function polled(deployments: readonly Deployment[]): Promise<void> {
	for (const { simulator, workflows } of deployments) {
		const asked = simulator.ledger.report().requests;
		await until(
			'all sites are polled twice',
			() => simulator.ledger.report().requests > asked + 2 * workflows.flat().length,
			{ limitMs: ARRIVAL_LIMIT_MS },
		);
	}
}

/** Waits until all has come that can come, or nothing new for long. */
async function drained(left: () => Promise<number>): Promise<void> {
	let [least, at] = [Infinity, performance.now()];
	await until(
		'all alerts have come, or none for long',
		async () => {
			const now = await left();
			if (now < least) [least, at] = [now, performance.now()];
			return now === 0 || performance.now() - at > SILENCE_MS;
		},
		{ limitMs: ARRIVAL_LIMIT_MS, everyMs: 1000, seen: () => least },
	);
}

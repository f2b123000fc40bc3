import type { INodeParameters } from 'n8n-workflow';
import type { Simulator } from '../../../simulator/simulator.mts';
import { createHost } from '../harness.mts';
import type { MakeHost } from './n8n.mts';
import { Place } from './place.mts';
import type { Event, Step, World } from './plan.mts';
import { HOUR, MINUTE, START } from './time.mts';
import { of } from './traits.mts';
import { verdict } from './verdict.mts';

/** Lives through a world; says which promises were broken. */
export async function live(world: World, simulator: Simulator): Promise<string[]> {
	const place = new Place(world, simulator, hostOf);
	raiseFirst(place);
	await place.activate();
	for (const step of world.steps) await take(place, step);
	await settle(place);
	simulator.settings.onArrival = undefined;
	simulator.settings.onRequest = undefined;
	return judged(place);
}

/** An n8n with the trigger as this world's user set it. */
function hostOf(place: Place, name: string): MakeHost {
	const { world, simulator, sites, traits } = place;
	const { events, pageSize, maxAlerts, simple } = world;
	const filters = Object.assign({}, ...traits.map((trait) => trait.filters)) as INodeParameters;
	return (staticData, pollBudgetMs) =>
		createHost({
			workflowId: name,
			staticData,
			pollBudgetMs,
			credential: {
				baseUrl: simulator.url,
				username: name,
				password: simulator.settings.password,
				clientId: sites[0] as string,
			},
			node: {
				parameters: {
					events,
					simple,
					filters,
					options: {
						pageSize,
						maxAlerts,
						...(place.options() as INodeParameters),
						...(sites.length > 1 && { clientIds: sites.join(',') }),
					},
				},
			},
		});
}

/** What there was before the workflow was published. */
function raiseFirst({ alerts, sites, world }: Place): void {
	for (const site of sites) {
		for (let i = 0; i < world.old; i++)
			alerts.raise(site, { at: START - 30 * HOUR - i * MINUTE, visibleAt: START });
		for (let i = 0; i < world.young; i++) alerts.raise(site, { at: START - 2 * HOUR + i * 30_000 });
	}
}

async function take(place: Place, step: Step): Promise<void> {
	const { simulator, sites, time, traits, world } = place;
	if (step.kind === 'poll') await place.poll();
	else if (step.kind === 'twoPolls') await place.twoPolls();
	else if (step.kind === 'race') await place.race();
	else if (step.kind === 'restart') await place.restart();
	else if (step.kind === 'badPoll') {
		time.now += step.ms;
		simulator.faults.clear();
		simulator.faults.add({
			kind: step.what,
			match: { path: '/api/alerts*' },
			skip: step.good,
			times: 'forever',
		});
		await place.poll();
		simulator.faults.clear();
	} else if (step.kind === 'skew') {
		// The client's clock enters once: until the first answer has come.
		if (!place.has('wideWindows') && place.history.hasWorked) time.skew = world.skew + step.ms;
	} else if (step.kind === 'fault') {
		if (step.what === 'expire') place.endTokens();
		else
			place.fault({
				...step.what,
				times: step.times,
				skip: step.skip,
				match: {
					...(step.list && { path: step.list }),
					...(step.list !== '/api/account/token' &&
						sites.length > 1 &&
						step.site && { site: step.site }),
				},
			});
	} else if (step.kind === 'oddity') {
		const able = traits.flatMap(({ steps = [] }) => (steps.length > 0 ? [steps] : []));
		if (able.length === 0) await place.poll();
		else await of(of(able, step.which), step.pick >> 3)(place, step);
	} else place.apply(step as Event);
}

/** All is well from now on, for as long as the promises need. */
async function settle(place: Place): Promise<void> {
	const { simulator, time, alerts } = place;
	simulator.faults.clear();
	place.quiet();
	time.now = Math.max(time.now, ...alerts.rows.map(({ visibleAt }) => visibleAt));
	for (const row of alerts.rows) {
		if (row.lastSeen > time.now + 24 * HOUR) alerts.move(row, 'recur');
		if (row.changed > time.now + 24 * HOUR) alerts.move(row, 'change');
	}
	// What an answer hid is found by the next sweep, which reads ten pages a poll; a wait that was
	// asked for ends within an hour.
	const slow =
		place.history.missed ||
		alerts.rows.some(({ late }) => late) ||
		place.has('poison') ||
		place.has('capOffset') ||
		place.has('wideWindows');
	for (const [hop, minutes] of [
		1,
		1,
		4,
		5,
		5,
		61,
		1,
		61,
		1,
		1,
		// A replica shows the last ones late, and not to every poll.
		...(place.has('replicas') ? [5, 1, 1] : []),
		// Each sweep finds four of five of those that the ones before it missed.
		...(place.has('shuffledTies') ? Array.from({ length: 6 }, () => [61, 1, 1]).flat() : []),
		...(slow ? [61, ...Array<number>(15).fill(1)] : []),
	].entries()) {
		time.now += minutes * MINUTE;
		// New alerts come in spite of whatever the trigger has still to do.
		if (hop < 8) for (const site of place.sites) alerts.raise(site, {});
		let polls = 0;
		while ((await place.poll()) >= place.fullFrom && ++polls < 300) time.now += MINUTE;
	}
}

function judged(place: Place): string[] {
	const { world, alerts, judge, sites, server, history } = place;
	const { events } = world;
	const { firstGood, firstChanges } = history;
	// As place.mustEmit: the sweep finds alerts in the end, and no recurrence or change.
	const isShuffled = place.has('shuffledTies');
	const complaints = events.includes('updated')
		? sites
				.filter((site) => !firstChanges.has(site))
				.map((site) => `LOST: the changes of site ${site} were never read`)
		: [];
	return [
		...complaints,
		...verdict(alerts.rows, judge, {
			events,
			created: (row) => place.mustEmit(row),
			recurred: (row) => {
				if (
					row.odd ||
					history.missed ||
					isShuffled ||
					row.recurredAt === 0 ||
					!(row.recurredAt > (firstGood.get(row.site) ?? Infinity))
				)
					return false;
				const fromStart = history.isFromStart(row);
				if (fromStart === true && !events.includes('created'))
					return row.knownAt !== null && row.recurredAt > row.knownAt;
				return fromStart !== null;
			},
			updated: (row) => {
				if (
					row.odd ||
					history.missed ||
					isShuffled ||
					server === 'ignoresOffset' ||
					place.has('capOffset') ||
					row.changedAt === 0
				)
					return false;
				return (
					row.changed > row.dateIn &&
					row.changedAt > (firstChanges.get(row.site) ?? Infinity) + MINUTE
				);
			},
			outOfReach: (row, ...times) => history.isOutOfReach(row, ...times),
		}),
	];
}

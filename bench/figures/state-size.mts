import type { AlertQuery } from '../../nodes/shared/api/types.ts';
import { SitePoll } from '../../nodes/shared/feed/site-poll.ts';
import { freshState, unpackState } from '../../nodes/shared/feed/state.ts';
import type { Chapter } from '../figure.mts';
import { atMost, count, kilobytes, told } from '../figure.mts';

const LIMIT = 40 * 1024;
const MISSING = 0.01;
const POLLS = 1_000;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const START = Date.UTC(2026, 0, 1);
const SITE = { server: 'https://cynet.invalid', clientId: '1001' };

/** What is kept of a site that has had very many alerts. */
export async function stateSize(): Promise<Chapter> {
	const million = sizesAfter(1_000_000);
	const ten = sizesAfter(10_000_000);
	return {
		title: 'The size of the state',
		figures: [
			atMost(
				'State of a site after 1,000,000 alerts, 1 % of the ids missing',
				million.last,
				LIMIT,
				kilobytes,
			),
			told('… the largest on the way there', kilobytes(million.largest)),
			atMost(
				'State of a site after 10,000,000 alerts, 1 % of the ids missing',
				ten.last,
				LIMIT,
				kilobytes,
			),
			told('… the largest on the way there', kilobytes(ten.largest)),
		],
		notes: [
			`Measured: the state as n8n stores it after ${count(POLLS)} polls. The feed is given its pages directly, and each poll unpacks what the one before packed. Which ids are missing is drawn at random, with the same seed each time.`,
			'When the state would grow beyond its bound, the oldest gaps between the ids are closed: an alert with such an id, should it ever come, would not be new.',
		],
	};
}

/** Bytes of the packed state after so many alerts, and of the largest. */
function sizesAfter(alerts: number): { last: number; largest: number } {
	const random = randomOf(1);
	let packed: string | null = null;
	let largest = 0;
	let id = 0;
	const perPoll = alerts / POLLS;
	for (let emitted = 0, now = START; emitted < alerts; emitted += perPoll, now += 15 * MINUTE) {
		const stamp = new Date(now).toISOString();
		const rows = Array.from({ length: perPoll }, () => {
			do id++;
			while (random() < MISSING);
			return { ClientDbId: id, DateIn: stamp, LastSeen: stamp };
		});
		packed = onePoll(packed, rows, now + 1000);
		largest = Math.max(largest, packed.length);
	}
	return { last: Buffer.byteLength(packed!), largest };
}

function onePoll(packed: string | null, rows: readonly unknown[], now: number): string {
	const stored = packed === null ? null : unpackState(packed, SITE);
	if (stored !== null && stored.kind !== 'ok') throw new Error(`The state is ${stored.kind}`);
	const poll = new SitePoll(SITE, stored?.state ?? freshState(), {
		now,
		activeFor: now - START,
		lookback: DAY,
		overlap: 10 * MINUTE,
		sweep: DAY,
		pageSize: rows.length + 1,
		events: ['created'],
		wanted: () => true,
		maxAlerts: 50_000,
	});
	for (let query: AlertQuery | null = poll.next(); query !== null; query = poll.next())
		poll.take(query, { rows, clocks: { stated: now, date: null }, conclusive: true, warnings: [] });
	if (poll.alerts.length !== rows.length)
		throw new Error(`${poll.alerts.length} alerts of ${rows.length} were emitted`);
	return poll.pack();
}

/** Mulberry32: the same numbers in [0, 1) for the same seed. */
function randomOf(seed: number): () => number {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
	};
}

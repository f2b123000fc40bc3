import { expect } from 'vitest';
import { Collector, MINUTE, SITE } from './collector.mts';

const NOON = Date.UTC(2026, 5, 1, 12);

/** The same sequence in every run. */
function shuffled(count: number): number[] {
	const list = Array.from({ length: count }, (_, i) => i);
	for (let i = count - 1, seed = 1; i > 0; i--) {
		seed = (seed * 48_271) % 0x7fffffff;
		const j = seed % (i + 1);
		[list[i], list[j]] = [list[j]!, list[i]!];
	}
	return list;
}

const ORDERS: Record<string, (count: number) => number[]> = {
	'oldest first': (count) => Array.from({ length: count }, (_, i) => i),
	'newest first': (count) => Array.from({ length: count }, (_, i) => count - 1 - i),
	'in no order': shuffled,
};

/** Polls a minute apart, a thousand alerts at most in each, until a quarter of an hour brought nothing. */
export function readAll(order: string, count: number, idOf: (i: number) => number | string) {
	const newest = NOON - MINUTE;
	const rows = ORDERS[order]!(count).map((i) => {
		const stamp = new Date(newest - (count - i) * 500).toISOString();
		return { ClientDbId: idOf(i), DateIn: stamp, LastSeen: stamp };
	});
	let now = NOON;
	let rowsSent = 0;
	const collector = new Collector(
		({ since, offset, limit }) => {
			// The walk asks from before the oldest; what comes after it asks for less, and is given nothing.
			const page = since < newest - count * 500 ? rows.slice(offset, offset + limit) : [];
			rowsSent += page.length;
			return { rows: page, clocks: { stated: now, date: null }, conclusive: true, warnings: [] };
		},
		() => now,
		{ lookback: 24 * 60 * MINUTE, sweep: 0 },
	);
	let whenAllWasOut = 0;
	let largest = 0;
	for (let quiet = 0; quiet < 15; now += MINUTE) {
		const keys = collector.poll();
		expect(keys.length).toBeLessThanOrEqual(1000);
		quiet = keys.length === 0 ? quiet + 1 : 0;
		if (keys.length > 0) whenAllWasOut = rowsSent;
		largest = Math.max(largest, collector.state!.length);
	}
	const expected = rows.map(({ ClientDbId }) => `cynet:${SITE.clientId}:${ClientDbId}`);
	const emitted = new Set(collector.emitted);
	return {
		lost: expected.filter((key) => !emitted.has(key)).length,
		twice: collector.emitted.length - emitted.size,
		rowsAnAlert: whenAllWasOut / count,
		largest,
	};
}

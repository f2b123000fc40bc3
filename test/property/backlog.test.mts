import { describe, expect, it } from 'vitest';
import { readAll } from './backlog.mts';

const SIZE = Number(process.env.FEED_BACKLOG ?? 100_000);

describe(`a backlog of ${SIZE} alerts, a thousand a poll`, () => {
	it.each(['oldest first', 'newest first'])(
		'that the server lists %s is emitted whole, once, at 1.5 rows an alert at most, with a state of 40,000 characters at most',
		(order) => {
			const { lost, twice, rowsAnAlert, largest } = readAll(order, SIZE, (i) => i + 1);
			expect([lost, twice]).toEqual([0, 0]);
			expect(rowsAnAlert).toBeLessThanOrEqual(1.5);
			expect(largest).toBeLessThanOrEqual(40_000);
		},
	);

	it('that the server lists in no order is so, up to 50,000 alerts', () => {
		const { lost, twice, rowsAnAlert, largest } = readAll(
			'in no order',
			Math.min(SIZE, 50_000),
			(i) => i + 1,
		);
		expect([lost, twice]).toEqual([0, 0]);
		expect(rowsAnAlert).toBeLessThanOrEqual(1.5);
		expect(largest).toBeLessThanOrEqual(40_000);
	});

	it('whose ids are texts is so where the server lists it oldest first', () => {
		const { lost, twice, largest } = readAll(
			'oldest first',
			Math.min(SIZE, 10_000),
			(i) => `alert-${i}`,
		);
		expect([lost, twice]).toEqual([0, 0]);
		expect(largest).toBeLessThanOrEqual(40_000);
	});
});

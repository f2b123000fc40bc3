import { describe, expect, it } from 'vitest';
import { readAll } from './backlog.mts';

// With a gap closed its test turns red, and goes where the promise is tested.
describe('known gaps', () => {
	// Half of it taken, the ids are 25,000 ranges: the state closes the oldest gaps, and those are alerts still to come.
	it('a backlog of 100,000 alerts that the server lists in no order is not emitted whole', () => {
		expect(readAll('in no order', 100_000, (i) => i + 1).lost).toBeGreaterThan(0);
	});

	// 2,700 keys fit into the state: what was born before the newest that is forgotten counts as seen.
	it('a backlog of 5,000 alerts whose ids are texts, listed newest first, is not emitted whole', () => {
		expect(readAll('newest first', 5000, (i) => `alert-${i}`).lost).toBeGreaterThan(0);
	});
});

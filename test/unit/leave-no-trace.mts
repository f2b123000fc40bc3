import { afterAll, expect } from 'vitest';
import { clock } from '../../nodes/shared/clock.ts';

/** What the files of this project share, for they run one after the other in one process. */
const shared = () => ({
	clock: { ...clock },
	zone: process.env.TZ,
	globals: [Date, Math.random, RegExp, RegExp.prototype.test, URL, URL.canParse, fetch],
	timers: [setTimeout, setInterval, setImmediate, performance.now],
});
const before = shared();

// The first hook of a file is its last at the end: what the file cleans up is clean by now.
afterAll(() => {
	expect(shared(), 'What this file changed, it must set back').toEqual(before);
});

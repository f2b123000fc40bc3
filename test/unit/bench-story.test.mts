import { describe, expect, test } from 'vitest';
import { storyOf } from '../../bench/alternatives/story.mts';

const MINUTE = 60_000;

describe.each([9, 13, 30])(
	'the story of %i minutes that all contestants of the comparison live through',
	(minutes) => {
		const { events, overlapMinutes } = storyOf(minutes);
		const at = (act: string): number => events.find((event) => event.act === act)!.atMs;

		test('shows no alert later than all of them read back', () => {
			const late = events.map(({ lateMs = 0 }) => lateMs);
			expect(Math.max(...late)).toBeGreaterThan(0);
			expect(Math.max(...late)).toBeLessThan(overlapMinutes * MINUTE);
		});

		test('has an outage that is longer than all of them read back, and time after it', () => {
			expect(at('recovery') - at('outage')).toBeGreaterThan(overlapMinutes * MINUTE);
			expect(at('recovery')).toBeLessThan(minutes * MINUTE);
		});

		test('has a restart and an expiry while alerts come and the API answers', () => {
			for (const act of ['restart', 'expiry']) {
				expect(at(act)).toBeGreaterThan(0);
				expect(at(act)).toBeLessThan(at('outage'));
			}
		});

		test('tells what happens in the order of time', () => {
			expect(events.map(({ atMs }) => atMs)).toEqual(
				events.map(({ atMs }) => atMs).sort((a, b) => a - b),
			);
		});
	},
);

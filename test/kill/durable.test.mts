import { expect, test } from 'vitest';
import { TIME_LIMIT_MS, killAgainAndAgain } from './kills.mts';

test(
	'on durable cursors kills lose nothing and repeat nothing',
	{ timeout: TIME_LIMIT_MS },
	async () => {
		const { lost, twice, unknown } = await killAgainAndAgain('durable', {
			durable: true,
			options: {},
		});
		expect({ lost, twice, unknown }).toEqual({ lost: 0, twice: 0, unknown: 0 });
	},
);

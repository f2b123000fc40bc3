import { expect, test } from 'vitest';
import { KILLS, TIME_LIMIT_MS, killAgainAndAgain } from './kills.mts';

test(
	'the default path: what kills cost is reported, and the trigger lives on',
	{ timeout: TIME_LIMIT_MS },
	async () => {
		const { raised, lost, unknown } = await killAgainAndAgain('default', {
			durable: false,
			options: {},
		});
		expect(unknown).toBe(0);
		// n8n saves the cursor before the execution: a kill between the two loses that batch, and no more than that.
		expect(raised - lost).toBeGreaterThan(raised / 2);
		expect(KILLS).toBeGreaterThan(0);
	},
);

import { expect, test } from 'vitest';
import { TIME_LIMIT_MS, killAgainAndAgain } from './kills.mts';

test(
	'the default path with Replay After Restart loses nothing to kills',
	{ timeout: TIME_LIMIT_MS },
	async () => {
		const { lost, unknown } = await killAgainAndAgain('replay', {
			durable: false,
			options: { replayAfterRestart: true },
		});
		expect({ lost, unknown }).toEqual({ lost: 0, unknown: 0 });
	},
);

import { test } from 'vitest';
import { liveThroughADay, TIME_LIMIT_MS } from './day.mts';
import { judge } from './judge.mts';
import { note } from './report.mts';

test(
	'a day in queue mode loses nothing, repeats nothing and keeps nothing to itself',
	{ timeout: TIME_LIMIT_MS },
	async () => {
		const outcome = await liveThroughADay('queue');
		await note('queue', outcome);
		judge(outcome);
	},
);

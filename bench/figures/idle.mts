import { startSimulator } from '../../simulator/simulator.mts';
import { clock } from '../built.mts';
import type { Chapter } from '../figure.mts';
import { atMost, count, told } from '../figure.mts';
import { spreadOf } from '../rounds.mts';
import { makeTrigger } from '../trigger.mts';

const MINUTE = 60_000;
const HOURS = 24;
const EXCHANGES_LIMIT = 27;

interface Day {
	/** Requests of a poll, token exchanges aside: the median, as no sweep is in it. */
	readonly perPoll: number;
	/** The same of the busiest hour, with its sweep. */
	readonly busiest: number;
	readonly perHour: number;
	readonly exchanges: number;
}

/** What a trigger asks for while little happens. */
export async function idle(): Promise<Chapter> {
	const quiet = await day({ history: 0, perHour: 0 });
	const aPage = await day({ history: 90, perHour: 0 });
	const busy = await day({ history: 24 * 60, perHour: 60 });
	return {
		title: 'An idle day, with a poll a minute',
		figures: [
			atMost(
				'Requests of a poll without new alerts',
				Math.max(quiet.perPoll, aPage.perPoll),
				1,
				count,
			),
			told('… in an hour of 60 polls, with the sweep', count(quiet.busiest)),
			told('… with 90 alerts of the day before', count(aPage.busiest)),
			told(
				'Requests in an hour with a new alert a minute',
				`${busy.perHour.toFixed(1)} on average, ${count(busy.busiest)} at most`,
			),
			atMost(
				'Token exchanges in that day',
				Math.max(quiet.exchanges, aPage.exchanges, busy.exchanges),
				EXCHANGES_LIMIT,
				count,
			),
		],
		notes: [
			"Measured: 24 hours in virtual time, after the first poll, with the options' defaults; exact and the same each time. Token exchanges are not among the requests.",
			'Once an hour a poll sweeps: it reads the last day again, for alerts that the API showed late. That costs a request or two on a site with less than a page of them, and the pages of 1,440 rows with an alert a minute.',
		],
	};
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** A day of polls, begun with alerts of the day before. */
async function day({ history, perHour }: { history: number; perHour: number }): Promise<Day> {
	let now = Date.UTC(2026, 5, 1, 12);
	const real = { ...clock };
	clock.now = () => now;
	const simulator = await startSimulator({ now: () => now });
	try {
		if (history > 0)
			simulator.fill(history, {
				at: now - HOURS * 60 * MINUTE,
				spacingMs: (HOURS * 60 * MINUTE) / history,
			});
		const trigger = makeTrigger({ url: simulator.url, options: { maxAlerts: 50_000 } });
		await trigger.activate();
		// The first reading and its confirmation are behind it.
		for (let minute = 0; minute < 60; minute++, now += MINUTE) await trigger.poll();
		const start = now;
		const exchangesBefore = simulator.ledger.exchanges;
		const requests = Array.from({ length: HOURS * 60 }, () => 0);
		simulator.settings.onRequest = ({ path, at }) => {
			if (path.startsWith('/api/alerts')) requests[Math.floor((at - start) / MINUTE)]!++;
		};
		for (let minute = 0; minute < HOURS * 60; minute++, now += MINUTE) {
			if (perHour > 0 && minute % (60 / perHour) === 0) simulator.fill(1);
			await trigger.poll();
		}
		return {
			perPoll: spreadOf(requests).median,
			busiest: Math.max(
				...Array.from({ length: HOURS }, (_, hour) =>
					sumOf(requests.slice(hour * 60, (hour + 1) * 60)),
				),
			),
			perHour: sumOf(requests) / HOURS,
			exchanges: simulator.ledger.exchanges - exchangesBefore,
		};
	} finally {
		await simulator.close();
		Object.assign(clock, real);
	}
}

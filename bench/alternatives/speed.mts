import { until } from '../../host/wait.mts';
import type { Key } from './contestants.mts';
import type { Entrant, Finished, Ground } from './ground.mts';

export const PAGE_SIZE = 1_000;
/** Rounds that are not counted: until then code is compiled and caches fill. */
const WARM_UP = 1;

/** Alerts a second in one round, by contestant. */
export type Round = Readonly<Record<Key, number>>;

/** In turn, forwards in even minutes and backwards in odd ones. */
const CRONS: Readonly<Record<Key, readonly string[]>> = {
	hand: ['0 */2 * * * *', '36 1-59/2 * * * *'],
	bare: ['12 */2 * * * *', '24 1-59/2 * * * *'],
	ours: ['24 */2 * * * *', '12 1-59/2 * * * *'],
	verbatim: ['36 */2 * * * *', '0 1-59/2 * * * *'],
};
/** A round begins in these seconds of the minute before its turns. */
const BEGIN = { from: 46, to: 55 };
const MINUTE = 60_000;
const minuteNow = (): number => Math.floor(Date.now() / MINUTE);

/** The rounds with so many alerts a poll. One contestant polls at a time, and finds nothing but new alerts. */
export async function race(
	ground: Ground,
	alerts: number,
	rounds: number,
	say: (line: string) => void,
): Promise<Round[]> {
	const entrants = await ground.enter(Object.keys(CRONS) as Key[], (key) => ({
		crons: CRONS[key],
		pageSize: PAGE_SIZE,
		overlapMinutes: 10,
		maxAlerts: 50_000,
	}));
	try {
		const speeds: Round[] = [];
		for (let round = -WARM_UP; round < rounds; round++) {
			await minuteBefore(round);
			const speed = await raceOnce(ground, entrants, alerts);
			say(
				`  ${alerts} alerts, ${round < 0 ? 'warm-up' : `round ${round + 1}`}: ${Object.entries(
					speed,
				)
					.map(([key, value]) => `${key} ${Math.round(value)}/s`)
					.join(', ')}`,
			);
			if (round >= 0) speeds.push(speed);
		}
		return speeds;
	} finally {
		await ground.leave(entrants);
	}
}

/** Waits for the end of a minute. The one that follows is even for an even round. */
async function minuteBefore(round: number): Promise<void> {
	await until(
		'a round may begin',
		() => {
			const second = (Date.now() % MINUTE) / 1000;
			const isEven = minuteNow() % 2 !== 0;
			return second >= BEGIN.from && second < BEGIN.to && isEven === (round % 2 === 0);
		},
		{ limitMs: 3 * MINUTE },
	);
}

async function raceOnce(
	ground: Ground,
	entrants: readonly Entrant[],
	alerts: number,
): Promise<Round> {
	const before = (await ground.finished()).length;
	const minute = minuteNow();
	for (const entrant of entrants) await raise(entrant, alerts);
	if (minuteNow() !== minute)
		throw new Error(
			'The turns began before all alerts were there: this machine is too slow or too busy for the comparison',
		);
	const finished = await until(
		`all have emitted ${alerts} alerts`,
		async () => {
			const since = (await ground.finished()).slice(before);
			const found = entrants.map(({ workflowId }) =>
				since.find((execution) => execution.workflowId === workflowId && execution.items > 0),
			);
			return found.every((execution) => execution !== undefined) && found;
		},
		{
			limitMs: 3 * MINUTE,
			everyMs: 500,
			seen: async () => (await ground.finished()).slice(before),
		},
	);
	const turns = entrants.map((entrant, index) => turnOf(entrant, finished[index]!, alerts));
	checkApart(turns);
	return Object.fromEntries(
		turns.map(({ key, from, to }) => [key, (alerts * 1000) / (to - from)]),
	) as Record<Key, number>;
}

/** The site shows so many alerts that were not there before, and no others. */
async function raise({ simulator }: Entrant, alerts: number): Promise<void> {
	simulator.reset();
	simulator.fill(alerts);
	await drawRows(simulator.url, simulator.settings);
	simulator.ledger.reset();
}

/**
 * Asks for the rows once: the simulator draws an alert when it is first asked for, and a real
 * server has them in its database.
 */
async function drawRows(
	url: string,
	{ username, password, sites }: { username: string; password: string; sites: string[] },
): Promise<void> {
	const login = await fetch(`${url}/api/account/token`, {
		method: 'POST',
		body: JSON.stringify({ user_name: username, password }),
	});
	const { access_token } = (await login.json()) as { access_token: string };
	await (
		await fetch(`${url}/api/alerts`, { headers: { access_token, client_id: sites[0]! } })
	).text();
}

interface Turn {
	readonly key: Key;
	readonly from: number;
	readonly to: number;
}

/** From the first request of the poll to the end of its execution, by this machine's clock. */
function turnOf(
	{ contestant: { key, name }, simulator }: Entrant,
	{ status, items, at }: Finished,
	alerts: number,
): Turn {
	if (status !== 'success' || items !== alerts)
		throw new Error(`${name} emitted ${items} alerts of ${alerts} (${status})`);
	return { key, from: simulator.ledger.requests[0]!.at, to: at };
}

function checkApart(turns: readonly Turn[]): void {
	const inTime = [...turns].sort((a, b) => a.from - b.from);
	const disturbed = inTime.find(({ from }, index) => index > 0 && from < inTime[index - 1]!.to);
	if (disturbed)
		throw new Error(
			`${disturbed.key} began before the one before it had ended: this machine is too slow or too busy for the comparison`,
		);
}

import fc from 'fast-check';
import { expect, test } from 'vitest';

import type { Settings } from '../../simulator/simulator.mts';
import { answersIn, figuresIn, setScene, SITE, type Scene } from './diagnose-server.mts';

const RUNS = Number(process.env.DIAGNOSE_RUNS ?? 60);
const HOUR = 3600_000;
const ALERTS = 130;

const traits = fc.record({
	order: fc.constantFrom('ascending', 'descending', 'byId', 'byDateChanged'),
	boundary: fc.constantFrom('inclusive', 'exclusive'),
	precision: fc.constantFrom('s', 'ms'),
	maxLimit: fc.constantFrom(0, 0, 25, 50, 100),
	beyondMaxLimit: fc.constantFrom('cut', 'cut', 400),
	offsetUnit: fc.constantFrom('row', 'page'),
	offsetBase: fc.constantFrom(0, 1),
	ignoresOffset: fc.constantFrom(false, false, false, true),
	maxOffset: fc.constantFrom(0, 0, 30, 70),
	beyondMaxOffset: fc.constantFrom('empty', 400),
	queryZoneMinutes: fc.constantFrom(0, 0, 0, 120, -300, 345),
	stampZone: fc.constantFrom('+00:00', 'Z', 'none'),
	singleToken: fc.boolean(),
	tokenHeader: fc.constantFrom('own', 'any'),
	logins: fc.constantFrom('both', 'both', 'accountToken', 'v2Login'),
	tokenEnd: fc.constantFrom('401', '403', '419', 'invalidToken', 'loginPage', 'redirect'),
	foreignSite: fc.constantFrom('refused', 'empty'),
	countBy: fc.constantFrom('DateChanged', 'LastSeen', 'nothing'),
	tags: fc.constantFrom('empty', 'texts', 'objects'),
	techniques: fc.constantFrom('empty', 'texts', 'objects'),
	sha256: fc.constantFrom('base64', 'hex'),
	addressBytes: fc.constantFrom('highFirst', 'lowFirst'),
	hostTwins: fc.constantFrom(0, 2),
	unknownName: fc.constantFrom('missing', 'empty'),
	longIds: fc.boolean(),
	syncTime: fc.constantFrom('iso', 'missing', 'null', 'malformed', 'endOfTime'),
	recurrenceMovesDateChanged: fc.boolean(),
	seed: fc.integer({ min: 1, max: 1000 }),
}) satisfies fc.Arbitrary<Partial<Settings> & { seed: number }>;

type Traits = typeof traits extends fc.Arbitrary<infer T> ? T : never;

/** Alerts of some hours, two of which have recurred and one of which was changed. */
function fill({ simulator, time }: Scene): void {
	const first = time.now - 3 * HOUR + 137;
	const raised = simulator.raise(ALERTS, { at: first, spacingMs: 61_000 });
	const at = time.now - 20 * 60_000 + 137;
	for (const place of [40, 10]) simulator.recur(SITE, raised[place]!.ClientDbId, at + place * 1000);
	simulator.change(SITE, raised[5]!.ClientDbId, 1, at + 90_000);
}

const OFFSETS = { row: ['row0', 'row1'], page: ['page0', 'page1'] } as const;

/** What has to be answered; `undecided` may stand for it where `may` says so. */
function expected(set: Traits): Record<string, string> {
	const { logins } = set;
	const isCapped = set.maxLimit > 0;
	const isFar = set.maxOffset > 0 && !set.ignoresOffset;
	const answers: Record<string, string> = {
		login: logins,
		header: set.tokenHeader === 'any' ? 'anyHeader' : 'ownHeader',
		oneToken: logins !== 'both' ? 'undecided' : set.singleToken ? 'ended' : 'lives',
		unknownToken: { loginPage: 'page', redirect: 'redirect' }[set.tokenEnd as string] ?? 'refused',
		noClientId: 'refused',
		foreignClientId: set.foreignSite,
		envelope: set.syncTime,
		order: set.order,
		readings: 'same',
		offset: set.ignoresOffset ? 'ignored' : OFFSETS[set.offsetUnit][set.offsetBase as 0 | 1],
		limit: isCapped ? 'capped' : 'uncapped',
		unpaged: 'same',
		zone: set.queryZoneMinutes === 0 ? 'same' : 'shifted',
		tags: set.tags,
		techniques: set.techniques,
		sha256: set.sha256,
		ids: 'rising',
		details: 'json',
		fields: 'known',
		codes: 'known',
		dates: 'same',
		hostNames: set.hostTwins > 0 ? 'repeated' : 'unique',
		inventedHost: set.unknownName,
		inventedUser: set.unknownName,
		inventedFile: 'empty',
		rate: 'works',
	};
	if (!set.ignoresOffset) answers.offsetCap = isFar ? 'capped' : 'uncapped';
	if (set.queryZoneMinutes === 0) {
		answers.boundary = set.boundary;
		answers.formats = 'same';
	} else if (set.precision === 's') answers.boundary = set.boundary;
	if (!isCapped) {
		answers.dateChanged = set.recurrenceMovesDateChanged ? 'moves' : 'stays';
		if (set.queryZoneMinutes === 0)
			answers.count = { DateChanged: 'changedSince', LastSeen: 'seenSince', nothing: 'ignored' }[
				set.countBy
			];
	}
	return answers;
}

test('the verdicts equal the settings of the server, and no more than 60 requests are sent', async () => {
	await fc.assert(
		fc.asyncProperty(traits, fc.constantFrom('accountToken', 'v2Login'), async (set, scheme) => {
			const scene = await setScene(set as never);
			try {
				fill(scene);
				const diagnosed = await scene.diagnose(
					{ foreignClientId: '77' },
					{ authentication: scheme },
				);
				const answers = answersIn(diagnosed);
				const wanted = expected(set as Traits);
				const got = Object.fromEntries(Object.keys(wanted).map((id) => [id, answers[id]]));
				// What cannot be told by these alerts may stay undecided, but is never wrong.
				// A page of the list can fit several orders.
				if (set.maxLimit > 0 && answers.order === 'ascending') got.order = wanted.order;
				for (const id of ['boundary', 'zone', 'formats', 'count', 'dateChanged', 'limit'])
					if (got[id] === 'undecided' && isHard(set as Traits)) got[id] = wanted[id];
				expect(got).toEqual(wanted);
				expect(['undecided', set.addressBytes]).toContain(answers.alertIp);
				const figures = figuresIn(diagnosed);
				if (answers.zone === 'shifted') expect(figures.zone!.minutes).toBe(set.queryZoneMinutes);
				if (answers.offsetCap === 'capped') {
					expect(figures.offsetCap!.from).toBeLessThan(set.maxOffset);
					expect(figures.offsetCap!.to).toBeGreaterThanOrEqual(set.maxOffset - set.offsetBase);
				}
				expect(scene.simulator.ledger.requests.length).toBeLessThanOrEqual(60);
			} finally {
				await scene.close();
			}
		}),
		{ numRuns: RUNS },
	);
});

const isHard = ({ maxLimit, order, queryZoneMinutes }: Traits): boolean =>
	maxLimit > 0 || (queryZoneMinutes !== 0 && order !== 'ascending');

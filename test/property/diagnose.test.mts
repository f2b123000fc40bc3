import { isDeepStrictEqual } from 'node:util';

import fc from 'fast-check';
import { expect, test } from 'vitest';

import { ALERT_FIELDS, isPublic } from '../../nodes/shared/diagnose/vocabulary.ts';
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
	beyondMaxLimit: fc.constantFrom<'cut' | number>('cut', 'cut', 400),
	offsetUnit: fc.constantFrom('row', 'page'),
	offsetBase: fc.constantFrom<0 | 1>(0, 1),
	ignoresOffset: fc.constantFrom(false, false, false, true),
	maxOffset: fc.constantFrom(0, 0, 30, 70),
	beyondMaxOffset: fc.constantFrom<'empty' | number>('empty', 400),
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

const isLogin = (path: string) => path === '/api/account/token' || path.endsWith('login');

/** What fails for a moment: any answer that proves nothing. */
const PASSING = ['status', 'reset', 'half', 'truncated', 'emptyBody', 'page'] as const;

test.each([0, 3])(
	'a server that fails once makes no answer wrong, and costs nothing but at a login or at a second try (kinds moved by %i)',
	async (shift) => {
		const settings = { singleToken: true, maxLimit: 50, hostTwins: 1 };
		const calm = await setScene(settings);
		fill(calm);
		const options = { foreignClientId: '77', remediationIds: ['1'] };
		const truth = answersIn(await calm.diagnose(options));
		const asked = calm.simulator.ledger.requests.map(({ path, query }) => ({ path, query }));
		await calm.close();
		expect(Object.values(truth)).not.toContain(undefined);

		for (const [skip, { path }] of asked.entries()) {
			const scene = await setScene(settings);
			try {
				fill(scene);
				const kind = PASSING[(skip + shift) % PASSING.length]!;
				scene.simulator.faults.add({ kind, skip });
				const answers = answersIn(await scene.diagnose(options));
				const others = Object.keys(truth).filter((id) => answers[id] !== truth[id]);
				const wrong = others.filter((id) => answers[id] !== 'undecided');
				// An empty answer was asked for once more already.
				const isRepeat = isDeepStrictEqual(asked[skip], asked[skip - 1]);
				const lost = isLogin(path) || isRepeat ? [] : others;
				expect({ kind, path, skip, wrong, lost }).toMatchObject({ wrong: [], lost: [] });
				expect(others.length).toBeLessThanOrEqual(4);
				expect(scene.simulator.ledger.requests.length).toBeLessThanOrEqual(60);
			} finally {
				await scene.close();
			}
		}
	},
);

test.each(['/api/alerts', '/api/alerts/count', '/api/hosts', '/api/users', '/api/full/*'])(
	'a server that never answers %s is asked all else',
	async (path) => {
		const scene = await setScene();
		try {
			fill(scene);
			scene.simulator.faults.add({ kind: 'reset', times: 'forever', match: { path } });
			const answers = answersIn(await scene.diagnose());
			expect(answers).toMatchObject({ boundary: 'inclusive', offset: 'row0', rate: 'works' });
		} finally {
			await scene.close();
		}
	},
);

test('whatever a server answers to everything, the diagnosis ends with an item and at most 60 requests', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.constantFrom(
				...PASSING,
				'foreign',
				'noContent',
				'null',
				'html',
				'echoSecrets',
				'redirect',
				'bareArray',
			),
			fc.nat({ max: 12 }),
			fc.jsonValue(),
			async (kind, skip, body) => {
				const scene = await setScene();
				try {
					fill(scene);
					scene.simulator.faults.add({
						kind,
						skip,
						times: 'forever',
						...(kind === 'status' && { status: 200, body }),
					});
					const diagnosed = await scene.diagnose();
					expect(diagnosed.verdicts.length).toBeGreaterThan(30);
					const text = JSON.stringify(diagnosed);
					for (const secret of scene.simulator.secrets()) expect(text).not.toContain(secret);
					expect(scene.simulator.ledger.requests.length).toBeLessThanOrEqual(60);
				} finally {
					await scene.close();
				}
			},
		),
		{ numRuns: RUNS },
	);
});

test.each(['ascending', 'descending', 'byId'] as const)(
	'alerts that come meanwhile make no answer wrong where the order is %s',
	async (order) => {
		const scene = await setScene({ order });
		try {
			fill(scene);
			scene.simulator.settings.onRequest = () => void scene.simulator.raise(1);
			const answers = answersIn(await scene.diagnose());
			expect(answers).toMatchObject({ boundary: 'inclusive', zone: 'same', formats: 'same' });
			expect(answers).toMatchObject({ readings: 'same', unpaged: 'same', order });
			expect(['row0', 'undecided']).toContain(answers.offset);
			expect(['uncapped', 'undecided']).toContain(answers.limit);
			expect(['changedSince', 'undecided']).toContain(answers.count);
		} finally {
			await scene.close();
		}
	},
);

/** Texts that a tenant may have anywhere. */
const text = fc
	.string({ minLength: 4, maxLength: 24 })
	.filter((one) => one.trim().length >= 4 && !isPublic(one.trim()));

test('texts planted in any field, key and name never appear in the item', async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.dictionary(fc.constantFrom(...ALERT_FIELDS), fc.oneof(text, fc.array(text))),
			fc.dictionary(text, text, { maxKeys: 3 }),
			text,
			async (fixed, added, host) => {
				const scene = await setScene();
				try {
					const { ClientDbId: _id, ...fields } = fixed;
					scene.simulator.raise(30, {
						at: scene.time.now - HOUR,
						spacingMs: 61_000,
						...fields,
						...added,
					});
					scene.simulator.changeHosts((hosts) => [{ ...hosts[0]!, HostName: host }, ...hosts]);
					const diagnosed = await scene.diagnose();
					const planted = [...Object.values(fields).flat(), ...Object.entries(added).flat(), host];
					expect(diagnosed.report).not.toBeNull();
					const words = piecesOf(diagnosed.report);
					for (const one of planted)
						expect(words.filter((word) => word.includes(one as string) && !isPublic(word))).toEqual(
							[],
						);
				} finally {
					await scene.close();
				}
			},
		),
		{ numRuns: RUNS },
	);
});

function piecesOf(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [String(value)];
	return Object.entries(value).flatMap(([key, one]) => [key, ...piecesOf(one)]);
}

import type { INodeParameters } from 'n8n-workflow';
import {
	LIES,
	PAGES,
	POISONS,
	TOKEN_ENDS,
	type Fault,
	type FaultKind,
	type PageName,
	type RaiseInput,
	type Settings,
} from '../../../simulator/simulator.mts';
import type { Place } from './place.mts';
import type { Oddity } from './plan.mts';
import type { TraitName } from './switches.mts';
import { DAY, HOUR, MINUTE } from './time.mts';

/** One thing that is odd about a world. `way` and `pick` say which of its kinds it is. */
export interface Trait {
	settings?(way: number): Partial<Settings>;
	options?(way: number): INodeParameters;
	filters?: INodeParameters;
	/** Fields of every alert. */
	fields?(number: number): RaiseInput;
	/** Polls in which an alert that is in time must be emitted; 1 unless given. */
	readonly polls?: number;
	/** What it does, one of these at a time. */
	readonly steps?: ReadonlyArray<(place: Place, oddity: Oddity) => Promise<void> | void>;
}

export const of = <T,>(list: readonly T[], way: number): T => list[way % list.length] as T;

const TRICKLES = [
	{ everyMs: 300 },
	{ everyMs: 5000 },
	{ everyMs: 5000, wholeAfter: 3 },
	{ everyMs: 5000, wholeAfter: 100 },
];
const LISTS = '/api/alerts*';
const LOGINS = '/api/account/token';
const PAGE_NAMES = Object.keys(PAGES) as PageName[];
const LIE_NAMES = Object.keys(LIES) as FaultKind[];
const IDS: readonly RaiseInput[] = [
	{ ClientDbId: 0 },
	{ ClientDbId: -1 },
	{ ClientDbId: 'null' },
	{ ClientDbId: '00000000-0000-0000-0000-000000000000' },
	{ ClientDbId: '' },
	{ ClientDbId: null },
	{ ClientDbId: 1.5 },
	// These two are one to JSON.parse.
	{ idText: '9007199254740993' },
	{ idText: '9007199254740992' },
	{ idText: '18446744073709551615' },
];
const dates = (now: string): readonly RaiseInput[] => [
	{ DateIn: now.slice(0, 19), FirstSeenUtc: '2020-01-01T00:00:00+00:00' },
	{ DateIn: null },
	{ DateIn: '1970-01-01T00:00:00+00:00' },
	{ DateIn: '0001-01-01T00:00:00' },
	{ DateIn: now.slice(0, 19), FirstSeenUtc: null },
	{ DateIn: '2099-01-01T00:00:00+00:00' },
	{ DateIn: '' },
];
const WAITS = [
	Math.floor(Date.UTC(2026, 4, 9, 13) / 1000),
	'9999999999',
	'Fri, 01 May 2099 13:00:00 GMT',
	'2099-05-01T13:00:00Z',
	'-1',
	'1e9',
	86_400,
	400,
];
/** Behind each of these an alert that spoils its page stands alone. */
const around = (place: Place, pick: number, odd: RaiseInput, more: { optional?: boolean } = {}) => {
	const site = of(place.sites, pick);
	place.alerts.raise(site, { count: 1 + (pick % 3) });
	place.alerts.raise(site, { fields: odd, odd: true, ...more });
	place.alerts.raise(site, { count: pick % 2 });
};

const TRAITS: Readonly<Record<TraitName, Trait>> = {
	/** n8n is stopped, the machine sleeps, or the API is away; in between, alerts come. */
	pauses: {
		steps: [
			async (place, { ms, inside }) => {
				place.pass(ms, inside);
				await place.restart();
			},
			(place, { ms, inside }) => place.pass(ms, inside),
			async (place, { ms, inside, pick }) =>
				await place.away(
					of<Fault>(
						[{ kind: 'status', status: 503 }, { kind: 'reset' }, { kind: 'timeout' }],
						pick,
					),
					'/api/*',
					ms,
					{ inside, restarts: pick % 5 === 0 },
				),
		],
	},
	/** Alerts are late by up to the late sweep's depth. What a raise does is in `Place`. */
	late: { options: (way) => ({ lateSweepHours: of([24, 2], way) }) },
	trickle: {
		steps: [
			(place, { pick }) =>
				place.fault({ kind: 'trickle', ...of(TRICKLES, pick), match: { path: LISTS } }),
			async (place, { pick, ms, inside }) =>
				await place.away(
					{ kind: 'trickle', ...of(TRICKLES.slice(0, 2), pick) },
					pick % 3 === 0 ? LOGINS : LISTS,
					ms,
					{ inside, mustSay: true },
				),
		],
	},
	wideWindows: {
		settings: (way) => ({
			widestWindowHours: of([2, 6], way),
			widestWindowStatus: of([500, 504, 403, 400], way),
		}),
		options: () => ({ lookbackHours: 1 }),
	},
	lies: {
		steps: [
			(place, { pick }) =>
				place.fault({
					kind: of(LIE_NAMES, pick),
					match: { path: LISTS },
					times: 1 + (pick % 3),
					skip: pick % 2,
				}),
			async (place, { pick, ms, inside }) =>
				await place.away({ kind: of(LIE_NAMES, pick) }, LISTS, Math.min(ms, 26 * HOUR), {
					inside,
					mustSay: of(LIE_NAMES, pick) !== 'partial',
				}),
		],
	},
	capLimit: { polls: 3, settings: (way) => ({ maxLimit: of([12, 25], way) }) },
	capOffset: {
		polls: 3,
		settings: (way) => ({
			maxOffset: of([40, 60, 100], way),
			beyondMaxOffset: of(['empty', 400, 416, 500] as const, way),
		}),
		steps: [
			(place, { pick }) => place.alerts.raise(of(place.sites, pick), { count: 60 + (pick % 90) }),
		],
	},
	/** Two clocks in one answer. */
	clocks: {
		settings: (way) =>
			of<Partial<Settings>>(
				[
					{ syncTimeOffsetMs: 12 * MINUTE },
					{ syncTimeOffsetMs: 2 * HOUR },
					{ syncTimeOffsetMs: -2 * HOUR },
					{ dateOffsetMs: 2 * HOUR },
					{ dateOffsetMs: -2 * HOUR },
					{ syncTime: 'endOfTime' },
				],
				way,
			),
	},
	tokenEnds: {
		settings: (way) => ({
			tokenEnd: of(TOKEN_ENDS, way),
			tokenLifeMinutes: 15,
			tokenLife: of(['absolute', 'sliding'] as const, way),
		}),
		steps: [(place) => place.endTokens(), (place) => place.pass(16 * MINUTE, [])],
	},
	/** Another client logs in with the same keys. When is in `Place`. */
	sharedUser: { settings: () => ({ singleToken: true }) },
	/** Pages of what stands between, at the lists or at the login. */
	pages: {
		steps: [
			(place, { pick }) =>
				place.fault({
					kind: 'page',
					page: of(PAGE_NAMES, pick),
					match: { path: LISTS },
					times: 1 + (pick % 12),
				}),
			async (place, { pick, ms, inside }) =>
				await place.away(
					{ kind: 'page', page: of(PAGE_NAMES, pick) },
					pick % 4 === 0 ? LOGINS : LISTS,
					Math.min(ms, DAY),
					{ inside, mustSay: true, restarts: pick % 2 === 0 },
				),
		],
	},
	retryAfter: {
		steps: [
			(place, { pick }) =>
				place.fault({
					kind: 'status',
					status: of([429, 503, 403], pick),
					retryAfter: of(WAITS, pick),
					match: { path: pick % 5 === 0 ? LOGINS : LISTS },
					times: 1,
				}),
		],
	},
	/** Rows that spoil their page: each is isolated by halving pages. */
	poison: {
		polls: 8,
		steps: [
			(place, { pick }) => {
				// Of a list without pages, a row that the server fails at cannot be told apart.
				const usable =
					place.server === 'usual' ? POISONS : POISONS.filter((poison) => poison !== 'unservable');
				const poison = of(usable, pick);
				around(place, pick, { poison }, { optional: poison !== 'huge' });
			},
		],
	},
	/** Ids that tell no alert from another; the fingerprint does. */
	identity: {
		steps: [
			(place, { pick }) => {
				for (const next of [0, 0, 1, 7]) around(place, pick, of(IDS, pick + next));
			},
		],
	},
	dates: {
		steps: [
			(place, { pick }) =>
				around(place, pick, of(dates(new Date(place.time.now).toISOString()), pick)),
		],
	},
	/** An endpoint whose clock is wrong by decades stamps an alert. */
	farStamps: {
		steps: [
			(place, { pick }) => {
				const row = of(place.alerts.movable(of(place.sites, pick)), pick);
				if (row)
					place.alerts.move(row, of(['recur', 'change'] as const, pick), Date.UTC(2099, 0, 1));
			},
		],
	},
	severityText: {
		filters: { severities: [4, 5] },
		fields: (number) => ({ Severity: of(['High', 4, 'high', '4', 'Critical', ' HIGH '], number) }),
	},
	/** This machine's clock is set by up to a day, forth or back, at any moment. */
	clockJumps: {
		steps: [
			(place, { pick }) =>
				void (place.time.skew += of([DAY, -DAY, 3 * HOUR, -3 * HOUR, 10 * MINUTE, -MINUTE], pick)),
		],
	},
	replicas: {
		polls: 4,
		settings: (way) => ({ replicaLagMs: of([20_000, 2 * MINUTE, 4 * MINUTE], way) }),
	},
	cache: { settings: (way) => ({ cacheSeconds: of([30, 90, 240], way) }) },
	shuffledTies: { settings: () => ({ shuffledTies: true }) },
};

/** The traits of that name. */
export const traitsOf = (names: readonly TraitName[]): readonly Trait[] =>
	names.map((name) => TRAITS[name]);

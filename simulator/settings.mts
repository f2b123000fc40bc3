import {
	checkFields,
	either,
	flag,
	oneOf,
	optional,
	text,
	texts,
	whole,
	type Checks,
} from './control/checks.mts';
import { TOKEN_ENDS, type TokenEnd } from './api/token-end.mts';
import type { RequestRecord } from './ledger.mts';

/** A request that is not answered yet. */
export interface Arrival {
	readonly path: string;
	readonly clientId: string | null;
	/** Of the client's socket, which tells requests under way apart. */
	readonly port: number;
}

/** How the simulated server behaves. Everything but the address, the clock and the seed can change while it runs. */
export interface Settings {
	/** The sites (client ids) that it knows. */
	sites: string[];
	username: string;
	password: string;
	/** D: 60 by the older page; a tenant's setting, 20 unless changed, since V4.24. */
	tokenLifeMinutes: number;
	/** Whether a token's life begins anew with each request, which no source documents. */
	tokenLife: 'absolute' | 'sliding';
	/** How a request is answered whose token has ended or is not known. */
	tokenEnd: TokenEnd;
	/** D: only the newest token of an account lives, whoever logged in. */
	singleToken: boolean;
	/** The order of a list's rows, which no source documents. */
	order: 'ascending' | 'descending' | 'byId' | 'byDateChanged';
	/** Whether a row stamped exactly at the asked time is listed, which no source documents. */
	boundary: 'inclusive' | 'exclusive';
	/** How finely the stamps made from now on are kept. */
	precision: 's' | 'ms';
	/** The most rows a page holds, whatever `Limit` says; 0 = no cap. */
	maxLimit: number;
	/** How a larger `Limit` is answered: with a page of `maxLimit` rows, or with a status. */
	beyondMaxLimit: 'cut' | number;
	ignoresOffset: boolean;
	/** What `Offset` counts, and from where: clients count rows from 0 (W), the vendor's sample shows 1. */
	offsetUnit: 'row' | 'page';
	offsetBase: 0 | 1;
	/** From this `Offset` on there are no rows to be had; 0 = no cap. */
	maxOffset: number;
	/** How such an `Offset` is answered: with an empty page, or with a status. */
	beyondMaxOffset: 'empty' | number;
	/** A list is refused that begins longer ago; 0 = none is. */
	widestWindowHours: number;
	widestWindowStatus: number;
	/** Every other list comes from a replica that shows rows that much later; its clock is right. */
	replicaLagMs: number;
	/** A cache in front of the API answers the same request with the same answer for so long. */
	cacheSeconds: number;
	/** Rows with the same stamp come in another order each time, as from a database that sorts by the stamp alone. */
	shuffledTies: boolean;
	/** How far east of Greenwich the server reads a time without a zone, in minutes. */
	queryZoneMinutes: number;
	/** How alerts write the zone of their dates: as in the one real alert, as in the sample, or not at all. */
	stampZone: '+00:00' | 'Z' | 'none';
	/** D (0a, 6): an alert that was closed opens again when it recurs; that `DateChanged` moves then is our assumption. */
	reopens: boolean;
	/** Whether a recurrence moves `DateChanged`, which no source documents. */
	recurrenceMovesDateChanged: boolean;
	/** The elements of `Tags` and `MitreDetails`, whose shapes no source shows. */
	tags: 'empty' | 'texts' | 'objects';
	techniques: 'empty' | 'texts' | 'objects';
	/** D for remediations: ids of 64 bits. Here those of alerts as well, beyond what a number of JavaScript holds. */
	longIds: boolean;
	/** Which byte of `AlertIp` is the first: `both` is the highest for half of the alerts. */
	addressBytes: 'both' | 'highFirst' | 'lowFirst';
	sha256: 'base64' | 'hex';
	/** D (0a, 9): so many hosts have a second one of the same name, with another disk. */
	hostTwins: number;
	/** Which logins there are. */
	logins: 'both' | 'accountToken' | 'v2Login';
	/** Whether a token is taken in the header of its own login alone. */
	tokenHeader: 'own' | 'any';
	/** How a Client ID of another customer is answered. */
	foreignSite: 'refused' | 'empty';
	/** What `/api/alerts/count` counts by. */
	countBy: 'DateChanged' | 'LastSeen' | 'nothing';
	/** How the name of a host or user is answered that does not exist. */
	unknownName: 'missing' | 'empty';
	/** False: `/api/alerts/bulk` answers 404, as an older server might. */
	bulk: boolean;
	/** How far the server's clock is ahead of the simulator's `now`, in milliseconds. */
	serverClockOffsetMs: number;
	syncTime: 'iso' | 'missing' | 'null' | 'malformed' | 'endOfTime';
	/** How far `SyncTimeUtc` is ahead of the server's clock, in milliseconds. */
	syncTimeOffsetMs: number;
	/** Whether responses carry a `Date` header (of the server's clock). */
	dateHeader: boolean;
	/** How far `Date` is ahead of the server's clock, in milliseconds. */
	dateOffsetMs: number;
	/** Site GUIDs with the ESPM add-on; any other gets a 403. */
	licensedSiteGuids: string[];
	/** How many remediations it takes in a minute; 0 = any number. */
	actionsPerMinute: number;
	/**
	 * Awaited as each API request arrives: what is the network to a test with a virtual clock. A
	 * request whose client went away meanwhile is not answered.
	 */
	onArrival?: (arrival: Arrival) => Promise<void>;
	/** Called before each API request is answered: here a test moves rows between pages. */
	onRequest?: (record: RequestRecord) => void;
	/**
	 * Waits between two bytes of an answer that trickles, of which so many were sent; false breaks the
	 * answer off. For tests with a virtual clock.
	 */
	pace?: (milliseconds: number, sent: number) => Promise<boolean>;
}

export interface SimulatorOptions extends Partial<Settings> {
	/** 0 = any free port. */
	port?: number;
	host?: string;
	/** The true time in milliseconds since the epoch; a virtual clock in tests. */
	now?: () => number;
	/** The same seed raises the same alerts. */
	seed?: number;
}

const DEFAULTS: Settings = {
	sites: ['1001'],
	username: 'ACCESS-KEY',
	password: 'SECRET-KEY-OF-THE-SIMULATOR',
	tokenLifeMinutes: 60,
	tokenLife: 'absolute',
	tokenEnd: '401',
	singleToken: false,
	order: 'ascending',
	boundary: 'inclusive',
	precision: 's',
	maxLimit: 0,
	beyondMaxLimit: 'cut',
	ignoresOffset: false,
	offsetUnit: 'row',
	offsetBase: 0,
	maxOffset: 0,
	beyondMaxOffset: 'empty',
	widestWindowHours: 0,
	widestWindowStatus: 500,
	replicaLagMs: 0,
	cacheSeconds: 0,
	shuffledTies: false,
	queryZoneMinutes: 0,
	stampZone: '+00:00',
	reopens: false,
	recurrenceMovesDateChanged: false,
	tags: 'empty',
	techniques: 'empty',
	longIds: false,
	addressBytes: 'both',
	sha256: 'base64',
	hostTwins: 0,
	logins: 'both',
	tokenHeader: 'own',
	foreignSite: 'refused',
	countBy: 'DateChanged',
	unknownName: 'missing',
	bulk: true,
	serverClockOffsetMs: 0,
	syncTime: 'iso',
	syncTimeOffsetMs: 0,
	dateHeader: true,
	dateOffsetMs: 0,
	licensedSiteGuids: [],
	actionsPerMinute: 0,
};

const inProcess = {
	expects: 'a function (in-process only)',
	holds: (value: unknown) => value === undefined || typeof value === 'function',
};
/** To the end of what a date can be. */
const offset = whole(-8e15, 8e15);

const CHECKS: Checks = {
	sites: texts,
	username: text,
	password: text,
	tokenLifeMinutes: {
		expects: 'a number of minutes above 0',
		holds: (value) => typeof value === 'number' && value > 0,
	},
	tokenLife: oneOf('absolute', 'sliding'),
	tokenEnd: oneOf(...TOKEN_ENDS),
	singleToken: flag,
	order: oneOf('ascending', 'descending', 'byId', 'byDateChanged'),
	boundary: oneOf('inclusive', 'exclusive'),
	precision: oneOf('s', 'ms'),
	maxLimit: whole(0),
	beyondMaxLimit: either(oneOf('cut'), whole(400, 599)),
	ignoresOffset: flag,
	offsetUnit: oneOf('row', 'page'),
	offsetBase: whole(0, 1),
	maxOffset: whole(0),
	beyondMaxOffset: either(oneOf('empty'), whole(400, 599)),
	widestWindowHours: whole(0),
	widestWindowStatus: whole(400, 599),
	replicaLagMs: whole(0),
	cacheSeconds: whole(0),
	shuffledTies: flag,
	queryZoneMinutes: whole(-14 * 60, 14 * 60),
	stampZone: oneOf('+00:00', 'Z', 'none'),
	reopens: flag,
	recurrenceMovesDateChanged: flag,
	tags: oneOf('empty', 'texts', 'objects'),
	techniques: oneOf('empty', 'texts', 'objects'),
	longIds: flag,
	addressBytes: oneOf('both', 'highFirst', 'lowFirst'),
	sha256: oneOf('base64', 'hex'),
	hostTwins: whole(0),
	logins: oneOf('both', 'accountToken', 'v2Login'),
	tokenHeader: oneOf('own', 'any'),
	foreignSite: oneOf('refused', 'empty'),
	countBy: oneOf('DateChanged', 'LastSeen', 'nothing'),
	unknownName: oneOf('missing', 'empty'),
	bulk: flag,
	serverClockOffsetMs: offset,
	syncTime: oneOf('iso', 'missing', 'null', 'malformed', 'endOfTime'),
	syncTimeOffsetMs: offset,
	dateHeader: flag,
	dateOffsetMs: offset,
	licensedSiteGuids: texts,
	actionsPerMinute: whole(0),
	onArrival: inProcess,
	onRequest: inProcess,
	pace: inProcess,
};

const START_CHECKS: Checks = {
	...Object.fromEntries(Object.entries(CHECKS).map(([field, check]) => [field, optional(check)])),
	port: optional(whole(0, 65_535)),
	host: optional(text),
	now: {
		expects: 'a function',
		holds: (value) => value === undefined || typeof value === 'function',
	},
	seed: optional(whole(0)),
};

const START_ONLY = ['port', 'host', 'now', 'seed'];

/** The settings that a simulator starts with. Throws {@link BadInput} for an option that it cannot take. */
export function settingsOf(options: SimulatorOptions): Settings {
	checkFields(options, START_CHECKS);
	const given = Object.entries(options).filter(
		([field, value]) => value !== undefined && !START_ONLY.includes(field),
	);
	return {
		...DEFAULTS,
		sites: [...DEFAULTS.sites],
		licensedSiteGuids: [],
		...Object.fromEntries(given),
	};
}

/** Changes settings of a running simulator, all of them or, with {@link BadInput}, none. */
export function changeSettings(settings: Settings, patch: unknown): void {
	Object.assign(settings, checkFields(patch, CHECKS));
}

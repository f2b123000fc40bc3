import { checkFields, flag, oneOf, optional, text, texts, whole, type Checks } from './control/checks.mts';
import type { RequestRecord } from './ledger.mts';

/** How the simulated server behaves. Everything but the address, the clock and the seed can change while it runs. */
export interface Settings {
	/** The sites (client ids) that it knows. */
	sites: string[];
	username: string;
	password: string;
	/** D: 60. */
	tokenLifeMinutes: number;
	/** Only the newest token of an account lives. */
	singleToken: boolean;
	/** The order of a list's rows, which no source documents. */
	order: 'ascending' | 'descending' | 'byId' | 'byDateChanged';
	/** Whether a row stamped exactly at the asked time is listed, which no source documents. */
	boundary: 'inclusive' | 'exclusive';
	/** How finely the stamps made from now on are kept. */
	precision: 's' | 'ms';
	/** The most rows a page holds, whatever `Limit` says; 0 = no cap. */
	maxLimit: number;
	ignoresOffset: boolean;
	/** False: `/api/alerts/bulk` answers 404, as an older server might. */
	bulk: boolean;
	/** How far the server's clock is ahead of the simulator's `now`, in milliseconds. */
	serverClockOffsetMs: number;
	syncTime: 'iso' | 'missing' | 'null' | 'malformed';
	/** Whether responses carry a `Date` header (of the server's clock). */
	dateHeader: boolean;
	/** Site GUIDs with the ESPM add-on; any other gets a 403. */
	licensedSiteGuids: string[];
	/** Called before each API request is answered: here a test moves rows between pages. */
	onRequest?: (record: RequestRecord) => void;
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
	singleToken: false,
	order: 'ascending',
	boundary: 'inclusive',
	precision: 's',
	maxLimit: 0,
	ignoresOffset: false,
	bulk: true,
	serverClockOffsetMs: 0,
	syncTime: 'iso',
	dateHeader: true,
	licensedSiteGuids: [],
};

const CHECKS: Checks = {
	sites: texts,
	username: text,
	password: text,
	tokenLifeMinutes: { expects: 'a number of minutes above 0', holds: (value) => typeof value === 'number' && value > 0 },
	singleToken: flag,
	order: oneOf('ascending', 'descending', 'byId', 'byDateChanged'),
	boundary: oneOf('inclusive', 'exclusive'),
	precision: oneOf('s', 'ms'),
	maxLimit: whole(0),
	ignoresOffset: flag,
	bulk: flag,
	serverClockOffsetMs: whole(-8e15, 8e15),
	syncTime: oneOf('iso', 'missing', 'null', 'malformed'),
	dateHeader: flag,
	licensedSiteGuids: texts,
	onRequest: { expects: 'a function (in-process only)', holds: (value) => value === undefined || typeof value === 'function' },
};

const START_CHECKS: Checks = {
	...Object.fromEntries(Object.entries(CHECKS).map(([field, check]) => [field, optional(check)])),
	port: optional(whole(0, 65_535)),
	host: optional(text),
	now: { expects: 'a function', holds: (value) => value === undefined || typeof value === 'function' },
	seed: optional(whole(0)),
};

const START_ONLY = ['port', 'host', 'now', 'seed'];

/** The settings that a simulator starts with. Throws {@link BadInput} for an option that it cannot take. */
export function settingsOf(options: SimulatorOptions): Settings {
	checkFields(options, START_CHECKS);
	const given = Object.entries(options).filter(([field, value]) => value !== undefined && !START_ONLY.includes(field));
	return { ...DEFAULTS, sites: [...DEFAULTS.sites], licensedSiteGuids: [], ...Object.fromEntries(given) };
}

/** Changes settings of a running simulator, all of them or, with {@link BadInput}, none. */
export function changeSettings(settings: Settings, patch: unknown): void {
	Object.assign(settings, checkFields(patch, CHECKS));
}

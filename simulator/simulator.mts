import type { AddressInfo } from 'node:net';
import { Access } from './api/access.mts';
import { alertRoutes } from './api/alerts.mts';
import { Cache } from './api/cache.mts';
import { inventoryRoutes } from './api/inventory.mts';
import { loginRoutes } from './api/login.mts';
import { remediationRoutes } from './api/remediation.mts';
import { balance } from './balance.mts';
import type { Collector } from './collector.mts';
import { controlRoutes } from './control/routes.mts';
import { remediationText } from './control/sentences.mts';
import type { Alert } from './data/alert.mts';
import type { Host } from './data/inventory.mts';
import { Faults } from './faults.mts';
import { PageLog } from './page-log.mts';
import { isLoopback } from './http/origin.mts';
import { makeServer } from './http/server.mts';
import { Ledger, type Report } from './ledger.mts';
import { settingsOf, type Settings, type SimulatorOptions } from './settings.mts';
import { Source } from './source.mts';
import { World, type FixedFields, type RaiseOptions } from './world/world.mts';

export type { Collector, CollectorState } from './collector.mts';
export type { Alert } from './data/alert.mts';
export type { Host } from './data/inventory.mts';
export { POISONS } from './data/poison.mts';
export { EMPTY_ANSWERS, type Fault, type FaultKind } from './faults.mts';
export { LIES } from './http/lies.mts';
export { PAGES, type PageName } from './http/pages.mts';
export { TOKEN_ENDS, type TokenEnd } from './api/token-end.mts';
export type { Report, RequestRecord } from './ledger.mts';
export type { Arrival, Settings, SimulatorOptions } from './settings.mts';

export type RaiseInput = FixedFields & RaiseOptions;

/** A Cynet 360 on loopback. */
export interface Simulator {
	/** Its address without a slash at the end. */
	readonly url: string;
	/** Takes effect with the next request. */
	readonly settings: Settings;
	readonly faults: Faults;
	readonly ledger: Ledger;
	readonly source: Source;
	/** What the page tells under "What happened". */
	readonly pageLog: PageLog;
	/** What runs beside it and may be watched and killed from the page; null = nothing. */
	collector: Collector | null;
	/** When the server's clock was last set back, in true time; -Infinity = never. */
	readonly setBackAt: number;
	/** What was raised, has arrived, waits, is lost or came twice, judged as {@link balance} says. */
	balance(): Report;
	/** The server's clock from now on shows so much more, or less. */
	jump(ms: number): void;
	/** The server's clock, milliseconds since the epoch. */
	serverNow(): number;
	/** Raises alerts and returns them as the API shows them. */
	raise(count?: number, alert?: RaiseInput): Alert[];
	/**
	 * As {@link raise}, without making the alerts' objects: for a hundred thousand of them. Returns
	 * the first and the last number drawn: their `ClientDbId`, unless that is fixed. `arrived` is
	 * called once, when all of them were delivered.
	 */
	fill(
		count: number,
		alert?: RaiseInput,
		arrived?: () => void,
	): { site: string; firstId: number; lastId: number };
	/** The alert happens again: `LastSeen` moves, `ClientDbId` stays. `at` is in the server's time. */
	recur(site: string, id: number | string, at?: number): void;
	/** Someone changes the alert: `Status` and `DateChanged` move. */
	change(site: string, id: number | string, status?: number, at?: number): void;
	/**
	 * Hosts of a site, the first unless given: a second one of a name, more than one address, an
	 * address that moves. Alerts raised before keep theirs.
	 */
	changeHosts(change: (hosts: readonly Host[]) => readonly Host[], site?: string): void;
	/** Every token issued so far is refused from now on. */
	expireTokens(): void;
	/** Another client logs in with the same keys: with `singleToken` the tokens before it end. */
	logInElsewhere(): void;
	/** The password and all tokens issued: what no log, error or item may hold. */
	secrets(): string[];
	/** No alerts, no faults, an empty ledger, no source; settings and tokens stay, ids go on. */
	reset(): void;
	/** Closes the server and every open connection. */
	close(): Promise<void>;
}

type Mutable<T> = { -readonly [Field in keyof T]: T[Field] };

/** What answers requests; the server is around it. */
export type Running = Omit<Simulator, 'url' | 'close'>;

/** Starts a simulator. Throws {@link BadInput} for options that it cannot take. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
	const settings = settingsOf(options);
	const { port = 0, host = '127.0.0.1', now = Date.now, seed = 1 } = options;
	const world = new World(settings, now, seed);
	const pageLog = new PageLog(now);
	const access = new Access(settings, now, () =>
		pageLog.add('note', 'Someone logged in: a new token was issued.'),
	);
	const faults = new Faults(now, (_, at) =>
		pageLog.add('good', 'The outage is over; requests are answered again.', { at }),
	);
	const ledger = new Ledger(now);
	const cache = new Cache(settings, now);

	const raiseRows = (count: number, input: RaiseInput, arrived?: () => void) => {
		const {
			site,
			at,
			spacingMs,
			visibleAt,
			json,
			idText,
			poison,
			expected = !idText && !poison,
			...fixed
		} = input;
		const raised = world.raise(
			count,
			{ site, at, spacingMs, visibleAt, json, idText, poison },
			fixed,
		);
		const keys: string[] = [];
		for (const row of expected ? raised.rows : []) {
			const key = world.keyOf(raised.site, row);
			if (key === undefined) continue;
			ledger.expect(key, row.visibleAt);
			keys.push(key);
		}
		if (arrived) ledger.whenDelivered(keys, arrived);
		return raised;
	};
	let turn = 0;
	const source = new Source(
		(count) => void raiseRows(count, { site: settings.sites[turn++ % settings.sites.length] }),
	);

	const simulator: Mutable<Running> = {
		settings,
		faults,
		ledger,
		source,
		pageLog,
		collector: null,
		setBackAt: -Infinity,
		balance: () => balance(ledger, now(), simulator.collector?.state() ?? null),
		jump: (ms) => {
			settings.serverClockOffsetMs += ms;
			if (ms < 0) simulator.setBackAt = now();
		},
		serverNow: () => world.serverNow(),
		raise: (count = 1, input = {}) => {
			const { site, rows } = raiseRows(count, input);
			return rows.map((row) => world.alert(site, row));
		},
		fill: (count, input = {}, arrived) => {
			const { site, rows } = raiseRows(count, input, arrived);
			return { site, firstId: rows[0]?.number ?? 0, lastId: rows.at(-1)?.number ?? 0 };
		},
		recur: (site, id, at) => world.recur(site, id, at),
		change: (site, id, status, at) => world.change(site, id, status, at),
		changeHosts: (change, site) => world.changeHosts(site ?? settings.sites[0] ?? '', change),
		expireTokens: () => access.expireTokens(),
		logInElsewhere: () => void access.issue('access_token'),
		secrets: () => access.secrets(),
		reset: () => {
			source.stop();
			faults.clear();
			ledger.reset();
			world.clear();
			cache.clear();
			simulator.setBackAt = -Infinity;
		},
	};

	const server = makeServer({
		settings,
		access,
		faults,
		ledger,
		now,
		onLoopback: isLoopback(host),
		serverNow: () => world.serverNow(),
		logins: loginRoutes(settings, access),
		api: {
			...alertRoutes(settings, world, cache),
			...inventoryRoutes(settings, world),
			...remediationRoutes(settings, world, ledger, (remediation) =>
				pageLog.add('note', remediationText(remediation)),
			),
		},
		control: controlRoutes(simulator, now),
	});
	await new Promise<void>((resolve, reject) => {
		server.once('error', reject);
		server.listen(port, host, resolve);
	});
	const address = server.address() as AddressInfo;

	return Object.assign(simulator, {
		url: `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`,
		close: async () => {
			source.stop();
			const closed = new Promise<void>((resolve) => server.close(() => resolve()));
			server.closeAllConnections();
			await closed;
		},
	});
}

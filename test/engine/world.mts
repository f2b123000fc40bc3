import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import fc from 'fast-check';
import { CynetTrigger } from '../../nodes/CynetTrigger/CynetTrigger.node.ts';
import type { AlertEvent } from '../../nodes/shared/alert/identity.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { unpackState } from '../../nodes/shared/feed/state.ts';
import type { Fault, RequestRecord, Settings, Simulator } from '../../simulator/simulator.mts';
import { createHost, NodeApiError, timeOutIfUnanswered, type Host } from './harness.mts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
export const START = Date.UTC(2026, 4, 9, 12, 0, 0, 250);
const SITES = ['1001', '1002'];

const EVENTS: AlertEvent[][] = [
	['created'], ['created'], ['recurred'], ['updated'],
	['created', 'recurred'], ['created', 'updated'], ['recurred', 'updated'], ['created', 'recurred', 'updated'],
];

/** Servers of other kinds than the usual one. */
const SERVERS = {
	usual: {},
	withoutBulk: { bulk: false },
	ignoresOffset: { ignoresOffset: true },
	withoutSyncTime: { syncTime: 'missing' },
	nullSyncTime: { syncTime: 'null' },
	malformedSyncTime: { syncTime: 'malformed' },
	withoutTime: { syncTime: 'missing', dateHeader: false },
} as const satisfies Record<string, Partial<Settings>>;
const USUAL: Pick<Settings, 'bulk' | 'ignoresOffset' | 'syncTime' | 'dateHeader'> = { bulk: true, ignoresOffset: false, syncTime: 'iso', dateHeader: true };
type Server = keyof typeof SERVERS;

/** Faults that answer "no alerts": what was to come then comes late, as far as the trigger can know. */
const EMPTY_ANSWERS = ['null', 'noEntities', 'nullEntities', 'bareArray', 'noContent'] as const;

const site = fc.nat({ max: SITES.length - 1 });
const raise = fc.record({
	kind: fc.constant('raise' as const),
	site,
	count: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) }, { weight: 1, arbitrary: fc.integer({ min: 30, max: 120 }) }),
	lateBy: fc.constantFrom(0, 0, 500, 30_000, 5 * MINUTE, 10 * MINUTE),
});
const recur = fc.record({ kind: fc.constant('recur' as const), site, which: fc.nat() });
const change = fc.record({ kind: fc.constant('change' as const), site, which: fc.nat() });
const many = fc.record({ kind: fc.constantFrom('recurMany' as const, 'changeMany' as const), site, which: fc.nat(), count: fc.integer({ min: 5, max: 60 }) });
const pass = fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: 1, max: 5000 }) });
const happening = fc.oneof({ weight: 4, arbitrary: raise }, { weight: 2, arbitrary: recur }, { weight: 2, arbitrary: change }, { weight: 1, arbitrary: many }, { weight: 2, arbitrary: pass });
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const fault = fc.record({
	kind: fc.constant('fault' as const),
	what: fc.constantFrom<Fault | 'expire'>(
		{ kind: 'status', status: 500 }, { kind: 'status', status: 503 }, { kind: 'status', status: 429 }, { kind: 'status', status: 403 },
		{ kind: 'status', status: 429, retryAfter: 7 }, { kind: 'status', status: 429, retryAfter: 200 },
		{ kind: 'reset' }, { kind: 'half' }, { kind: 'truncated' }, { kind: 'html' }, { kind: 'status', status: 401 }, 'expire',
		{ kind: 'timeout' }, { kind: 'foreign' }, { kind: 'redirect' }, ...EMPTY_ANSWERS.map((kind) => ({ kind })),
	),
	/** Up to more than a poll repeats. */
	times: fc.constantFrom(1, 1, 2, 5, 12),
	skip: fc.nat({ max: 8 }),
	list: fc.constantFrom(undefined, '/api/alerts/bulk', '/api/alerts/bulkByDateChanged', '/api/account/token', '/api/alerts'),
	site: fc.constantFrom(undefined, undefined, ...SITES),
});
/** A poll that begins after that time, and meets nothing but one kind of answer, or none, after so many good ones. */
const badPoll = fc.record({
	kind: fc.constant('badPoll' as const),
	what: fc.constantFrom('timeout' as const, 'foreign' as const, 'redirect' as const, ...EMPTY_ANSWERS),
	ms: fc.constantFrom(0, MINUTE, 30 * MINUTE),
	good: fc.constantFrom(0, 0, 0, 1, 4),
});
const step = fc.oneof(
	{ weight: 6, arbitrary: fc.record({ kind: fc.constant('poll' as const) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('twoPolls' as const, 'race' as const) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
	{ weight: 2, arbitrary: badPoll },
	{ weight: 6, arbitrary: happening },
	{ weight: 2, arbitrary: fault },
	{ weight: 3, arbitrary: fc.record({ kind: fc.constant('time' as const), ms: fc.constantFrom(10_000, MINUTE, MINUTE, 20 * MINUTE, HOUR) }) },
	{ weight: 1, arbitrary: fc.record({ kind: fc.constant('skew' as const), ms: fc.integer({ min: -30 * MINUTE, max: 30 * MINUTE }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A world: a server, an n8n, and what happens to the two of them. */
export const worlds = fc.record({
	engine: fc.constantFrom('legacy' as const, 'durable' as const),
	events: fc.constantFrom(...EVENTS),
	sites: fc.constantFrom(1, 1, 2),
	order: fc.constantFrom('ascending' as const, 'descending' as const, 'byId' as const, 'byDateChanged' as const),
	boundary: fc.constantFrom('inclusive' as const, 'exclusive' as const),
	precision: fc.constantFrom('s' as const, 'ms' as const),
	maxLimit: fc.constantFrom(0, 0, 50),
	server: fc.constantFrom<Server>('usual', 'usual', 'usual', 'usual', 'usual', 'usual', ...(Object.keys(SERVERS) as Server[])),
	pageSize: fc.constantFrom(20, 100),
	maxAlerts: fc.constantFrom(7, 30, 1000),
	/** How far this machine's clock is ahead of the server's. */
	skew: fc.constantFrom(0, 0, 90_000, -90_000, 3 * HOUR, -3 * HOUR),
	old: fc.nat({ max: 10 }),
	young: fc.nat({ max: 40 }),
	steps: fc.array(step, { minLength: 4, maxLength: 18 }),
	/** What happens while a request is under way, one after the other. */
	between: fc.array(happening, { maxLength: 12 }),
});
export type World = typeof worlds extends fc.Arbitrary<infer T> ? T : never;

interface Row {
	readonly site: string;
	readonly id: number;
	readonly dateIn: number;
	readonly old: boolean;
	readonly visibleAt: number;
	lastSeen: number;
	changed: number;
	/** LastSeen when the alert had become known to the trigger, and DateChanged when it had taken stock; null before it. */
	knownWith: number | null;
	baseline: number | null;
}

/** n8n as the world sees it: what it hands over, and the node's static data that counts at this moment. */
interface Engine {
	activate(): Promise<INodeExecutionData[][] | null>;
	poll(): Promise<INodeExecutionData[][] | null>;
	/** A poll whose snapshot was read before the last one was committed. */
	race(): Promise<INodeExecutionData[][] | null>;
	readonly state: IDataObject;
}

type MakeHost = (staticData: IDataObject | undefined, pollBudgetMs?: number) => Host;
/** As n8n's database keeps it; the live one is a proxy. */
const clone = (value: IDataObject): IDataObject => JSON.parse(JSON.stringify(value)) as IDataObject;

/** n8n's default: one context a registration; saved with an emission and at the end of an activation. */
function legacy(makeHost: MakeHost, saved: IDataObject | undefined): Engine {
	const host = makeHost(saved);
	const nodeType = new CynetTrigger();
	return {
		activate: async () => await host.activate(nodeType),
		poll: async () => await host.poll(nodeType),
		race: async () => await host.poll(nodeType),
		get state() {
			return host.staticData;
		},
	};
}

/** n8n's durable cursors: each poll works on a copy of what was committed; a throw, and nothing at activation, commits nothing. */
function durable(makeHost: MakeHost, committed: IDataObject): Engine {
	let previous = clone(committed);
	const run = async (seed: IDataObject, budget: number | undefined, commitsNull: boolean) => {
		previous = clone(committed);
		const host = makeHost(clone(seed), budget);
		const nodeType = new CynetTrigger();
		host.context(nodeType);
		const result = await host.poll(nodeType);
		const after = clone(host.staticData);
		if ((result !== null || commitsNull) && JSON.stringify(after) !== JSON.stringify(seed)) {
			for (const key of Object.keys(committed)) delete committed[key];
			Object.assign(committed, after);
		}
		return result;
	};
	return {
		activate: async () => await run(committed, undefined, false),
		poll: async () => await run(clone(committed), 36_000, true),
		race: async () => await run(previous, 36_000, true),
		state: committed,
	};
}

let processes = 0;

/** Lives through a world; says which promises were broken. */
export async function live(world: World, simulator: Simulator): Promise<string[]> {
	const { engine: kind, events, order, boundary, precision, maxLimit, pageSize, maxAlerts } = world;
	// Of changes, no stock is taken while the server tells no time.
	const server = world.server === 'withoutTime' && wantsStock(events) ? 'usual' : world.server;
	const sites = SITES.slice(0, world.sites);
	let now = START;
	let skew = world.skew;
	const rows: Row[] = [];
	const stamp = (at: number) => (precision === 's' ? Math.floor(at / SECOND) * SECOND : at);
	clockOf(() => now + skew, (ms) => (now += ms));
	simulator.reset();
	setNow(() => now);
	Object.assign(simulator.settings, { sites: SITES, order, boundary, precision, maxLimit: pageSize > 50 ? maxLimit : 0, ...USUAL, ...SERVERS[server], onRequest: undefined });

	const raise = (name: string, { count = 1, at = now, lateBy = 0, old = false }) => {
		for (const alert of simulator.raise(count, { site: name, at, visibleAt: at < START - MINUTE ? START : at + lateBy })) {
			const [dateIn, visibleAt] = [stamp(at), at < START - MINUTE ? START : at + lateBy];
			rows.push({ site: name, id: alert.ClientDbId as number, dateIn, old, visibleAt, lastSeen: dateIn, changed: dateIn, knownWith: null, baseline: null });
		}
	};
	/** Happenings of one alert within a second are one to the trigger; so two of one alert are further apart here. */
	const moment = ({ dateIn, lastSeen, changed }: Row) => {
		now = Math.max(now, Math.max(dateIn, lastSeen, changed) + 2 * SECOND);
	};
	const happens = (row: Row, what: 'recur' | 'change') => {
		moment(row);
		if (what === 'recur') row.lastSeen = stamp(now);
		else row.changed = stamp(now);
		simulator[what](row.site, row.id);
	};
	const apply = (what: Happening | Extract<Step, { kind: 'time' }>) => {
		if (what.kind === 'time') {
			now += what.ms;
			return;
		}
		const name = sites[what.site % sites.length]!;
		if (what.kind === 'raise') return raise(name, what);
		const visible = rows.filter((row) => row.site === name && row.visibleAt <= now);
		if (visible.length === 0) return;
		const count = 'count' in what ? Math.min(what.count, visible.length) : 1;
		for (let i = 0; i < count; i++) happens(visible[(what.which + i) % visible.length]!, what.kind.startsWith('recur') ? 'recur' : 'change');
	};
	for (const name of sites) {
		for (let i = 0; i < world.old; i++) raise(name, { at: START - 30 * HOUR - i * MINUTE, old: true });
		for (let i = 0; i < world.young; i++) raise(name, { at: START - 2 * HOUR + i * 30_000 });
	}

	let turn = 0;
	simulator.settings.onRequest = (request) => {
		timeOutIfUnanswered(request);
		const what = world.between[turn++];
		if (what) apply(what);
		now += 200;
	};

	/** A new process: another workflow id has another memory, another user another token and no Retry-After. */
	const start = (saved: IDataObject | undefined): Engine => {
		const name = `process ${++processes}`;
		simulator.settings.username = name;
		const makeHost: MakeHost = (staticData, pollBudgetMs) =>
			createHost({
				workflowId: name,
				staticData,
				pollBudgetMs,
				credential: { baseUrl: simulator.url, username: name, password: simulator.settings.password, clientId: sites[0] },
				node: { parameters: { events, simple: true, options: { pageSize, maxAlerts, ...(sites.length > 1 && { clientIds: sites.join(',') }) } } },
			});
		return kind === 'legacy' ? legacy(makeHost, saved) : durable(makeHost, saved ?? {});
	};

	const items: IDataObject[] = [];
	let handedOver = 0;
	/** What n8n's database holds. */
	let saved: IDataObject | undefined;
	let engine = start(undefined);
	const complaints: string[] = [];

	const stateOf = (name: string, from: IDataObject | undefined) => {
		const found = unpackState(from?.[`site ${name}`], { server: simulator.url, clientId: name });
		if (found.kind !== 'ok' && found.kind !== 'none') complaints.push(`the state of ${name} is ${found.kind}`);
		return found.kind === 'ok' ? found.state : null;
	};
	/** What the trigger has taken stock of by now. */
	const learn = () => {
		for (const name of sites) {
			const state = stateOf(name, engine.state);
			const taken = state?.changes?.window.cursor != null;
			for (const row of rows) {
				if (row.site !== name) continue;
				if (!state?.known.has(row.id, row.dateIn)) row.knownWith = null;
				else row.knownWith ??= row.lastSeen;
				if (!taken) row.baseline = null;
				else row.baseline ??= tookStock.has(name) ? row.dateIn : row.changed;
			}
			if (taken) tookStock.add(name);
			else tookStock.delete(name);
		}
	};
	const tookStock = new Set<string>();
	const tick = async (run: () => Promise<INodeExecutionData[][] | null>) => {
		handedOver = 0;
		try {
			const got = (await run())?.[0] ?? [];
			if (got.length > maxAlerts) complaints.push(`${got.length} items in one poll, ${maxAlerts} at most are wanted`);
			handedOver = got.length;
			items.push(...got.map(({ json }) => json));
			if (got.length > 0 || kind === 'durable') saved = clone(engine.state);
		} catch (error) {
			if (!(error instanceof NodeApiError)) complaints.push(`${String(error)} left poll()`);
		}
		learn();
		return handedOver;
	};
	/** An activation that fails ends the trigger's life; the user mends what was wrong and activates again. */
	const activate = async () => {
		let failed = false;
		const guarded = async () => {
			try {
				return await engine.activate();
			} catch (error) {
				failed = true;
				throw error;
			}
		};
		await tick(guarded);
		if (failed) {
			simulator.faults.clear();
			await tick(async () => await engine.activate());
		}
		if (kind === 'legacy') saved = clone(engine.state);
	};
	const restart = async () => {
		engine = start(saved && clone(saved));
		learn();
		await activate();
	};

	await activate();
	for (const what of world.steps) {
		if (what.kind === 'poll') await tick(async () => await engine.poll());
		else if (what.kind === 'twoPolls') {
			const counts: number[] = [];
			const one = async () => counts.push(await tick(async () => await engine.poll()));
			await Promise.all([one(), one()]);
		} else if (what.kind === 'race') {
			await tick(async () => await engine.poll());
			now += 400;
			await tick(async () => await engine.race());
		} else if (what.kind === 'restart') await restart();
		else if (what.kind === 'badPoll') {
			now += what.ms;
			simulator.faults.clear();
			simulator.faults.add({ kind: what.what, match: { path: '/api/alerts*' }, skip: what.good, times: 'forever' });
			await tick(async () => await engine.poll());
			simulator.faults.clear();
		} else if (what.kind === 'skew') {
			// The client's clock enters once: until the first answer has come.
			if (sites.every((name) => stateOf(name, engine.state) !== null)) skew = world.skew + what.ms;
		} else if (what.kind === 'fault') {
			if (what.what === 'expire') simulator.expireTokens();
			else simulator.faults.add({ ...what.what, times: what.times, skip: what.skip, match: { ...(what.list && { path: what.list }), ...(what.list !== '/api/account/token' && sites.length > 1 && what.site && { site: what.site }) } });
		} else apply(what as Happening);
	}

	simulator.faults.clear();
	const missed = simulator.ledger.requests.some(hidRows);
	// What an empty answer hid is found by the next sweep, which reads ten pages a poll.
	for (const minutes of [1, 1, 4, 5, 5, 61, 1, 61, 1, 1, ...(missed ? [61, ...Array<number>(12).fill(1)] : [])]) {
		now += minutes * MINUTE;
		let polls = 0;
		do await tick(async () => await engine.poll());
		while (handedOver > 0 && ++polls < 300 && (now += MINUTE));
	}
	simulator.settings.onRequest = undefined;
	return [...complaints, ...broken(world, rows, items, sites.filter((name) => wantsStock(events) && !tookStock.has(name)), missed)];
}

/** Whether a fault may have kept rows from the trigger without an error. */
const hidRows = ({ path, fault, rows }: RequestRecord) => path.startsWith('/api/alerts') && rows === 0 && EMPTY_ANSWERS.some((kind) => kind === fault);

const wantsStock = (events: readonly AlertEvent[]) => events.includes('updated');

/** What was promised and not kept. */
function broken({ events, server }: World, rows: readonly Row[], items: readonly IDataObject[], unread: readonly string[], missed: boolean): string[] {
	const complaints = unread.map((name) => `the changes of site ${name} were never read`);
	const wants = (event: AlertEvent) => events.includes(event);
	const told = new Map<string, number>();
	const ofAlert = new Map<string, IDataObject[]>();
	for (const item of items) {
		const key = String(item.dedupKey);
		told.set(key, (told.get(key) ?? 0) + 1);
		const alert = `${String(item.clientId)} ${String(item.id)}`;
		ofAlert.set(alert, [...(ofAlert.get(alert) ?? []), item]);
		if (!wants(item.event as AlertEvent)) complaints.push(`${String(item.event)} was not asked for`);
	}
	for (const [key, count] of told) if (count > 1) complaints.push(`${key} was handed over ${count} times`);
	for (const row of rows) {
		const { site: name, id, old, dateIn, lastSeen, changed, knownWith, baseline } = row;
		const of = ofAlert.get(`${name} ${id}`) ?? [];
		const newest = (field: string, but: AlertEvent) => Math.max(-Infinity, ...of.filter(({ event }) => event !== but).map((item) => Date.parse(String(item[field]))));
		const created = of.filter(({ event }) => event === 'created').length;
		const history = of.map((item) => `${String(item.event)} ${String(item.lastSeenAt)} ${String(item.changedAt)}`).join(', ') || 'nothing';
		const text = `${name}:${id}, raised ${iso(dateIn)}, seen ${iso(lastSeen)}, changed ${iso(changed)}: told ${history}`;
		if (wants('created') && created !== (old ? 0 : 1)) complaints.push(`created ${created} times: ${text}`);
		if (wants('recurred')) {
			const due = old ? lastSeen > dateIn : wants('created') || (knownWith !== null && lastSeen > knownWith);
			if (due && !missed && newest('lastSeenAt', 'updated') !== lastSeen) complaints.push(`the last recurrence is missing: ${text}`);
		}
		if (wants('updated')) {
			const updates = of.filter(({ event }) => event === 'updated').map((item) => Date.parse(String(item.changedAt)));
			const due = baseline !== null && changed > baseline && changed > dateIn;
			if (due && !missed && server !== 'ignoresOffset' && Math.max(-Infinity, ...updates) !== changed) complaints.push(`the last change is missing: ${text}`);
			if (updates.includes(dateIn)) complaints.push(`its creation was told as a change: ${text}`);
		}
	}
	return complaints;
}

const iso = (at: number) => new Date(at).toISOString().slice(11);

let trueNow = () => START;
const setNow = (read: () => number) => (trueNow = read);
/** The simulator's clock: the present world's. */
export const worldNow = () => trueNow();

function clockOf(read: () => number, pass: (ms: number) => void): void {
	clock.now = read;
	clock.ticks = read;
	clock.limit = async () => await new Promise(() => {});
	clock.random = () => 0.5;
	clock.wait = async (ms) => pass(ms);
}

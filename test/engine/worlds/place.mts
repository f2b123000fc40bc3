import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { EMPTY_ANSWERS, PAGES, type Fault, type RaiseInput, type RequestRecord, type Simulator } from '../../../simulator/simulator.mts';
import { NodeApiError } from '../harness.mts';
import { Alerts, type Row } from './alerts.mts';
import { isDeeper } from './depth.mts';
import { Judge } from './judge.mts';
import { clone, engineOf, type Engine, type MakeHost } from './n8n.mts';
import { SITES, SERVERS, type Event, type Server, type World } from './plan.mts';
import { HOUR, MINUTE, SECOND, START, Time, iso } from './time.mts';
import type { TraitName } from './switches.mts';
import { traitsOf, type Trait } from './traits.mts';

const CHANGED = '/api/alerts/bulkByDateChanged';
const isList = ({ path }: RequestRecord) => path.startsWith('/api/alerts');
/** Whether a fault may have kept rows from the trigger without an error. */
const hidRows = ({ path, fault, rows }: RequestRecord) => path.startsWith('/api/alerts') && rows === 0 && EMPTY_ANSWERS.some((kind) => kind === fault);
const LATENESS = [11, 30, 60, 110, 60 * 5, 60 * 12, 60 * 23].map((minutes) => minutes * MINUTE);
/** More requests in one poll than this, and the rest may wait for the next. */
const MANY_REQUESTS = 100;
/** More than this, and a poll is not bounded. */
const TOO_MANY_REQUESTS = 1000;

export interface Away {
	readonly inside: readonly Event[];
	/** Whether n8n is restarted meanwhile. */
	readonly restarts?: boolean;
	/** Whether somebody must be told. */
	readonly mustSay?: boolean;
}

/** A world that is lived through: what steps and traits do to it, and what its polls bring. */
export class Place {
	readonly time = new Time();
	readonly alerts: Alerts;
	readonly judge: Judge;
	readonly sites: readonly string[];
	readonly server: Server;
	readonly traits: readonly Trait[];
	/** Minutes: how far each poll and the sweep read back, and the first poll. */
	readonly lateSweep: number;
	readonly lookback: number;
	/** When a poll of the site first went well, as far as n8n has kept it; true time. */
	readonly firstGood = new Map<string, number>();
	/** The same for its list of changes. */
	readonly firstChanges = new Map<string, number>();
	/** Polls, and when they began, in which a site was read. */
	readonly goodAt: Array<{ readonly at: number; readonly site: string }> = [];
	private engine: Engine;
	private saved: IDataObject | undefined;
	private savedAt = -Infinity;
	private emittedNow = 0;
	/** Answers have hidden rows without an error, where that is no broken promise. */
	missed = false;
	private turn = 0;
	private movedNow = false;
	/** The longest that a fault has asked to wait, an hour at most. */
	private askedToWait = 0;
	private quietUntil = 0;
	private otherLogin = START;
	private static processes = 0;

	constructor(
		readonly world: World,
		readonly simulator: Simulator,
		private readonly makeHost: (place: Place, name: string) => MakeHost,
	) {
		const { traits, way, events } = world;
		this.traits = traitsOf(traits);
		// Of changes, no stock is taken while the server tells no time; a clock that jumps would be the only one.
		const timeless = world.server === 'withoutTime' && (events.includes('updated') || this.has('clockJumps') || this.has('clocks'));
		this.server = timeless ? 'usual' : world.server;
		this.sites = SITES.slice(0, world.sites);
		const options = this.options();
		this.lateSweep = Number(options.lateSweepHours ?? 24) * HOUR;
		this.lookback = Number(options.lookbackHours ?? 24) * HOUR;
		this.alerts = new Alerts(simulator, this.time, 10 * MINUTE);
		const { replicaLagMs = 0, cacheSeconds = 0 } = Object.assign({}, ...this.traits.map(({ settings }) => settings?.(way))) as Partial<Simulator['settings']>;
		this.judge = new Judge(this.alerts, events.includes('created'), {
			polls: this.has('shuffledTies') || this.has('replicas') ? 4 : this.has('poison') ? 8 : this.has('capLimit') || this.has('capOffset') ? 3 : 1,
			delay: replicaLagMs + cacheSeconds * SECOND,
		});
		this.alerts.fieldsOf = (number) => Object.assign({}, ...this.traits.map(({ fields }) => fields?.(number))) as RaiseInput;
		this.time.skew = this.has('wideWindows') ? 0 : world.skew;
		this.begin(simulator);
		this.engine = this.start(undefined);
	}

	has(name: TraitName): boolean {
		return this.world.traits.includes(name);
	}

	options(): IDataObject {
		return Object.assign({}, ...this.traits.map(({ options }) => options?.(this.world.way))) as IDataObject;
	}

	/** Sets the server up as this world has it. */
	private begin(simulator: Simulator): void {
		const { order, boundary, precision, maxLimit, pageSize, way, between } = this.world;
		this.time.begin();
		simulator.reset();
		Object.assign(simulator.settings, PLAIN, { sites: SITES, order, boundary, precision, maxLimit: pageSize > 50 ? maxLimit : 0 }, SERVERS[this.server]);
		Object.assign(simulator.settings, ...this.traits.map(({ settings }) => settings?.(way)));
		simulator.settings.pace = async (ms) => await this.time.byte(ms);
		simulator.settings.onRequest = (request) => {
			this.unanswered(request);
			const what = between[this.turn++];
			if (what) this.apply(what);
			this.movedNow ||= what !== undefined && what.kind !== 'time' && what.kind !== 'raise';
			this.time.request();
			if (this.has('sharedUser') && isList(request)) this.logInElsewhere();
		};
	}

	/** What to do about a request that the simulator leaves without an answer. */
	unanswered: (request: RequestRecord) => void = () => undefined;

	/** Another client of the same API user, which polls as well; every third time it is back at once. */
	private logInElsewhere(): void {
		const every = [MINUTE, 5 * MINUTE, 20 * MINUTE][this.world.way % 3] as number;
		if (this.time.now - this.otherLogin < every) return;
		this.simulator.logInElsewhere();
		const again = this.turn % 3 === 0;
		this.otherLogin = again ? this.time.now - every + 300 : this.time.now;
	}

	/** A new process: another workflow id has another memory, another user another token and no Retry-After. */
	private start(saved: IDataObject | undefined): Engine {
		const name = `process ${++Place.processes}`;
		this.simulator.settings.username = name;
		return engineOf(this.world.engine, this.makeHost(this, name), saved);
	}

	raise(name: string, what: Extract<Event, { kind: 'raise' }>): void {
		const { now } = this.time;
		const late = this.has('late') && what.late < 20 ? (LATENESS.filter((ms) => ms < this.lateSweep - 5 * MINUTE)[what.late >> 1] ?? 0) : 0;
		const count = late > 0 ? Math.min(what.count, 4) : what.count;
		if (late > 0 && what.late % 2 === 1) this.alerts.raise(name, { count, at: now - late, visibleAt: now });
		else this.alerts.raise(name, { count, visibleAt: now + (late || what.lateBy) });
	}

	apply(what: Event): void {
		if (what.kind === 'time') {
			this.time.now += what.ms;
			return;
		}
		const name = this.sites[what.site % this.sites.length] as string;
		if (what.kind === 'raise') return this.raise(name, what);
		const movable = this.alerts.movable(name);
		const count = movable.length === 0 ? 0 : 'count' in what ? Math.min(what.count, movable.length) : 1;
		for (let i = 0; i < count; i++) this.alerts.move(movable[(what.which + i) % movable.length] as Row, what.kind.startsWith('recur') ? 'recur' : 'change');
	}

	/** Time passes without a poll; what comes meanwhile comes in even distances. */
	pass(ms: number, inside: readonly Event[]): void {
		const end = this.time.now + ms;
		for (const what of inside) {
			this.time.now += ms / (inside.length + 1);
			this.apply(what);
		}
		this.time.now = Math.floor(Math.max(this.time.now, end));
	}

	fault(fault: Fault): void {
		const retryAfter = fault.retryAfter ?? PAGES[fault.page ?? 'maintenance'].headers?.['retry-after' as 'content-type'];
		if (retryAfter !== undefined) this.askedToWait = Math.max(this.askedToWait, Math.min(HOUR, (Number(retryAfter) || 3600) * SECOND));
		this.simulator.faults.add(fault);
	}

	/** The API answers in one way only, for so long, through four polls. */
	async away(fault: Fault, path: string, ms: number, { inside, restarts = false, mustSay = false }: Away): Promise<void> {
		const hadWorked = this.sites.every((site) => this.firstGood.has(site));
		const since = this.time.now;
		this.simulator.faults.clear();
		if (path.includes('token')) this.simulator.expireTokens();
		this.fault({ ...fault, match: { path }, times: 'forever' });
		for (let i = 0; i < 4; i++) {
			this.pass(ms / 4, i === 1 ? inside : []);
			if (restarts && i === 2) await this.restart(hadWorked);
			else await this.poll();
		}
		const met = this.simulator.ledger.requests.filter(({ at, fault: kind }) => at >= since && kind === fault.kind).length;
		if (mustSay && ms >= HOUR && met > 1 && !this.judge.saidSince(since)) this.judge.complain(`SILENT: ${fault.page ?? fault.kind} from ${iso(since)} to ${iso(this.time.now)}, and no word`);
		this.simulator.faults.clear();
	}

	async poll(): Promise<number> {
		return await this.tick(async () => await this.engine.poll());
	}

	/** Two ticks at once. */
	async twoPolls(): Promise<void> {
		const run = async () => await Promise.all([this.engine.poll(), this.engine.poll()]);
		await this.tick(async () => {
			const items = (await run()).flatMap((result) => result?.[0] ?? []);
			return items.length > 0 ? [items] : null;
		});
	}

	/** n8n seeds a poll with the state from before the last one. */
	async race(): Promise<void> {
		await this.poll();
		this.time.now += 400;
		await this.tick(async () => await this.engine.race(), false);
	}

	/** @param mustLive whether an activation that fails is a broken promise */
	async restart(mustLive = false): Promise<void> {
		this.engine = this.start(this.saved && clone(this.saved));
		this.judge.forget(this.savedAt);
		for (const known of [this.firstGood, this.firstChanges]) for (const [site, at] of known) if (at > this.savedAt) known.delete(site);
		await this.activate(mustLive);
	}

	/** An activation that fails ends the trigger's life; the user takes care of the cause and activates again. */
	async activate(mustLive = false): Promise<void> {
		let failed = false;
		const guarded = async () => {
			try {
				return await this.engine.activate();
			} catch (error) {
				failed = true;
				throw error;
			}
		};
		await this.tick(guarded);
		if (failed) {
			if (mustLive) this.judge.complain(`DEAD: at ${iso(this.time.now)} the first poll after a restart failed, though the trigger had worked`);
			if (!mustLive) this.simulator.faults.clear();
			await this.tick(async () => await this.engine.activate().catch((error: unknown) => (mustLive ? null : Promise.reject(error as Error))));
		}
		if (this.world.engine === 'legacy') this.keep();
	}

	private keep(): void {
		this.saved = clone(this.engine.state);
		this.savedAt = this.time.now;
	}

	/** One poll, and what became of it. */
	private async tick(run: () => Promise<INodeExecutionData[][] | null>, counts = true): Promise<number> {
		const { time, judge, world, simulator } = this;
		const start = time.now;
		const before = simulator.ledger.requests.length;
		this.emittedNow = 0;
		this.movedNow = false;
		let threw = false;
		try {
			const got = (await time.poll(run))?.[0] ?? [];
			if (got.length > world.maxAlerts) judge.complain(`${got.length} items in one poll, ${world.maxAlerts} at most are wanted`);
			this.emittedNow = got.length;
			for (const { json } of got) {
				judge.emit(json, time.now);
				if (this.has('poison') && isDeeper(json, 500)) judge.complain('DEEP: n8n cannot store an item');
			}
			if (got.length > 0 || world.engine === 'durable') this.keep();
		} catch (error) {
			threw = true;
			if (!(error instanceof NodeApiError)) judge.complain(`${String(error)} left poll()`);
		}
		const requests = simulator.ledger.requests.slice(before);
		if (requests.length > TOO_MANY_REQUESTS) judge.complain(`UNBOUNDED: ${requests.length} requests in one poll`);
		if (time.endless > 0) judge.complain(`ENDLESS: an answer trickled for more than five minutes at ${iso(time.now)}`);
		time.endless = 0;
		this.note({ start, requests, threw, counts });
		return this.emittedNow;
	}

	private note({ start, requests, threw, counts }: { start: number; requests: readonly RequestRecord[]; threw: boolean; counts: boolean }): void {
		const { time, judge, world } = this;
		const said = this.engine.takeLog().some(({ level }) => level === 'warn' || level === 'error') || threw;
		const isSpoilt = requests.some(({ fault }) => fault !== undefined);
		if (isSpoilt) this.quietUntil = Math.max(this.quietUntil, time.now + this.askedToWait);
		const isGood = counts && !threw && !isSpoilt && start >= this.quietUntil;
		const good = new Set(isGood ? this.sites : []);
		for (const site of good) {
			const answered = requests.filter(({ clientId, status, path }) => (clientId ?? this.sites[0]) === site && status === 200 && path.startsWith('/api/alerts'));
			if (answered.length > 0) this.goodAt.push({ at: start, site });
			if (answered.length > 0 && !this.firstGood.has(site)) this.firstGood.set(site, time.now);
			if (answered.some(({ path }) => path === CHANGED) && !this.firstChanges.has(site)) this.firstChanges.set(site, time.now);
		}
		const hid = !this.has('lies') && requests.some(hidRows);
		this.missed ||= hid;
		judge.polled(
			{
				start, end: time.now, good, said, moved: this.movedNow,
				full: this.emittedNow >= world.maxAlerts || requests.length > MANY_REQUESTS,
				hid,
			},
			(row) => this.isFromStart(row) === true && !this.isOutOfReach(row),
		);
	}

	/** Whether the alert is from after the start; null where the world cannot know. */
	isFromStart(row: Row): boolean | null {
		const first = this.firstGood.get(row.site);
		if (first === undefined) return row.dateIn >= START ? true : null;
		const start = first - this.lookback;
		if (row.dateIn >= start) return true;
		const slack = (this.has('clocks') ? 2 * HOUR : 0) + 5 * MINUTE;
		return row.dateIn < START - this.lookback - slack ? false : null;
	}

	/** Whether no poll could ask for a time before the alert. */
	isOutOfReach(row: Row): boolean {
		const widest = this.simulator.settings.widestWindowHours * HOUR;
		if (widest === 0) return false;
		if (row.late) return true;
		return !this.goodAt.some(({ at, site }) => site === row.site && at >= row.visibleAt && at - row.dateIn < widest - 15 * MINUTE);
	}
}

/** The settings that a world may have changed. */
const PLAIN: Partial<Simulator['settings']> = {
	bulk: true, ignoresOffset: false, syncTime: 'iso', dateHeader: true, syncTimeOffsetMs: 0, dateOffsetMs: 0, maxOffset: 0, beyondMaxOffset: 'empty',
	widestWindowHours: 0, widestWindowStatus: 500, replicaLagMs: 0, cacheSeconds: 0, shuffledTies: false,
	tokenLifeMinutes: 60, tokenLife: 'absolute', tokenEnd: '401', singleToken: false, onRequest: undefined, pace: undefined,
};

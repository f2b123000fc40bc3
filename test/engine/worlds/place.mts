import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { Fault, RaiseInput, RequestRecord, Simulator } from '../../../simulator/simulator.mts';
import { NodeApiError, type LogLine } from '../harness.mts';
import { Alerts, type Row } from './alerts.mts';
import { isDeeper } from './depth.mts';
import { History } from './history.mts';
import { Judge } from './judge.mts';
import { clone, engineOf, type Engine, type MakeHost } from './n8n.mts';
import { OtherClient } from './other-client.mts';
import { SITES, type Event, type Server, type World } from './plan.mts';
import { oddSettings, setUp } from './server.mts';
import { HOUR, MINUTE, SECOND, Time, iso } from './time.mts';
import type { TraitName } from './switches.mts';
import { traitsOf, type Trait } from './traits.mts';

const isList = ({ path }: RequestRecord) => path.startsWith('/api/alerts');
/** A poll with more requests than this is not bounded. */
const TOO_MANY_REQUESTS = 1000;

interface Away {
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
	private readonly names: readonly TraitName[];
	readonly traits: readonly Trait[];
	readonly history: History;
	private readonly lateSweep: number;
	private engine: Engine;
	private saved: IDataObject | undefined;
	private savedAt = -Infinity;
	private emittedNow = 0;
	private turn = 0;
	private movedNow = false;
	private readonly other: OtherClient;
	private static processes = 0;

	constructor(
		readonly world: World,
		readonly simulator: Simulator,
		private readonly makeHost: (place: Place, name: string) => MakeHost,
	) {
		const { traits, way, events } = world;
		// Without Offset the whole list comes at once, and a row that cannot be served spoils it: no way is left.
		this.names = traits.includes('capOffset') ? traits.filter((name) => name !== 'poison') : traits;
		this.traits = traitsOf(this.names);
		// Changes count from a server's time on. A clock that is wrong must not be the only one.
		const needsTime =
			world.server === 'withoutTime' &&
			(events.includes('updated') || this.has('clockJumps') || this.has('capOffset'));
		this.server =
			needsTime || (this.has('clocks') && world.server.endsWith('Time')) ? 'usual' : world.server;
		this.sites = SITES.slice(0, world.sites);
		const options = this.options();
		this.lateSweep = Number(options.lateSweepHours ?? 24) * HOUR;
		const {
			replicaLagMs = 0,
			cacheSeconds = 0,
			widestWindowHours = Infinity,
		} = oddSettings(this.traits, way);
		const delay = replicaLagMs + cacheSeconds * SECOND;
		this.history = new History({
			sites: this.sites,
			fullFrom: this.fullFrom,
			lookback: Number(options.lookbackHours ?? 24) * HOUR,
			lateSweep: this.lateSweep,
			widest: widestWindowHours * HOUR,
			delay,
			slack: this.has('clocks') ? 2 * HOUR : 0,
			lies: this.has('lies'),
		});
		// Where equal stamps come in any order, each page may miss some.
		this.alerts = new Alerts(
			simulator,
			this.time,
			this.has('shuffledTies') ? -Infinity : 10 * MINUTE - delay,
		);
		this.judge = new Judge(this.alerts, events.includes('created'), {
			polls: Math.max(...this.traits.map(({ polls = 1 }) => polls), 1),
			delay,
		});
		this.alerts.fieldsOf = (number) =>
			Object.assign({}, ...this.traits.map(({ fields }) => fields?.(number))) as RaiseInput;
		this.time.skew = this.has('wideWindows') ? 0 : world.skew;
		this.other = new OtherClient(simulator, way);
		this.begin(simulator);
		this.engine = this.start(undefined);
	}

	/** From so many alerts on a poll may leave the rest to the next: where several sites are read, a part is held back for each other. */
	get fullFrom(): number {
		const { maxAlerts, sites } = this.world;
		const others = Math.min(sites, 4) - 1;
		return Math.max(1, maxAlerts - others * Math.max(1, Math.floor(maxAlerts / 16)));
	}

	/**
	 * Whether an alert is to be emitted; null where either is right. Each scan of equal times that come
	 * in any order may miss the same row again, until it is older than the sweep reads.
	 */
	mustEmit(row: Row): boolean | null {
		return this.has('shuffledTies') && this.time.now - row.lastSeen > this.lateSweep
			? null
			: this.history.isFromStart(row);
	}

	has(name: TraitName): boolean {
		return this.names.includes(name);
	}

	options(): IDataObject {
		return Object.assign(
			{},
			...this.traits.map(({ options }) => options?.(this.world.way)),
		) as IDataObject;
	}

	private begin(simulator: Simulator): void {
		const { between } = this.world;
		// Another client is back after 300 ms: whose answers take longer would never be first.
		this.time.latencies = this.has('sharedUser') ? [200] : this.world.latencies;
		setUp(simulator, this.world, this.server, this.traits);
		this.time.begin(simulator);
		simulator.settings.pace = async (ms, sent) => await this.time.byte(ms, sent);
		simulator.settings.onRequest = (request) => {
			this.time.answering(request);
			const what = between[this.turn++];
			if (what) this.apply(what);
			this.movedNow ||= what !== undefined && what.kind !== 'time' && what.kind !== 'raise';
			// Whether a token that is seconds old was ended by somebody, 403 does not say.
			if (this.has('sharedUser') && !this.has('tokenEnds') && isList(request))
				this.other.meanwhile(this.time.now);
		};
	}

	/** Nothing more happens between two requests: what is raised late then would not show up within the world. */
	quiet(): void {
		this.turn = Infinity;
	}

	/** A new process: another workflow id has another memory, another user another token and no Retry-After. */
	private start(saved: IDataObject | undefined): Engine {
		const name = `process ${++Place.processes}`;
		this.simulator.settings.username = name;
		return engineOf(this.world.engine, this.makeHost(this, name), saved);
	}

	apply(what: Event): void {
		if (what.kind === 'time') {
			this.time.now += what.ms;
			return;
		}
		const name = this.sites[what.site % this.sites.length] as string;
		if (what.kind === 'raise')
			return this.alerts.arrive(name, what, this.has('late') ? this.lateSweep - 5 * MINUTE : 0);
		const movable = this.alerts.movable(name);
		const count =
			movable.length === 0 ? 0 : 'count' in what ? Math.min(what.count, movable.length) : 1;
		for (let i = 0; i < count; i++)
			this.alerts.move(
				movable[(what.which + i) % movable.length] as Row,
				what.kind.startsWith('recur') ? 'recur' : 'change',
			);
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

	/** Of a token that is younger than a minute, only 401 says that it has ended. */
	endTokens(): void {
		if (this.has('tokenEnds')) this.time.now += 2 * MINUTE;
		this.simulator.expireTokens();
	}

	fault(fault: Fault): void {
		this.history.armed(fault);
		this.simulator.faults.add(fault);
	}

	/** The API answers in one way only, for so long, through four polls. */
	async away(
		fault: Fault,
		path: string,
		ms: number,
		{ inside, restarts = false, mustSay = false }: Away,
	): Promise<void> {
		const { hasWorked } = this.history;
		const since = this.time.now;
		this.simulator.faults.clear();
		if (path.includes('token')) this.simulator.expireTokens();
		this.fault({ ...fault, match: { path }, times: 'forever' });
		for (let i = 0; i < 4; i++) {
			this.pass(ms / 4, i === 1 ? inside : []);
			if (restarts && i === 2) await this.restart(hasWorked);
			else await this.poll();
		}
		const met = this.simulator.ledger.requests.filter(
			({ at, fault: kind }) => at >= since && kind === fault.kind,
		).length;
		if (mustSay && ms >= HOUR && met > 1 && !this.judge.saidSince(since))
			this.judge.complain(
				`SILENT: ${fault.page ?? fault.kind} from ${iso(since)} to ${iso(this.time.now)}, and no word`,
			);
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
		await this.tick(async () => await this.engine.race(), { counts: false });
	}

	/** @param mustLive whether an activation that fails is a broken promise */
	async restart(mustLive = false): Promise<void> {
		this.engine = this.start(this.saved && clone(this.saved));
		this.judge.forget(this.savedAt);
		this.history.forget(this.savedAt);
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
		await this.tick(guarded, { isActivation: true });
		if (failed) {
			if (mustLive)
				this.judge.complain(
					`DEAD: at ${iso(this.time.now)} the first poll after a restart failed, though the trigger had worked`,
				);
			if (!mustLive) this.simulator.faults.clear();
			await this.tick(
				async () =>
					await this.engine
						.activate()
						.catch((error: unknown) => (mustLive ? null : Promise.reject(error as Error))),
				{ isActivation: true },
			);
		}
		if (this.world.engine === 'legacy') this.keep();
	}

	private keep(): void {
		this.saved = clone(this.engine.state);
		this.savedAt = this.time.now;
	}

	/** Of one poll, for whoever lives through a world again (WORLD_TRACE=1): what was asked and logged. */
	private trace(
		start: number,
		requests: readonly RequestRecord[],
		log: readonly LogLine[],
		threw: boolean,
	): void {
		console.log(`poll ${iso(start)}: ${this.emittedNow} emitted${threw ? ', threw' : ''}`);
		for (const { at, path, query, status, fault, rows } of requests)
			console.log(
				`  ${iso(at)} ${path.slice(5)} ${String(query.LastSeen ?? query.DateChanged ?? '')} ${String(query.Limit ?? '')}@${String(query.Offset ?? '')}: ${String(status)} ${String(fault ?? '')} ${String(rows ?? '')} rows`,
			);
		for (const { level, message } of log) console.log(`  ${level}: ${message}`);
	}

	/**
	 * One poll, and what became of it.
	 * @param counts whether it is one that n8n gives the newest state
	 */
	private async tick(
		run: () => Promise<INodeExecutionData[][] | null>,
		{ counts = true, isActivation = false } = {},
	): Promise<number> {
		const { time, judge, world, simulator } = this;
		const start = time.now;
		const before = simulator.ledger.requests.length;
		this.emittedNow = 0;
		this.movedNow = false;
		let threw = false;
		try {
			const got = (await time.poll(run))?.[0] ?? [];
			if (got.length > world.maxAlerts)
				judge.complain(`${got.length} items in one poll, ${world.maxAlerts} at most are wanted`);
			this.emittedNow = got.length;
			for (const { json } of got) {
				judge.emit(json, time.now);
				if (this.has('poison') && isDeeper(json, 500))
					judge.complain('DEEP: n8n cannot store an item');
			}
			if (got.length > 0 || (world.engine === 'durable' && !isActivation)) this.keep();
		} catch (error) {
			threw = true;
			if (!(error instanceof NodeApiError)) judge.complain(`${String(error)} left poll()`);
		}
		const requests = simulator.ledger.requests.slice(before);
		if (requests.length > TOO_MANY_REQUESTS)
			judge.complain(`UNBOUNDED: ${requests.length} requests in one poll`);
		if (time.endless > 0)
			judge.complain(`ENDLESS: an answer trickled for more than five minutes at ${iso(time.now)}`);
		time.endless = 0;
		const log = this.engine.takeLog();
		if (process.env.WORLD_TRACE) this.trace(start, requests, log, threw);
		const said = log.some(({ level }) => level === 'warn' || level === 'error') || threw;
		const poll = this.history.note({
			start,
			end: time.now,
			requests,
			emitted: this.emittedNow,
			said,
			threw,
			moved: this.movedNow,
			counts,
		});
		// With other tokens than the first the server answers as ever: nobody need be bothered. A poll
		// that asks nothing reports what an earlier one met. A list that is cut off at some Offset may
		// not be readable to its end, and a row that is never served may take longer to find than an
		// outage may last: a poll says so.
		if (
			threw &&
			requests.length > 0 &&
			!this.has('capOffset') &&
			!this.has('poison') &&
			(this.has('tokenEnds') || this.has('sharedUser')) &&
			this.history.isCalmAt(start)
		)
			judge.complain(`REFUSED: the poll at ${iso(start)} threw, and only the token had ended`);
		judge.polled(poll, (row) => this.mustEmit(row) === true && !this.history.isOutOfReach(row));
		return this.emittedNow;
	}
}

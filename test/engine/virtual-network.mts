import type { Arrival, RequestRecord, Simulator } from '../../simulator/simulator.mts';
import { underWay } from './harness.mts';

/** How often nothing may have happened before nothing is going to happen by itself. */
const QUIET_TURNS = 4;
/** The same where nothing but limits is to come. */
const STUCK_TURNS = 400;
/** When n8n's HTTP client gives up on a request that gets no byte. */
const TIMEOUT_MS = 30_000;

interface Pending {
	readonly due: number;
	readonly happen: () => void;
	readonly kind: 'answer' | 'limit' | 'wait';
}

/**
 * Time that goes on only when everything waits for it: for an answer that is on its way, for the end of a pause. So
 * requests that are under way at the same time take their time side by side, and come in the order
 * of their latencies, the same each time.
 */
export class VirtualNetwork {
	/** How many requests were under way at the same time, at most. */
	mostUnderWay = 0;
	private pending: Pending[] = [];
	/** Requests that wait at the server, by the client's port. */
	private readonly held = new Set<number>();
	private arrived: Array<{ readonly arrival: Arrival; readonly answer: () => void }> = [];
	/** Answers that trickle and wait for their next byte. */
	private pacing = 0;
	private serving = 0;
	private runs = 0;

	/**
	 * @param time whose `now` goes on
	 * @param latencyOf of a request, in milliseconds
	 */
	constructor(
		private readonly time: { now: number },
		private readonly latencyOf: (arrival: Arrival) => number,
	) {}

	/** Puts itself between clients and the simulator. */
	join({ settings }: Simulator): void {
		settings.onArrival = async (arrival) => await this.arrive(arrival);
	}

	async wait(ms: number): Promise<void> {
		await this.pass(ms, 'wait');
	}

	async limit(ms: number): Promise<void> {
		await this.pass(ms, 'limit');
	}

	/** Between two bytes of an answer. */
	async byte(ms: number): Promise<void> {
		this.pacing++;
		await this.wait(ms);
		this.pacing--;
	}

	/** To be told of each request that is answered: one that is left without an answer times out. */
	answering(record: RequestRecord): void {
		const { serving } = this;
		setImmediate(() => {
			if (record.fault !== 'timeout') return;
			this.held.add(serving);
			this.at(this.time.now + TIMEOUT_MS, 'answer', () => {
				this.held.delete(serving);
				for (const request of underWay)
					if (request.socket?.localPort === serving) request.emit('timeout');
			});
		});
	}

	/** Lets time go on until that has ended. */
	async run<T>(promise: Promise<T>): Promise<T> {
		let isOver = false;
		const end = () => void (isOver = true);
		promise.then(end, end);
		this.runs++;
		for (let quiet = 0; !isOver; quiet++) {
			await new Promise((resolve) => setImmediate(resolve));
			if (this.onTheWire > this.pacing) quiet = 0;
			else if (quiet >= QUIET_TURNS && this.goOn(quiet)) quiet = 0;
		}
		this.runs--;
		// What nobody waits for any more is over.
		if (this.runs === 0) this.giveUp();
		return await promise;
	}

	private get onTheWire(): number {
		return [...underWay].filter(({ socket }) => !this.held.has(socket?.localPort ?? 0)).length;
	}

	private async arrive(arrival: Arrival): Promise<void> {
		if (this.runs === 0) return;
		this.held.add(arrival.port);
		await new Promise<void>((answer) => this.arrived.push({ arrival, answer }));
		this.held.delete(arrival.port);
		this.serving = arrival.port;
	}

	/** What arrived at the same time did so in an order of its own each time. */
	private place(): void {
		const nameOf = ({ arrival: { clientId, path } }: (typeof this.arrived)[number]) =>
			`${clientId} ${path}`;
		const arrived = this.arrived.sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
		this.arrived = [];
		for (const { arrival, answer } of arrived)
			this.at(this.time.now + this.latencyOf(arrival), 'answer', answer);
		this.mostUnderWay = Math.max(this.mostUnderWay, underWay.size);
	}

	/** The next thing happens. @returns whether there was one */
	private goOn(quiet: number): boolean {
		this.place();
		const [next] = this.pending;
		// A limit of what has ended already must not take time along.
		if (next === undefined || (quiet < STUCK_TURNS && this.pending.every(isLimit))) return false;
		this.pending.shift();
		this.time.now = Math.max(this.time.now, next.due);
		next.happen();
		return true;
	}

	private at(due: number, kind: Pending['kind'], happen: () => void): void {
		this.pending.push({ due, kind, happen });
		this.pending.sort((one, other) => one.due - other.due);
	}

	private async pass(ms: number, kind: Pending['kind']): Promise<void> {
		await new Promise<void>((resolve) => this.at(this.time.now + ms, kind, resolve));
	}

	/** Whoever still waits goes on; of the answers nobody is there any more. */
	private giveUp(): void {
		const rest = this.pending.filter(({ kind }) => kind !== 'answer');
		this.pending = [];
		this.arrived = [];
		this.held.clear();
		for (const { happen } of rest) happen();
	}
}

const isLimit = ({ kind }: Pending): boolean => kind === 'limit';

import { BadInput, isObject } from './control/checks.mts';
import { Latency, type LatencyFigures } from './latency.mts';
import { Tally, type RequestCounts } from './tally.mts';

/** One API request; never with a token or a password. */
export interface RequestRecord {
	/** True time (not the server's clock), milliseconds since the epoch. */
	readonly at: number;
	readonly method: string;
	readonly path: string;
	readonly query: Readonly<Record<string, string>>;
	/** The `client_id` header, or null. */
	readonly clientId: string | null;
	/** In which header a token came. */
	readonly token: 'access_token' | 'bearer' | 'none';
	/** Null while unanswered, and for good if the answer never came. */
	status: number | null;
	/** Rows of alerts in the answer. */
	rows: number;
	/** The kind of the fault that was played. */
	fault?: string;
}

export interface Remediation {
	readonly id: number;
	readonly at: number;
	readonly site: string;
	/** As in the path: `file/kill`, `host/isolate` … */
	readonly action: string;
	readonly host: string | null;
	readonly sha256: string | null;
}

export interface Report {
	/** Alerts raised, one `created` item expected for each. */
	readonly raised: number;
	/** Of these, what the API shows by now. */
	readonly visible: number;
	/** Of these, what was delivered. */
	readonly delivered: number;
	/** Visible for less than the grace, and not delivered yet. */
	readonly pending: number;
	/** Visible, and not delivered. */
	readonly lost: number;
	/** Items delivered beyond the first, over all keys. */
	readonly twice: number;
	/** Keys delivered for `created` alerts that were never raised. */
	readonly unknown: number;
	/** Items delivered, by their event. */
	readonly events: Readonly<Record<string, number>>;
	/** API requests without the token exchanges. */
	readonly requests: number;
	readonly exchanges: number;
	/** Rows of alerts served. */
	readonly rows: number;
	readonly remediations: number;
	readonly lostKeys: readonly string[];
	readonly twiceKeys: readonly string[];
}

interface Group {
	left: number;
	readonly done: () => void;
}

const KEYS_SHOWN = 20;
/** Requests kept for reading; their count goes on. */
const REQUESTS_KEPT = 100_000;

/** What happened: what was raised, what was asked for, and what a workflow delivered. The oracle of lost and twice. */
export class Ledger {
	requests: RequestRecord[] = [];
	remediations: Remediation[] = [];
	exchanges = 0;
	private requestCount = 0;
	private rowCount = 0;
	/** When each expected alert becomes visible, in true time. Two alerts may share a key: then it is expected twice. */
	private expected = new Map<string, number[]>();
	private delivered = new Map<string, { count: number; event: string }>();
	private events: Record<string, number> = {};
	private lastRemediation = 13_000;
	private latency = new Latency();
	private tally = new Tally();
	private groups = new Map<string, Group>();
	private newestShown = -Infinity;
	private newestDelivered = -Infinity;

	constructor(private readonly now: () => number) {}

	expect(key: string, visibleAt: number): void {
		const others = this.expected.get(key);
		if (others) others.push(visibleAt);
		else this.expected.set(key, [visibleAt]);
		this.newestShown = Math.max(this.newestShown, visibleAt);
	}

	/** Calls back once, when all of these keys were delivered. */
	whenDelivered(keys: readonly string[], done: () => void): void {
		const group = { left: keys.length, done };
		for (const key of keys) this.groups.set(key, group);
	}

	record(request: RequestRecord, isExchange: boolean): void {
		if (isExchange) this.exchanges++;
		else this.requestCount++;
		this.tally.asked(request.path);
		this.requests.push(request);
		if (this.requests.length > REQUESTS_KEPT) this.requests.splice(0, REQUESTS_KEPT / 2);
	}

	/** Notes how the request was answered. */
	answered(request: RequestRecord, status: number, rows: number): void {
		request.status = status;
		request.rows = rows;
		this.rowCount += rows;
		this.tally.answered(request.path, status);
	}

	remediate(entry: Omit<Remediation, 'id'>): Remediation {
		const remediation = { id: ++this.lastRemediation, ...entry };
		this.remediations.push(remediation);
		return remediation;
	}

	/**
	 * Takes an item that a workflow emitted, or a list of them, simple or raw; none, with
	 * {@link BadInput}, if one carries no `dedupKey`.
	 */
	deliver(items: unknown): void {
		for (const { key, event } of (Array.isArray(items) ? items : [items]).map(marksOf)) {
			const before = this.delivered.get(key);
			if (before) before.count++;
			else this.delivered.set(key, { count: 1, event });
			this.time(key, before?.count ?? 1);
			this.events[event] = (this.events[event] ?? 0) + 1;
		}
	}

	/** How long deliveries took, for the newest of them. */
	latencies(): LatencyFigures {
		return this.latency.figures(this.now());
	}

	requestCounts(): RequestCounts {
		return this.tally.counts();
	}

	/**
	 * Whether alerts wait that became visible after this time, and none of their time has arrived:
	 * perhaps nobody has asked since.
	 */
	isUnheardSince(time: number): boolean {
		return this.newestShown > time && this.newestDelivered <= time;
	}

	/** The `dedupKey` of every `created` alert that was raised. */
	expectedKeys(): string[] {
		return [...this.expected.keys()];
	}

	/** Whether an item with this `dedupKey` was delivered. */
	has(key: string): boolean {
		return this.delivered.has(key);
	}

	/** The balance. What has been visible for less than the grace counts as pending, not as lost. */
	report({ graceSeconds = 0 }: { graceSeconds?: number } = {}): Report {
		const now = this.now();
		const graceStart = now - graceSeconds * 1000;
		const sum = { raised: 0, visible: 0, delivered: 0, pending: 0, lost: 0, twice: 0, unknown: 0 };
		const lostKeys: string[] = [];
		const twiceKeys: string[] = [];
		for (const [key, times] of this.expected) {
			const delivered = Math.min(times.length, this.delivered.get(key)?.count ?? 0);
			const shown = times.filter((at) => at <= now).length;
			const overdue = times.filter((at) => at <= graceStart && at <= now).length;
			const lost = Math.max(0, overdue - delivered);
			sum.raised += times.length;
			sum.visible += shown;
			sum.delivered += delivered;
			sum.lost += lost;
			sum.pending += Math.max(0, shown - delivered) - lost;
			if (lost > 0 && lostKeys.length < KEYS_SHOWN) lostKeys.push(key);
		}
		for (const [key, { count, event }] of this.delivered) {
			const wanted = this.expected.get(key)?.length;
			const twice = count - (wanted ?? 1);
			if (wanted === undefined && event === 'created') sum.unknown++;
			if (twice <= 0) continue;
			sum.twice += twice;
			if (twiceKeys.length < KEYS_SHOWN) twiceKeys.push(key);
		}
		return {
			...sum,
			events: { ...this.events },
			requests: this.requestCount,
			exchanges: this.exchanges,
			rows: this.rowCount,
			remediations: this.remediations.length,
			lostKeys,
			twiceKeys,
		};
	}

	/** Starts counting anew: nothing was raised, asked or delivered. */
	reset(): void {
		this.requests = [];
		this.remediations = [];
		this.exchanges = 0;
		this.requestCount = 0;
		this.rowCount = 0;
		this.expected.clear();
		this.delivered.clear();
		this.events = {};
		this.latency = new Latency();
		this.tally = new Tally();
		this.groups.clear();
		this.newestShown = this.newestDelivered = -Infinity;
	}

	/** The nth delivery of a key answers its nth expectation; what is delivered beyond those has no latency. */
	private time(key: string, nth: number): void {
		const visibleAt = this.expected.get(key)?.[nth - 1];
		if (visibleAt === undefined) return;
		this.latency.note(this.now(), Math.max(0, this.now() - visibleAt));
		this.newestDelivered = Math.max(this.newestDelivered, visibleAt);
		const group = this.groups.get(key);
		this.groups.delete(key);
		if (group && --group.left === 0) group.done();
	}
}

/** What the node writes on every item. */
function marksOf(item: unknown): { key: string; event: string } {
	const marks = isObject(item)
		? [item, item.cynet].find((holder) => isObject(holder) && typeof holder.dedupKey === 'string')
		: undefined;
	if (!isObject(marks))
		throw new BadInput(
			'dedupKey',
			'send the items of Cynet Trigger as they are: with "dedupKey", or with "cynet.dedupKey" if they are raw',
		);
	return {
		key: marks.dedupKey as string,
		event: typeof marks.event === 'string' ? marks.event : 'created',
	};
}

import {
	BadInput,
	anything,
	checkFields,
	either,
	isObject,
	object,
	oneOf,
	text,
	whole,
	type Checks,
} from './control/checks.mts';
import { LIES, type Lie } from './http/lies.mts';
import { PAGES, type PageName } from './http/pages.mts';
import type { RequestRecord } from './ledger.mts';

const FAULT_KINDS = [
	'status',
	'timeout',
	'slow',
	'reset',
	'half',
	'truncated',
	'html',
	'foreign',
	'null',
	'noEntities',
	'nullEntities',
	'bareArray',
	'noContent',
	'redirect',
	'echoSecrets',
	'trickle',
	'page',
	'bom',
	'doubledRows',
	...(Object.keys(LIES) as Lie[]),
] as const;

/** Faults that say "no alerts" without saying that anything went wrong. */
export const EMPTY_ANSWERS = [
	'null',
	'noEntities',
	'nullEntities',
	'bareArray',
	'noContent',
] as const satisfies readonly FaultKind[];

export type FaultKind = (typeof FAULT_KINDS)[number];

interface Match {
	/** An exact path, or its beginning with a `*` after it. Without it a fault meets every path below `/api/`. */
	path?: string;
	method?: string;
	/** The `client_id` of the request. */
	site?: string;
	/** Only the nth request that matches the rest, counted from 1. */
	page?: number;
}

export interface Fault {
	kind: FaultKind;
	match?: Match;
	/** How often it is played; 0 or `forever` = until cleared. */
	times?: number | 'forever';
	/** How long it is played at most, from now on. */
	forSeconds?: number;
	/** Matching requests to let pass first. */
	skip?: number;
	/** For `status`: the status, 500 unless given. */
	status?: number;
	/** For `status`: seconds, or a date as text. */
	retryAfter?: number | string;
	/** For `status`: JSON, or text as it is. */
	body?: unknown;
	headers?: Record<string, string>;
	/** For `slow`: how long the answer, made at once, is held back. */
	delayMs?: number;
	/** For `redirect`: where to. */
	location?: string;
	/** For `trickle`: milliseconds between two bytes, 1000 unless given. */
	everyMs?: number;
	/** For `trickle`: after so many bytes the rest comes at once; never, unless given. */
	wholeAfter?: number;
	/** For `page`: which one, `maintenance` unless given. */
	page?: PageName;
}

const CHECKS: Checks = {
	kind: oneOf(...FAULT_KINDS),
	match: object,
	times: either(whole(0), oneOf('forever')),
	forSeconds: whole(1),
	skip: whole(0),
	status: whole(200, 599),
	retryAfter: either(whole(0), text),
	body: anything,
	headers: {
		expects: 'an object of texts',
		holds: (value) =>
			isObject(value) && Object.values(value).every((header) => typeof header === 'string'),
	},
	delayMs: whole(0),
	location: text,
	everyMs: whole(1),
	wholeAfter: whole(0),
	page: oneOf(...Object.keys(PAGES)),
};

const MATCH_CHECKS: Checks = { path: text, method: text, site: text, page: whole(1) };

interface Armed {
	readonly fault: Fault;
	readonly skip: number;
	readonly times: number;
	readonly endsAt: number;
	seen: number;
	played: number;
}

function arm(fault: Fault, now: number): Armed {
	checkFields(fault, CHECKS, ['kind']);
	const { page } = checkFields(fault.match ?? {}, MATCH_CHECKS) as Match;
	if (page !== undefined && fault.skip !== undefined)
		throw new BadInput('skip', 'send either skip or match.page; both count matching requests');
	const times = fault.times ?? 1;
	return {
		fault,
		skip: page ? page - 1 : (fault.skip ?? 0),
		times: times === 0 || times === 'forever' ? Infinity : times,
		endsAt: now + (fault.forSeconds ?? Infinity) * 1000,
		seen: 0,
		played: 0,
	};
}

/** Faults that wait for their requests. */
export class Faults {
	private armed: Armed[] = [];

	/**
	 * @param now true time, milliseconds
	 * @param timedOut told of each fault whose time is over
	 */
	constructor(
		private readonly now: () => number,
		private readonly timedOut: (fault: Fault, endedAt: number) => void,
	) {}

	/** Arms all of the faults or, with {@link BadInput} for one that cannot be played, none. */
	add(...faults: readonly Fault[]): void {
		const now = this.now();
		this.armed.push(...faults.map((fault) => arm(fault, now)));
	}

	clear(): void {
		this.armed = [];
	}

	/** The faults still to be played, oldest first. */
	list(): Fault[] {
		this.settle();
		return this.armed.map(({ fault }) => fault);
	}

	/** When the fault ends that is the last one to time out; null if none of them does. */
	get endsAt(): number | null {
		this.settle();
		const ends = this.armed.map(({ endsAt }) => endsAt).filter(Number.isFinite);
		return ends.length > 0 ? Math.max(...ends) : null;
	}

	/**
	 * The fault for this request: the oldest that matches it and has not been played out. Every match
	 * counts for `skip`.
	 */
	take(request: Pick<RequestRecord, 'path' | 'method' | 'clientId'>): Fault | null {
		this.settle();
		let taken: Armed | null = null;
		for (const armed of this.armed) {
			if (!matches(armed.fault.match ?? {}, request)) continue;
			armed.seen++;
			if (taken === null && armed.seen > armed.skip) taken = armed;
		}
		if (taken === null) return null;
		taken.played++;
		if (taken.played >= taken.times) this.armed = this.armed.filter((armed) => armed !== taken);
		return taken.fault;
	}

	/** Drops what has timed out. */
	private settle(): void {
		const now = this.now();
		const over = this.armed.filter(({ endsAt }) => endsAt <= now);
		if (over.length === 0) return;
		this.armed = this.armed.filter((armed) => !over.includes(armed));
		for (const { fault, endsAt } of over) this.timedOut(fault, endsAt);
	}
}

function matches(
	{ path = '/api/*', method, site }: Match,
	request: Pick<RequestRecord, 'path' | 'method' | 'clientId'>,
): boolean {
	const onPath = path.endsWith('*')
		? request.path.startsWith(path.slice(0, -1))
		: request.path === path;
	return (
		onPath &&
		(method === undefined || method.toUpperCase() === request.method) &&
		(site === undefined || site === request.clientId)
	);
}

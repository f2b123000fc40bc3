import type { AlertPage, AlertQuery } from '../../nodes/shared/api/types.ts';
import type { PageFailure } from '../../nodes/shared/feed/cursor-state.ts';
import { ModelServer, type Row, type ServerTraits } from './server.mts';

/** What a server cannot do, ever. */
export interface Limits {
	/** Its Offset ends there; 0 = nowhere. */
	readonly offsetEnds: number;
	/** How it answers behind that. */
	readonly behind: 'refused' | 'empty';
	/** How it answers a page that holds a poison row. */
	readonly poisonIs: 'refused' | 'timedOut';
}

/** What goes wrong with it for some time. */
export interface Faults {
	/** Lists that go back further are not served, in milliseconds; 0 = all are. */
	wide: number;
	wideIs: 'refused' | 'timedOut';
	/** Of how many requests (in a hundred) the answer is an empty list that may be none. */
	lies: number;
	/** … the answer is status 500. */
	breaks: number;
	/** … one clock of the answer is an hour behind. */
	clocks: number;
	/** Pages of more rows are not served in time; 0 = all are. */
	slow: number;
	/** The list of changes is answered 500. */
	noChanges: boolean;
}

export const healthy = (): Faults => ({
	wide: 0,
	wideIs: 'refused',
	lies: 0,
	breaks: 0,
	clocks: 0,
	slow: 0,
	noChanges: false,
});

const REFUSED: PageFailure = { status: 500, mayBeThisPage: true, timedOut: false };
const TIMED_OUT: PageFailure = { status: null, mayBeThisPage: true, timedOut: true };

/** The model server with limits and faults. */
export class RefusingServer extends ModelServer {
	faults = healthy();
	readonly poison = new Set<Row>();
	private random: number;

	constructor(
		traits: ServerTraits,
		start: number,
		private readonly limits: Limits,
		seed: number,
	) {
		super(traits, start);
		this.random = (seed % 0x7ffffffe) + 1;
	}

	/**
	 * Whether a row behind one that cannot be served can be asked for: neither the whole list nor a
	 * part of it can leave it out otherwise.
	 */
	get reachesEachRow(): boolean {
		return !this.traits.ignoresOffset && this.limits.offsetEnds === 0;
	}

	/** A page, or why there is none. */
	serve(query: AlertQuery): AlertPage | PageFailure {
		const { wide, wideIs, slow, noChanges } = this.faults;
		if (this.happens(this.faults.breaks)) return REFUSED;
		if (noChanges && query.list === 'changed') return REFUSED;
		if (wide > 0 && this.time - query.since > wide)
			return wideIs === 'refused' ? REFUSED : TIMED_OUT;
		if (slow > 0 && query.list !== 'unpaged' && query.limit > slow) return TIMED_OUT;
		if (this.happens(this.faults.lies))
			return {
				rows: [],
				clocks: { stated: this.time, date: null },
				conclusive: false,
				warnings: ['a lie'],
			};
		const { offsetEnds, behind, poisonIs } = this.limits;
		const ends = offsetEnds > 0 && query.list !== 'unpaged' && query.offset >= offsetEnds;
		if (ends && behind === 'refused') return REFUSED;
		const page = this.answer(query);
		const ids = new Set([...this.poison].map(({ id }) => id));
		if (!ends && page.rows.some((row) => ids.has((row as { ClientDbId: number }).ClientDbId)))
			return poisonIs === 'refused' ? REFUSED : TIMED_OUT;
		const rows = ends ? [] : page.rows;
		if (!this.happens(this.faults.clocks)) return { ...page, rows };
		return {
			...page,
			rows,
			clocks: { stated: this.time - 3600_000, date: this.time },
			warnings: ['two clocks'],
		};
	}

	private happens(inHundred: number): boolean {
		this.random = (this.random * 48_271) % 0x7fffffff;
		return this.random % 100 < inHundred;
	}
}

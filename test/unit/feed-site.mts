import type { AlertPage } from '../../nodes/shared/api/types.ts';
import { SitePoll, type FeedSettings } from '../../nodes/shared/feed/site-poll.ts';
import { freshState, unpackState, type SiteState } from '../../nodes/shared/feed/state.ts';
import { AlertList, NOON, SETTINGS, SITE, page, type Trouble } from './feed-list.mts';

export function stateOf(packed: string | null): SiteState {
	if (packed === null) return freshState();
	const found = unpackState(packed, SITE);
	if (found.kind !== 'ok') throw new Error(`The state is ${found.kind}`);
	return found.state;
}

export interface Row {
	ClientDbId: number | string;
	DateIn: string;
	LastSeen: string;
	DateChanged?: string;
}

/** A site and the polls of it, one state after the other. */
export class Site {
	readonly list = new AlertList();
	packed: string | null = null;
	warnings: readonly string[] = [];
	trouble: Trouble = (_, answer) => answer();
	readonly lists: string[] = [];

	constructor(readonly settings: Partial<FeedSettings> = {}) {}

	begin(settings: Partial<FeedSettings> = {}): SitePoll {
		return new SitePoll(SITE, stateOf(this.packed), {
			...SETTINGS,
			now: this.list.now ?? NOON,
			...this.settings,
			...settings,
		});
	}

	/** One poll, cut after so many pages; the keys without the site, with the event where it is not `created`. */
	poll(settings: Partial<FeedSettings> = {}, pages = Infinity): string[] {
		const poll = this.begin(settings);
		this.lists.length = 0;
		for (
			let query = poll.next(), page = 0;
			query !== null && page < pages;
			query = poll.next(), page++
		) {
			this.lists.push(query.list);
			const answer = this.trouble(query, () => this.answer(query!));
			if ('rows' in answer) poll.take(query, answer);
			else poll.fail(query, answer);
			if (page > 1000) throw new Error('The poll does not end');
		}
		this.packed = poll.pack();
		this.warnings = poll.warnings;
		return poll.alerts.map(
			({ event, dedupKey }) =>
				`${event === 'created' ? '' : `${event} `}${dedupKey.replace('cynet:1001:', '')}`,
		);
	}

	after(ms: number, settings: Partial<FeedSettings> = {}): string[] {
		this.list.now! += ms;
		return this.poll(settings);
	}

	set(id: number | string, changes: Partial<Row>): void {
		this.list.rows = this.list.rows.map((row) =>
			row.ClientDbId === id ? { ...row, ...changes } : row,
		);
	}

	readonly answer = (query: Parameters<AlertList['answer']>[0]): AlertPage => {
		if (query.list !== 'changed') return this.list.answer(query);
		const rows = (this.list.rows as Row[]).filter(
			({ DateChanged }) => DateChanged && Date.parse(DateChanged) >= query.since,
		);
		return page(rows.slice(query.offset, query.offset + query.limit), this.list.now);
	};
}

export const iso = (time: number) => new Date(time).toISOString();

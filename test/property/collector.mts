import type { AlertPage, AlertQuery } from '../../nodes/shared/api/types.ts';
import type { FoundAlert } from '../../nodes/shared/feed/found.ts';
import { SitePoll, type FeedSettings } from '../../nodes/shared/feed/site-poll.ts';
import { freshState, unpackState } from '../../nodes/shared/feed/state.ts';

export const SITE = { server: 'https://model.api.cynet.com', clientId: '1001' };
export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;

interface PollOptions {
	/** Pages after which the budget ends. */
	pages?: number;
	/** The request (from 1) that is not answered with a page: with status 500, or not at all. */
	failsAt?: number;
	how?: 'status' | 'reset';
}

/** Polls the feed as the trigger does, and keeps what n8n would keep. */
export class Collector {
	/** In memory. */
	state: string | undefined;
	/** In n8n's database: written with an emission only, as n8n's default engine does. */
	saved: string | undefined;
	readonly emitted: string[] = [];
	readonly items: FoundAlert[] = [];
	readonly warnings: string[] = [];
	requests = 0;
	private readonly activeSince: number;

	constructor(
		private readonly answer: (query: AlertQuery) => AlertPage,
		private readonly clientNow: () => number,
		private readonly settings: Partial<FeedSettings> = {},
		private readonly durable = false,
	) {
		this.activeSince = clientNow();
	}

	poll({ pages = Infinity, failsAt = Infinity, how = 'reset' }: PollOptions = {}): string[] {
		const found = unpackState(this.state, SITE);
		if (found.kind !== 'ok' && found.kind !== 'none') throw new Error(`The state is ${found.kind}`);
		const poll = new SitePoll(SITE, found.kind === 'ok' ? found.state : freshState(), {
			now: this.clientNow(),
			activeFor: this.clientNow() - this.activeSince,
			lookback: 24 * HOUR,
			overlap: 10 * MINUTE,
			sweep: 24 * HOUR,
			maxAlerts: 1000,
			events: ['created'],
			wanted: () => true,
			pageSize: 100,
			...this.settings,
		});
		let page = 0;
		for (let query = poll.next(); query !== null && page < pages; query = poll.next()) {
			this.requests++;
			if (++page === failsAt) {
				if (how === 'reset') break;
				poll.fail(query, { status: 500, mayBeThisPage: true, timedOut: false });
				continue;
			}
			poll.take(query, this.answer(query));
			if (page > 100_000) throw new Error('The poll does not end');
		}
		this.warnings.push(...poll.warnings);
		const keys = poll.alerts.map((alert) => alert.dedupKey);
		if (poll.isFresh) return [];
		this.state = poll.pack();
		this.emitted.push(...keys);
		this.items.push(...poll.alerts);
		if (keys.length > 0 || this.durable) this.saved = this.state;
		return keys;
	}

	restart(): void {
		this.state = this.saved;
	}
}

import type { INodeExecutionData } from 'n8n-workflow';
import { simplify, verbatim } from '../shared/alert/simplify';
import { clock } from '../shared/clock';
import type { FoundAlert } from '../shared/feed/found';
import type { SitePoll } from '../shared/feed/site-poll';

/**
 * Of the event loop: one to open the connection, one to write the request. With less, the work here
 * would hold the request up.
 */
const TURNS_TO_SEND = 2;

/** What n8n is given for an alert. */
export function itemOf(found: FoundAlert, simple: boolean): INodeExecutionData {
	return { json: simple ? simplify(found.alert, found) : verbatim(found.alert, found) };
}

/** The items of one poll of a site: made page by page, while the next page is on its way. */
export class Items {
	private readonly items: INodeExecutionData[] = [];

	constructor(
		private readonly poll: SitePoll,
		private readonly simple: boolean,
	) {}

	/** To be called as a request is begun: lets it be sent, and then makes items of what was found before it. */
	async makeMeanwhile(): Promise<void> {
		if (this.poll.alerts.length === 0) return;
		for (let turn = 0; turn < TURNS_TO_SEND; turn++) await clock.wait(0);
		this.all();
	}

	/** All that the poll has found so far. */
	all(): readonly INodeExecutionData[] {
		for (const found of this.poll.drain()) this.items.push(itemOf(found, this.simple));
		return this.items;
	}
}

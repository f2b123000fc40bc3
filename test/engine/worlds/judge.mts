import type { IDataObject } from 'n8n-workflow';
import type { Alerts, Chances, Row } from './alerts.mts';
import { HOUR, MINUTE, SECOND, iso } from './time.mts';

/** An item as the oracle reads it, simplified or verbatim. */
export interface Emitted {
	readonly row: Row | undefined;
	readonly event: string;
	readonly key: string;
	/** True time. */
	readonly at: number;
	readonly lastSeen: number;
	readonly changed: number;
}

export interface PollRecord {
	readonly start: number;
	readonly end: number;
	/** The server answered as it always does, and wanted no wait. */
	readonly proper: boolean;
	/** And the poll did not throw. */
	readonly good: boolean;
	/** As many alerts as one poll may emit, or more requests than one should need: the rest follows. */
	readonly full: boolean;
	/** Rows moved between two pages of it. */
	readonly moved: boolean;
	/** Answers hid rows, and nothing in them says so. */
	readonly hid: boolean;
	/** A warning in n8n's log, or an error. */
	readonly said: boolean;
}

/** From an alert's late appearance to the sweep that finds it. */
const SWEEP_AFTER = HOUR + 2 * MINUTE;
/** Polls that a sweep of several thousand rows may take. */
const SWEEP_POLLS = 13;
/** A word excuses a wait for so long, as long as the server answers. */
const MORE_POLLS = 10;
const BLIND_AFTER = 15 * MINUTE;

interface Patience {
	/** Polls in which an alert that is in time must be emitted. */
	readonly polls: number;
	/** How much later than it is visible an alert may be shown to a poll. */
	readonly delay: number;
}

/**
 * Follows each alert from its appearance to its emission. Rests on what the world knows alone:
 * which polls the server answered
 * properly. Never on the trigger's state.
 */
export class Judge {
	readonly complaints: string[] = [];
	readonly emitted: Emitted[] = [];
	private readonly created = new Set<Row>();
	private lastSaid = -Infinity;

	constructor(
		private readonly alerts: Alerts,
		private readonly wantsCreated: boolean,
		private readonly patience: Patience,
	) {}

	complain(text: string): void {
		this.complaints.push(text);
	}

	emit(json: IDataObject, at: number): void {
		const cynet = json.cynet as IDataObject | undefined;
		const of = (simple: string, ...raw: string[]) =>
			cynet ? raw.map((name) => json[name]).find((value) => value !== undefined) : json[simple];
		const row = this.alerts.byName.get(String(of('name', 'IncidentName')));
		const { event, dedupKey } = (cynet ?? json) as { event: string; dedupKey: string };
		if (event === 'created' && row) this.created.add(row);
		this.emitted.push({
			row,
			event,
			key: dedupKey,
			at,
			lastSeen: Date.parse(String(of('lastSeenAt', 'LastSeenUtc', 'LastSeen'))),
			changed: Date.parse(String(of('changedAt', 'DateChanged'))),
		});
	}

	/** @param isDue whether the alert is one that the trigger promised at all */
	polled(poll: PollRecord, isDue: (row: Row) => boolean): void {
		if (poll.said) this.lastSaid = poll.end;
		for (const row of this.alerts.rows) {
			if (poll.hid && poll.end >= row.visibleAt && row.knownAt === null && !this.created.has(row))
				Object.assign(row, { late: true, showedAt: poll.end });
			if (
				!poll.proper ||
				poll.full ||
				poll.moved ||
				poll.start < row.showedAt + this.patience.delay
			)
				continue;
			this.count(row, poll);
			if (row.knownAt === null && this.isDueAfter(row, row.good)) row.knownAt = poll.end;
			if (this.wantsCreated && !row.optional && !this.created.has(row) && !row.missed && isDue(row))
				this.wait(row, poll);
		}
	}

	private count(row: Row, { start, good }: PollRecord): void {
		const swept = start >= row.showedAt + this.patience.delay + SWEEP_AFTER;
		for (const chances of good ? [row.proper, row.good] : [row.proper]) {
			chances.polls++;
			if (swept) chances.sweeps++;
		}
	}

	/** Whether so many polls should have emitted it. */
	private isDueAfter(row: Row, { polls, sweeps }: Chances, more = 0): boolean {
		return row.late ? sweeps >= SWEEP_POLLS + more : polls >= this.patience.polls + more;
	}

	/** An alert that should have been emitted by now: in silence at once, with a word after some more polls. */
	private wait(row: Row, { end }: PollRecord): void {
		const waits = `after ${Math.round((end - row.visibleAt) / MINUTE)} minutes and ${row.proper.polls} polls`;
		if (this.isDueAfter(row, row.proper) && this.lastSaid < row.visibleAt)
			this.miss(row, `SILENT: ${waits} no created and no word`);
		else if (this.isDueAfter(row, row.proper, MORE_POLLS) && end - row.showedAt > BLIND_AFTER)
			this.miss(row, `BLIND: ${waits} with a server that answers, no created`);
	}

	private miss(row: Row, what: string): void {
		row.missed = true;
		this.complain(`${what}: ${textOf(row)}`);
	}

	/** What is not in what n8n kept, the trigger need not know. */
	forget(since: number): void {
		for (const row of this.alerts.rows) {
			if (row.knownAt === null || row.knownAt <= since) continue;
			row.knownAt = null;
			row.good = { polls: 0, sweeps: 0 };
		}
	}

	/** Whether there was a warning or an error from then on. */
	saidSince(at: number): boolean {
		return this.lastSaid >= at;
	}
}

export const textOf = (row: Row): string => {
	const late = row.visibleAt - row.dateIn > SECOND ? `, shown ${iso(row.visibleAt)}` : '';
	const odd = row.odd ? ', odd' : '';
	return `${row.name}, raised ${iso(row.dateIn)}${late}, seen ${iso(row.lastSeen)}, changed ${iso(row.changed)}${odd}`;
};

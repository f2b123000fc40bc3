import type { IDataObject } from 'n8n-workflow';
import type { Alerts, Row } from './alerts.mts';
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
	/** Sites that were asked for and whose server answered properly. */
	readonly good: ReadonlySet<string>;
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

export interface Patience {
	/** Polls in which an alert that is in time must be emitted. */
	readonly polls: number;
	/** How much later than it is visible an alert may be shown to a poll. */
	readonly delay: number;
}

/**
 * Follows each alert from its appearance to its emission. Rests on what the world knows alone: which polls the server answered
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
		const of = (simple: string, ...raw: string[]) => (cynet ? raw.map((name) => json[name]).find((value) => value !== undefined) : json[simple]);
		const row = this.alerts.byName.get(String(of('name', 'IncidentName')));
		const { event, dedupKey } = (cynet ?? json) as { event: string; dedupKey: string };
		if (event === 'created' && row) this.created.add(row);
		this.emitted.push({ row, event, key: dedupKey, at, lastSeen: Date.parse(String(of('lastSeenAt', 'LastSeenUtc', 'LastSeen'))), changed: Date.parse(String(of('changedAt', 'DateChanged'))) });
	}

	/** @param isDue whether the alert is one that the trigger promised at all */
	polled(poll: PollRecord, isDue: (row: Row) => boolean): void {
		if (poll.said) this.lastSaid = poll.end;
		for (const row of this.alerts.rows) {
			const showed = row.showedAt + this.patience.delay;
			if (poll.hid && poll.end >= row.visibleAt && row.knownAt === null && !this.created.has(row)) {
				row.late = true;
				row.showedAt = poll.end;
			}
			if (row.knownAt !== null || poll.start < showed || !poll.good.has(row.site) || poll.full || poll.moved) continue;
			row.chances++;
			if (poll.start >= showed + SWEEP_AFTER) row.sweepChances++;
			if (row.late ? row.sweepChances < SWEEP_POLLS : row.chances < this.patience.polls) continue;
			row.knownAt = poll.end;
			if (!this.wantsCreated || !isDue(row) || this.created.has(row) || row.optional) continue;
			if (this.lastSaid < row.visibleAt) this.complain(`SILENT: after ${Math.round((poll.end - row.visibleAt) / MINUTE)} minutes no created and no word: ${textOf(row)}`);
		}
	}

	/** What is not in what n8n kept, the trigger need not know. */
	forget(since: number): void {
		for (const row of this.alerts.rows) {
			if (row.knownAt === null || row.knownAt <= since) continue;
			Object.assign(row, { knownAt: null, chances: 0, sweepChances: 0 });
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

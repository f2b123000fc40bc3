import type { AlertEvent, RawAlert } from '../alert/identity';
import { dedupKey } from '../alert/identity';

/** An alert to emit. */
export interface FoundAlert {
	readonly alert: RawAlert;
	readonly event: AlertEvent;
	readonly clientId: string;
	readonly dedupKey: string;
}

/** Which events to emit. */
export interface Choice {
	readonly events: readonly AlertEvent[];
	/** The user's filters. An alert that they leave out is remembered all the same. */
	readonly wanted: (alert: RawAlert) => boolean;
	/** Most alerts to find in one poll. */
	readonly maxAlerts: number;
}

/** What one poll of a site has found so far, over all its lists. */
export class FoundAlerts {
	/** Found since the last call of `drain`. */
	alerts: FoundAlert[] = [];
	private drained = 0;
	/** Rows that are no JSON objects: they cannot be emitted. */
	malformed = 0;
	/** Rows that the server cannot serve. */
	skipped = 0;
	/** Ids that stand on several alerts: neither when they were raised nor their fingerprint is the same. */
	readonly shared = new Set<number | string>();
	/** Alerts that only the sweep found, and the longest time from LastSeen until then, in milliseconds. */
	readonly late = { count: 0, longest: 0 };

	constructor(
		private readonly clientId: string,
		private readonly choice: Choice,
	) {}

	wants(event: AlertEvent): boolean {
		return this.choice.events.includes(event);
	}

	get count(): number {
		return this.drained + this.alerts.length;
	}

	get full(): boolean {
		return this.count >= this.choice.maxAlerts;
	}

	/** Gives away what was found since the last call. */
	drain(): readonly FoundAlert[] {
		const { alerts } = this;
		this.drained += alerts.length;
		this.alerts = [];
		return alerts;
	}

	/** What is uncertain about alerts that were emitted, and how many each time. */
	readonly doubts = new Map<string, number>();

	noteDoubt(why: string): void {
		this.doubts.set(why, (this.doubts.get(why) ?? 0) + 1);
	}

	/** A `created` that no forward scan has met. */
	noteLate(by: number): void {
		this.late.count++;
		this.late.longest = Math.max(this.late.longest, by);
	}

	/** Whether this event is to be emitted. */
	chooses(event: AlertEvent | null, alert: RawAlert): event is AlertEvent {
		return event !== null && this.wants(event) && this.choice.wanted(alert);
	}

	/** @param at of a recurrence or change; milliseconds since the epoch */
	add(event: AlertEvent, alert: RawAlert, id: number | string, at: number | null): void {
		this.alerts.push({
			alert,
			event,
			clientId: this.clientId,
			dedupKey: dedupKey(this.clientId, id, at),
		});
	}
}

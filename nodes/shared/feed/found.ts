import type { AlertEvent, RawAlert } from '../alert/identity';
import { dedupKey } from '../alert/identity';

/** An alert to hand over. */
export interface FoundAlert {
	readonly alert: RawAlert;
	readonly event: AlertEvent;
	readonly clientId: string;
	readonly dedupKey: string;
}

/** Which happenings to hand over. */
export interface Choice {
	readonly events: readonly AlertEvent[];
	/** The user's filters. An alert that they leave out is remembered all the same. */
	readonly wanted: (alert: RawAlert) => boolean;
	/** Most alerts to find in one poll. */
	readonly maxAlerts: number;
}

/** What one poll of a site has found so far, over all its lists. */
export class Findings {
	/** Found, and not released yet. */
	alerts: FoundAlert[] = [];
	private released = 0;
	/** Rows that are no JSON objects: they cannot be handed over. */
	malformed = 0;

	constructor(
		private readonly clientId: string,
		private readonly choice: Choice,
	) {}

	wants(event: AlertEvent): boolean {
		return this.choice.events.includes(event);
	}

	get count(): number {
		return this.released + this.alerts.length;
	}

	get full(): boolean {
		return this.count >= this.choice.maxAlerts;
	}

	/** Gives away what was found since the last call. */
	release(): readonly FoundAlert[] {
		const { alerts } = this;
		this.released += alerts.length;
		this.alerts = [];
		return alerts;
	}

	/** Whether this happening is to be handed over. */
	chooses(event: AlertEvent | null, alert: RawAlert): event is AlertEvent {
		return event !== null && this.wants(event) && this.choice.wanted(alert);
	}

	/** @param at when it happened, where one alert can happen more than once; milliseconds since the epoch */
	add(event: AlertEvent, alert: RawAlert, id: number | string, at: number | null): void {
		this.alerts.push({ alert, event, clientId: this.clientId, dedupKey: dedupKey(this.clientId, id, at) });
	}
}

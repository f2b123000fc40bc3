import type { RaiseInput, Simulator } from '../../../simulator/simulator.mts';
import type { Event } from './plan.mts';
import { DAY, MINUTE, SECOND, type Time } from './time.mts';

const LATENESS = [11, 30, 60, 110, 60 * 5, 60 * 12, 60 * 23].map((minutes) => minutes * MINUTE);

/** Polls in which an alert could have been emitted, and of these those that began an hour after it had shown up. */
export interface Chances {
	polls: number;
	sweeps: number;
}

/** An alert as the world knows it. Times are true times; stamps are cut to the server's precision. */
export interface Row {
	readonly site: string;
	/** Its IncidentName, which no other alert has: ids may be anything. */
	readonly name: string;
	readonly id: number;
	readonly dateIn: number;
	readonly visibleAt: number;
	/** Its fields are odd: it is left alone after it was raised. */
	readonly odd: boolean;
	/** A row that may be skipped, if a warning says so. */
	readonly optional: boolean;
	lastSeen: number;
	changed: number;
	/** When it recurred, or was changed, last. */
	recurredAt: number;
	changedAt: number;
	/** Polls with a server that answered properly, and of these those that did not throw. */
	readonly proper: Chances;
	good: Chances;
	/** It was complained of that it waits. */
	missed: boolean;
	/** From when on the trigger must know it. */
	knownAt: number | null;
	/** An answer that hid it makes it as good as late, and so makes a pause where a server refuses wide windows. */
	showedAt: number;
	late: boolean;
}

interface RaiseOptions {
	count?: number;
	/** When it was raised; now, unless given. */
	at?: number;
	visibleAt?: number;
	odd?: boolean;
	optional?: boolean;
	fields?: RaiseInput;
}

/** The alerts of a world, in step with the simulator's. */
export class Alerts {
	readonly rows: Row[] = [];
	readonly byName = new Map<string, Row>();
	/** Fields that every alert has. */
	fieldsOf: (number: number) => RaiseInput = () => ({});

	constructor(
		private readonly simulator: Simulator,
		private readonly time: Time,
		private readonly overlap: number,
	) {}

	raise(
		site: string,
		{
			count = 1,
			at = this.time.now,
			visibleAt = at,
			odd = false,
			optional = false,
			fields = {},
		}: RaiseOptions,
	): void {
		for (let i = 0; i < count; i++) {
			const name = `alert ${this.rows.length + 1} of ${site}`;
			const { firstId: id } = this.simulator.fill(1, {
				...this.fieldsOf(this.rows.length),
				...fields,
				site,
				at,
				visibleAt,
				IncidentName: name,
			});
			const stamp = this.stamp(at);
			const late = visibleAt - stamp > this.overlap + 2 * SECOND;
			const row: Row = {
				site,
				name,
				id,
				odd,
				optional,
				late,
				dateIn: stamp,
				visibleAt,
				lastSeen: stamp,
				changed: stamp,
				recurredAt: 0,
				changedAt: 0,
				proper: { polls: 0, sweeps: 0 },
				good: { polls: 0, sweeps: 0 },
				missed: false,
				knownAt: null,
				showedAt: visibleAt,
			};
			this.rows.push(row);
			this.byName.set(name, row);
		}
	}

	/** Alerts that come as a plan says: late by less than `most` where they are late at all. */
	arrive(
		site: string,
		{ count, lateBy, late }: Extract<Event, { kind: 'raise' }>,
		most: number,
	): void {
		const { now } = this.time;
		const lateness = late < 20 ? LATENESS.filter((ms) => ms < most)[late >> 1] : undefined;
		if (lateness === undefined) this.raise(site, { count, visibleAt: now + lateBy });
		else if (late % 2 === 1)
			this.raise(site, { count: Math.min(count, 4), at: now - lateness, visibleAt: now });
		else this.raise(site, { count: Math.min(count, 4), visibleAt: now + lateness });
	}

	/** Rows that can recur and change now. */
	movable(site: string): Row[] {
		return this.rows.filter(
			(row) => row.site === site && !row.odd && row.visibleAt <= this.time.now,
		);
	}

	/** @param at its new stamp; now, unless given */
	move(row: Row, what: 'recur' | 'change', at?: number): void {
		// Two events of one alert within a second are one to the trigger.
		const stamps = [row.dateIn, row.lastSeen, row.changed].filter(
			(stamp) => stamp < this.time.now + DAY,
		);
		this.time.now = Math.max(this.time.now, ...stamps.map((stamp) => stamp + 2 * SECOND));
		const stamp = this.stamp(at ?? this.time.now);
		if (what === 'recur') {
			row.lastSeen = stamp;
			row.recurredAt = this.time.now;
			this.simulator.recur(row.site, row.id, stamp);
		} else {
			row.changed = stamp;
			row.changedAt = this.time.now;
			this.simulator.change(row.site, row.id, undefined, stamp);
		}
	}

	private stamp(at: number): number {
		return this.simulator.settings.precision === 's' ? Math.floor(at / SECOND) * SECOND : at;
	}
}

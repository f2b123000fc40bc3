import type { AlertEvent } from '../../../nodes/shared/alert/identity.ts';
import type { Row } from './alerts.mts';
import { textOf, type Emitted, type Judge } from './judge.mts';
import { iso } from './time.mts';

/** What the trigger promised, as far as the world can know. */
interface Promises {
	readonly events: readonly AlertEvent[];
	/** Whether its creation is to be emitted; null where either is right. */
	created(row: Row): boolean | null;
	/** Whether its last recurrence, or change, is. */
	recurred(row: Row): boolean;
	updated(row: Row): boolean;
	/**
	 * Whether the server refuses to go back to that time (its birth unless given) at every poll after
	 * it was shown: then it need not arrive, but not in silence.
	 */
	outOfReach(row: Row, stamp?: number, shownAt?: number): boolean;
}

/** What was promised and not kept: lost, twice, or in silence. */
export function verdict(rows: readonly Row[], judge: Judge, promises: Promises): string[] {
	const complaints = [...judge.complaints, ...keysOf(judge.emitted)];
	const ofRow = new Map<Row, Emitted[]>();
	for (const emitted of judge.emitted) {
		if (!promises.events.includes(emitted.event as AlertEvent))
			complaints.push(`${emitted.event} was not asked for`);
		if (!emitted.row) complaints.push(`LOST: ${emitted.key} is no alert of this world`);
		else ofRow.set(emitted.row, [...(ofRow.get(emitted.row) ?? []), emitted]);
	}
	for (const row of rows) complaints.push(...broken(row, ofRow.get(row) ?? [], judge, promises));
	return complaints;
}

/** A target tells alerts apart by their key. */
function keysOf(all: readonly Emitted[]): string[] {
	const times = new Map<string, number>();
	for (const { key } of all) times.set(key, (times.get(key) ?? 0) + 1);
	return [...times]
		.filter(([, count]) => count > 1)
		.map(([key, count]) => `TWICE: ${key} was emitted ${count} times`);
}

function broken(
	row: Row,
	emitted: readonly Emitted[],
	judge: Judge,
	{ events, created, recurred, updated, outOfReach }: Promises,
): string[] {
	const complaints: string[] = [];
	const history =
		emitted
			.map(
				({ event, at, lastSeen, changed }) =>
					`${event} at ${iso(at)} (${timeOf(lastSeen)} ${timeOf(changed)})`,
			)
			.join(', ') || 'nothing';
	const text = `${textOf(row)}: emitted ${history}`;
	const wants = (event: AlertEvent) => events.includes(event);
	const creations = emitted.filter(({ event }) => event === 'created').length;
	if (creations > 1) complaints.push(`TWICE: created ${creations} times: ${text}`);
	if (wants('created')) {
		const due = created(row);
		if (due === false && creations > 0)
			complaints.push(`TWICE: created, though from before the start: ${text}`);
		if (due === true && creations === 0) {
			if ((row.optional || outOfReach(row)) && judge.saidSince(row.visibleAt)) return complaints;
			complaints.push(
				`LOST${judge.saidSince(row.visibleAt) ? '' : ' in silence'}: created is missing: ${text}`,
			);
		}
	}
	if (row.optional || outOfReach(row)) return complaints;
	if (
		wants('recurred') &&
		recurred(row) &&
		!outOfReach(row, row.lastSeen, row.lastSeen) &&
		!emitted.some(({ event, lastSeen }) => event !== 'updated' && lastSeen === row.lastSeen)
	)
		complaints.push(`LOST: the last recurrence is missing: ${text}`);
	if (wants('updated')) {
		const changes = emitted
			.filter(({ event }) => event === 'updated')
			.map(({ changed }) => changed);
		if (
			updated(row) &&
			!outOfReach(row, row.changed, row.changed) &&
			!changes.includes(row.changed)
		)
			complaints.push(`LOST: the last change is missing: ${text}`);
		if (!row.odd && changes.includes(row.dateIn))
			complaints.push(`TWICE: its creation was emitted as a change: ${text}`);
	}
	return complaints;
}

const timeOf = (at: number) => (Number.isNaN(at) ? '?' : iso(at));

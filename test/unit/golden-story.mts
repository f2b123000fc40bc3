import { beginScan } from '../../nodes/shared/api/scan.ts';
import { freshCursor } from '../../nodes/shared/feed/cursor-state.ts';
import { Marks } from '../../nodes/shared/feed/marks.ts';
import { noSideScan } from '../../nodes/shared/feed/side-scan.ts';
import { freshState, packState } from '../../nodes/shared/feed/state.ts';
import { DAY, HOUR, MINUTE, NOON, SITE } from './feed-list.mts';

export const HORIZONS = { keys: 0, recurrences: 0, changes: 0 };

const rows = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

/** A state with everything in it: a scan of each kind under way, ids with text among them, marks, a replay. */
export function everything(): string {
	const state = freshState();
	state.revision = 3;
	Object.assign(state.alerts, {
		start: NOON - DAY,
		lookbackAtLeast: DAY,
		cursor: NOON,
		forward: {
			...beginScan(NOON - 10 * MINUTE - 1000),
			mark: NOON + 2 * HOUR,
			offset: 195,
			pages: 2,
			tail: rows(191, 195),
			first: '96',
			firstAt: 95,
			ascendsFrom: NOON - 10 * MINUTE,
			ascendsTo: NOON,
		},
		leftBehind: NOON - HOUR,
		dateAhead: 2 * HOUR,
		narrowFrom: NOON - 11 * MINUTE,
		recheck: {
			owed: NOON - HOUR,
			owedSince: NOON,
			next: NOON - 30 * MINUTE,
			scan: {
				...beginScan(NOON - HOUR - 1000, 50),
				mark: NOON,
				offset: 8,
				size: 1,
				pages: 1,
				tail: rows(4, 8),
				first: '1',
				ascendsFrom: NOON - HOUR,
				ascendsTo: NOON - HOUR,
				probe: 2,
				reach: 9,
				doubt: 1,
			},
			failedAt: NOON,
			refusals: 1,
			failures: 2,
		},
		sweep: {
			owed: NOON - 6 * HOUR,
			owedSince: NOON,
			next: NOON - 2 * HOUR,
			scan: {
				...beginScan(NOON - 6 * HOUR - 1000),
				mark: NOON,
				offset: 100,
				pages: 1,
				tail: rows(96, 100),
				first: '1',
				moved: true,
			},
			failedAt: NOON,
			refusals: 1,
			failures: 1,
		},
		sweptTo: NOON - HOUR,
		sweptAt: NOON,
		longest: 100,
		slow: { size: 50, until: NOON + HOUR },
		unpagedUntil: NOON,
	});
	for (let id = 1; id <= 199; id++) state.known.add(id, NOON - HOUR, NOON);
	state.known.add('text-1', NOON, NOON);
	state.recurrences = Marks.from(NOON - HOUR);
	state.recurrences.set(1, NOON - 10 * MINUTE);
	state.recurrences.set('text-1', NOON - 10 * MINUTE);
	const changes = {
		cursor: {
			...freshCursor(),
			start: NOON,
			cursor: NOON,
			sweptTo: NOON,
			sweptAt: NOON,
			recheck: noSideScan(),
			longest: 63,
		},
		marks: Marks.from(NOON - 1),
	};
	changes.marks.set(7, NOON);
	const before = packState({ ...freshState(), revision: 2 }, SITE, HORIZONS);
	return packState({ ...state, changes, replay: { process: 'p1', before } }, SITE, HORIZONS);
}

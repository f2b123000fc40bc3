import type { IDataObject } from 'n8n-workflow';

import { parseTime } from '../../alert/time';
import { clock } from '../../clock';
import { parseHttpDate } from '../../api/time';
import { askRows, keyOf, timeOf } from '../rows';
import type { Reply } from '../session';
import { step, undecided, type Finding } from '../step';
import { small, told } from '../told';

const MINUTE = 60_000;
/** How far back each reading goes: what shows up later than that is not seen. */
const DEPTH = 60 * MINUTE;
const MOST_READINGS = 15;
/** What the life of a token needs of the requests that are left. */
const FOR_TOKEN_LIFE = 11;

interface Watched {
	readonly readings: number;
	/** How long after its LastSeen an alert was there first, at least and at most, in milliseconds. */
	readonly late: ReadonlyArray<{ readonly least: number; readonly most: number }>;
	readonly recurrences: ReadonlyArray<{
		readonly changedMoved: boolean;
		readonly reopened: boolean;
	}>;
}

/** Reads the list again and again: how late alerts show up, and what a recurrence moves. */
export const watch = step<Watched>(
	['lateness', 'recurrence'],
	async (session, known) => {
		const { watchMinutes, tokenLife } = known.options;
		const left = session.left - (tokenLife ? FOR_TOKEN_LIFE : 0);
		const readings = Math.min(MOST_READINGS, Math.max(Math.min(4, session.left), left));
		if (watchMinutes === 0 || readings < 2) return null;
		const pause = (watchMinutes * MINUTE) / (readings - 1);
		const seen = new Map<string, IDataObject>();
		const late: Array<{ least: number; most: number }> = [];
		const recurrences: Array<{ changedMoved: boolean; reopened: boolean }> = [];
		const from = clock.now() - DEPTH;
		let before: number | null = null;
		let done = 0;
		for (let reading = 0; reading < readings; reading++) {
			if (reading > 0 && !(await session.wait(pause))) break;
			const { rows, reply } = await askRows(session, known, from, { Limit: known.cap ?? 500 });
			if (rows === null) continue;
			done++;
			const now = serverTime(reply);
			for (const row of rows) {
				const last = seen.get(keyOf(row));
				const stamp = timeOf(row, 'LastSeen');
				if (last === undefined && before !== null && stamp !== null)
					late.push({ least: Math.max(0, before - stamp), most: Math.max(0, now - stamp) });
				const stampBefore = last === undefined ? null : timeOf(last, 'LastSeen');
				if (last !== undefined && stamp !== null && stampBefore !== null && stamp > stampBefore)
					recurrences.push({
						changedMoved: timeOf(row, 'DateChanged') !== timeOf(last, 'DateChanged'),
						reopened: last.Status === 3 && row.Status === 0,
					});
				seen.set(keyOf(row), row);
			}
			before = now;
		}
		return { readings: done, late, recurrences };
	},
	(watched) => [latenessOf(watched), recurrenceOf(watched)],
);

function serverTime(reply: Reply): number {
	const stated = parseTime((reply.body as { SyncTimeUtc?: unknown } | null)?.SyncTimeUtc);
	return stated ?? parseHttpDate(reply.headers.date) ?? reply.at;
}

const OVERLAP = 10;

function latenessOf({ late, readings }: Watched): Finding {
	const id = 'lateness';
	if (late.length === 0) return undecided(id, told`no alert came in ${readings} readings`);
	const latest = late.reduce((one, other) => (other.least > one.least ? other : one));
	const minutes = Math.floor(latest.least / MINUTE);
	const holds = minutes < OVERLAP;
	return {
		id,
		answer: holds ? 'same' : 'more',
		seen: told`of ${late.length} new alerts the latest came ${minutes} minutes or more after its LastSeen`,
		holds,
		figures: {
			count: small(late.length),
			readings,
			from: small(minutes),
			to: small(Math.ceil(latest.most / MINUTE)),
		},
	};
}

function recurrenceOf({ recurrences, readings }: Watched): Finding {
	const id = 'recurrence';
	if (recurrences.length === 0) return undecided(id, told`none was seen in ${readings} readings`);
	const moved = recurrences.filter(({ changedMoved }) => changedMoved).length;
	const reopened = recurrences.filter((one) => one.reopened).length;
	const all = recurrences.length;
	return {
		id,
		answer: moved === all ? 'moves' : moved === 0 ? 'stays' : 'mixed',
		seen: told`of ${all} recurrences ${moved} moved DateChanged, and ${reopened} reopened a closed alert`,
		holds: true,
		figures: { count: small(all), moves: small(moved), reopens: small(reopened) },
	};
}

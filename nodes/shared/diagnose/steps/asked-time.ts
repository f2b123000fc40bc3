import type { IDataObject } from 'n8n-workflow';

import { formatTime } from '../../api/time';
import { askRows, keyOf, keysOf, timeOf } from '../rows';
import type { Reply, Session } from '../session';
import { isRefusal, step, undecided, type Figures, type Finding, type Known } from '../step';
import { told } from '../told';
import type { Word } from '../vocabulary';

const SECOND = 1000;
const QUARTER = 15 * 60_000;
/** No zone is further from Greenwich, in quarters of an hour. */
const FARTHEST = 14 * 4;
const MOST_ROWS = 1000;

/** An alert whose place in the list is told by the asked time. */
interface Probe {
	readonly key: string;
	readonly stamp: number;
}

interface AskedTime {
	readonly probe: Probe;
	/** Whether it was listed when asked one second before its stamp, at it, and one second after it. */
	readonly listed: ReadonlyArray<boolean | null>;
	/** How far east the asked time is read, in minutes; null where that is not known, or was not looked at. */
	readonly zoneMinutes: number | null;
	readonly filterIgnored: boolean;
	readonly forms: Readonly<Record<string, Word>>;
}

/** A real alert's own stamp is asked for, and one second before and after it. */
export const askedTime = step<AskedTime>(
	['boundary', 'zone', 'formats'],
	async (session, known) => {
		const probe = probeOf(known);
		if (probe === null) return null;
		const look = lookerFor(session, known, probe);
		const { listed, before } = await lookAround(look, probe.stamp);
		if (isUsual(listed))
			return {
				probe,
				listed,
				zoneMinutes: 0,
				filterIgnored: false,
				forms: await askForms(session, known, probe, before),
			};
		if (listed[0] === null || listed[2] === null)
			return { probe, listed, zoneMinutes: null, filterIgnored: false, forms: {} };
		const zone = await findZone(look, probe);
		if (typeof zone !== 'number')
			return { probe, listed, zoneMinutes: null, filterIgnored: zone === 'ignored', forms: {} };
		// Another form may name its zone, so a stamp with a fraction tells nothing here.
		const isEven = probe.stamp % SECOND === 0;
		const shifted = isEven
			? await lookAround(look, probe.stamp + zone)
			: { listed: [true, null, false] };
		return {
			probe,
			listed: shifted.listed,
			zoneMinutes: zone / 60_000,
			filterIgnored: false,
			forms: {},
		};
	},
	(answers) => [boundaryOf(answers), zoneOf(answers), ...formatsOf(answers)],
);

/** The newest alert of a whole list; of a page, one at the end where the list begins or ends. */
function probeOf({ whole, sample }: Known): Probe | null {
	const rows = whole?.rows ?? sample?.rows ?? [];
	const stamped = rows
		.map((row) => ({ key: keyOf(row), stamp: timeOf(row, 'LastSeen') }))
		.filter((one): one is Probe => one.stamp !== null);
	if (stamped.length === 0) return null;
	const even = stamped.filter(({ stamp }) => stamp % SECOND === 0);
	const newest = (even.length > 0 ? even : stamped).reduce((one, other) =>
		other.stamp > one.stamp ? other : one,
	);
	if (whole !== null) return newest;
	const [first] = stamped as [Probe, ...Probe[]];
	const falls = stamped.every(({ stamp }) => stamp <= first.stamp);
	const rises = stamped.every(({ stamp }) => stamp >= first.stamp);
	return falls ? newest : rises ? first : null;
}

interface Look {
	readonly listed: boolean | null;
	readonly rows: readonly IDataObject[] | null;
}

type Looker = (time: number, form?: (time: number) => string) => Promise<Look>;

/** Whether the alert is listed when that time is asked for; null where a page does not tell. */
function lookerFor(session: Session, known: Known, probe: Probe): Looker {
	return async (time, form = formatTime) => {
		const asked = form(time);
		const { rows } = await askRows(session, known, asked, { Limit: known.cap ?? MOST_ROWS });
		if (rows === null) return { listed: null, rows };
		if (keysOf(rows).includes(probe.key)) return { listed: true, rows };
		// It may stand on a later page.
		const isFull = known.path !== '/api/alerts' && rows.length >= (known.cap ?? MOST_ROWS);
		if (!isFull || known.whole !== null) return { listed: false, rows };
		// A page in order that has only later ones begins behind the alert.
		const times = rows.map((row) => timeOf(row, 'LastSeen') ?? probe.stamp);
		const isPast = times.every((one) => one > probe.stamp);
		return { listed: isPast ? false : null, rows };
	};
}

async function lookAround(
	look: Looker,
	stamp: number,
): Promise<{ listed: Array<boolean | null>; before: Look }> {
	const isEven = stamp % SECOND === 0;
	const before = await look(stamp - SECOND);
	// The usual form has no fraction, so a stamp with one can only be asked for in another form.
	const at = await look(stamp, isEven ? undefined : (time) => new Date(time).toISOString());
	const after = await look(isEven ? stamp + SECOND : Math.ceil(stamp / SECOND) * SECOND);
	return { listed: [before.listed, at.listed, after.listed], before };
}

const isUsual = ([before, , after]: ReadonlyArray<boolean | null>): boolean =>
	before === true && after === false;

/** How much later a time must be asked for to mean the stamp, in milliseconds: by halving, in quarters of an hour. */
async function findZone(look: Looker, { stamp }: Probe): Promise<number | 'ignored' | null> {
	const isListed = async (quarters: number) =>
		(await look(stamp + quarters * QUARTER - SECOND)).listed;
	let low = -FARTHEST;
	let high = FARTHEST + 1;
	if ((await isListed(high)) !== false) return 'ignored';
	if ((await isListed(low)) !== true) return null;
	while (high - low > 1) {
		const middle = (low + high) >> 1;
		const listed = await isListed(middle);
		if (listed === null) return null;
		if (listed) low = middle;
		else high = middle;
	}
	return low * QUARTER;
}

/** Other forms of the time one second before the stamp. */
const FORMS: ReadonlyArray<readonly [name: Word, form: (time: number) => string]> = [
	['zForm', (time) => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')],
	['fractionForm', (time) => new Date(time).toISOString()],
	['offsetForm', (time) => new Date(time).toISOString().replace(/\.\d+Z$/, '+00:00')],
];

async function askForms(
	session: Session,
	known: Known,
	{ stamp }: Probe,
	{ rows: usual }: Look,
): Promise<Record<string, Word>> {
	const forms: Record<string, Word> = {};
	if (usual === null) return forms;
	for (const [name, form] of FORMS) {
		const { rows, reply } = await askRows(session, known, form(stamp - SECOND), {
			Limit: known.cap ?? MOST_ROWS,
		});
		forms[name] =
			rows === null
				? refusalWord(reply)
				: showsSame(rows, usual, stamp - SECOND)
					? 'same'
					: 'different';
	}
	return forms;
}

/** Whether the same is listed, and what has happened since. */
function showsSame(
	rows: readonly IDataObject[],
	usual: readonly IDataObject[],
	since: number,
): boolean {
	const [keys, before] = [new Set(keysOf(rows)), new Set(keysOf(usual))];
	const added = rows.filter((row) => !before.has(keyOf(row)));
	return (
		[...before].every((key) => keys.has(key)) &&
		added.every((row) => (timeOf(row, 'LastSeen') ?? 0) >= since)
	);
}

const refusalWord = (reply: Reply): Word => (isRefusal(reply) ? 'refused' : 'unanswered');

function boundaryOf({ listed, filterIgnored, zoneMinutes }: AskedTime): Finding {
	const id = 'boundary';
	const isTold = isUsual(listed) && typeof listed[1] === 'boolean';
	if (!isTold || filterIgnored || zoneMinutes === null)
		return undecided(id, told`an alert could not be told from its neighbours`);
	return listed[1] === true
		? { id, answer: 'inclusive', seen: told`it is listed`, holds: true }
		: { id, answer: 'exclusive', seen: told`only what came after it is listed`, holds: true };
}

function zoneOf({ zoneMinutes, filterIgnored }: AskedTime): Finding {
	const id = 'zone';
	if (filterIgnored)
		return { id, answer: 'ignored', seen: told`the asked time is not looked at`, holds: false };
	if (zoneMinutes === null) return undecided(id, told`no time was found that means the stamp`);
	const figures: Figures = { minutes: zoneMinutes };
	return zoneMinutes === 0
		? { id, answer: 'same', seen: told`as UTC`, holds: true, figures }
		: {
				id,
				answer: 'shifted',
				seen: told`as a time that is ${zoneMinutes} minutes ahead of UTC`,
				holds: false,
				figures,
			};
}

function formatsOf({ forms, listed, zoneMinutes }: AskedTime): Finding[] {
	const id = 'formats';
	if (!isUsual(listed) || zoneMinutes !== 0) return [];
	const values = Object.values(forms);
	if (values.length === 0) return [];
	if (values.includes('unanswered'))
		return [{ ...undecided(id, told`one form was not answered`), figures: forms }];
	const all = values.every((form) => form === 'same');
	return [
		{
			id,
			answer: all ? 'same' : 'mixed',
			seen: all ? told`in all that were tried` : told`in the usual form, and in some others`,
			holds: true,
			figures: { spaceForm: 'same', ...forms },
		},
	];
}

import type { IDataObject } from 'n8n-workflow';

import { formatTime } from '../../api/time';
import { agreed, counts, tally } from '../census';
import { keyOf, listIn, timeOf } from '../rows';
import type { Reply } from '../session';
import { failureOf, step, undecided, type Finding } from '../step';
import { told } from '../told';
import type { Word } from '../vocabulary';

const DAY = 86_400_000;
/** Stamps are cut to the second. */
const NEAR = 2000;

interface Changes {
	readonly reply: Reply;
	readonly rows: readonly IDataObject[];
}

/** The list of changes, and what moved the stamp in it. */
export const changes = step<Changes>(
	['dateChanged'],
	async (session, { sample, whole, start, pageSize }) => {
		const reply = await session.ask({
			path: '/api/alerts/bulkByDateChanged',
			qs: { DateChanged: formatTime(sample?.since ?? start - DAY), Limit: pageSize, Offset: 0 },
		});
		const byKey = new Map(
			[...(sample?.rows ?? []), ...(whole?.rows ?? []), ...(listIn(reply) ?? [])].map((row) => [
				keyOf(row),
				row,
			]),
		);
		return { reply, rows: [...byKey.values()] };
	},
	({ reply, rows }) => {
		const id = 'dateChanged';
		const recurred = rows.flatMap((row): Word[] => {
			const [born, seen, changed] = ['DateIn', 'LastSeen', 'DateChanged'].map((field) =>
				timeOf(row, field),
			) as [number | null, number | null, number | null];
			if (born === null || seen === null || changed === null || seen - born <= NEAR) return [];
			if (Math.abs(changed - seen) <= NEAR) return ['moves'];
			return Math.abs(changed - born) <= NEAR ? ['stays'] : [];
		});
		const figures = { status: reply.status, ...counts(tally(recurred)) };
		const answer = agreed(recurred);
		if (answer === 'none')
			return [
				{
					...undecided(
						id,
						listIn(reply) === null ? failureOf(reply) : told`no alert has recurred alone`,
					),
					figures,
				},
			];
		return [
			{
				id,
				answer,
				seen:
					answer === 'moves'
						? told`a recurrence moves it`
						: answer === 'stays'
							? told`a recurrence leaves it`
							: told`some moved it, and some did not`,
				holds: true,
				figures,
			},
		];
	},
);

interface Count {
	readonly byChange: Reply;
	readonly bySight: Reply;
	readonly all: Reply;
	/** How many of the whole list changed since then, and were seen since then. */
	readonly changed: readonly number[];
	readonly seen: readonly number[];
	readonly total: number;
}

/** The count of alerts by either argument and by none, beside a list that is known to its end. */
export const count = step<Count>(
	['count'],
	async (session, { whole }) => {
		if (whole === null) return null;
		const stamps = (field: string) =>
			whole.rows.flatMap((row) => timeOf(row, field) ?? []).sort((one, other) => one - other);
		const changes = stamps('DateChanged');
		const sights = stamps('LastSeen');
		const all = [...new Set([...changes, ...sights])].sort((one, other) => one - other);
		// Between two stamps, so that it does not matter whether the asked time itself counts.
		const middle = all[all.length >> 1];
		if (middle === undefined) return null;
		const since = Math.floor(middle / 1000) * 1000 - 1000;
		const askFor = async (qs: IDataObject) => await session.ask({ path: '/api/alerts/count', qs });
		const time = formatTime(since);
		const byChange = await askFor({ DateChanged: time });
		const bySight = await askFor({ LastSeen: time });
		return {
			byChange,
			bySight,
			all: await askFor({ DateChanged: formatTime(whole.since) }),
			changed: countsSince(changes, since),
			seen: countsSince(sights, since),
			total: whole.rows.length,
		};
	},
	(answers) => [countOf(answers)],
);

/** How many stamps are later, and how many are not earlier: either may count. */
const countsSince = (stamps: readonly number[], time: number): number[] => [
	stamps.filter((stamp) => stamp > time).length,
	stamps.filter((stamp) => stamp >= time).length,
];

const numberIn = ({ reason, body }: Reply): number | null =>
	reason === null && Number.isInteger(body) ? (body as number) : null;

function countOf({ byChange, bySight, all, changed, seen, total }: Count): Finding {
	const id = 'count';
	const [one, other, whole] = [byChange, bySight, all].map(numberIn) as Array<number | null>;
	if (one === null || one === undefined || whole === null || whole === undefined)
		return undecided(id, failureOf(one === null ? byChange : all));
	if (one === whole && Math.max(...changed) < total)
		return other !== null && other !== undefined && seen.includes(other) && other !== whole
			? { id, answer: 'seenSince', seen: told`alerts seen since LastSeen`, holds: false }
			: { id, answer: 'ignored', seen: told`all alerts, whatever time is asked`, holds: false };
	if (changed.includes(one))
		return { id, answer: 'changedSince', seen: told`alerts changed since then`, holds: true };
	return seen.includes(one)
		? { id, answer: 'seenSince', seen: told`alerts seen since then`, holds: false }
		: undecided(id, told`the number fits no list`);
}

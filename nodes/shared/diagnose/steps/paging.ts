import type { IDataObject } from 'n8n-workflow';

import { askRows, keyOf, keysOf, listIn, sameList } from '../rows';
import { formatTime } from '../../api/time';
import type { Reply, Session } from '../session';
import { failureOf, step, undecided, type Known } from '../step';
import { told } from '../told';
import type { Word } from '../vocabulary';

/** Rows a page while Offset is looked at: rows and pages then differ soon. */
const FEW = 4;

interface Offsets {
	readonly list: readonly string[];
	/** The pages at Offset 1 and at Offset 4. */
	readonly pages: ReadonlyArray<readonly string[] | null>;
	readonly failed: Reply | null;
}

type Unit = 'row0' | 'row1' | 'page0' | 'page1' | 'ignored';

/** What the two pages hold, by what Offset counts. */
const PLACES: Readonly<Record<Unit, readonly [number, number]>> = {
	row0: [1, FEW],
	row1: [0, FEW - 1],
	page0: [FEW, FEW * FEW],
	page1: [0, FEW * (FEW - 1)],
	ignored: [0, 0],
};

const SAID: Readonly<Record<Unit, string>> = {
	row0: 'rows, from 0',
	row1: 'rows, from 1',
	page0: 'pages, from 0',
	page1: 'pages, from 1',
	ignored: 'neither: it is not looked at',
};

/** What Offset counts. */
export const offsets = step<Offsets>(
	['offset'],
	async (session, known) => {
		const { sample } = known;
		if (sample === null || sample.rows.length <= FEW || known.path === '/api/alerts') return null;
		const pages: Array<readonly string[] | null> = [];
		let failed: Reply | null = null;
		for (const Offset of [1, FEW]) {
			const { rows, reply } = await askRows(session, known, sample.since, { Limit: FEW, Offset });
			pages.push(rows && keysOf(rows));
			if (rows === null) failed = reply;
		}
		const answers = { list: keysOf(sample.rows), pages, failed };
		const unit = unitOf(answers);
		if (unit !== null && unit !== 'ignored')
			known.offsetOf = (place) => place + (unit === 'row1' || unit === 'page1' ? 1 : 0);
		return answers;
	},
	(answers) => {
		const id = 'offset';
		const unit = unitOf(answers);
		if (unit === null)
			return [
				undecided(
					id,
					answers.failed === null
						? told`the pages fit no way of counting`
						: failureOf(answers.failed),
				),
			];
		return [
			{
				id,
				answer: unit,
				seen: { text: sentence(SAID[unit]), filled: [] },
				holds: unit === 'row0',
			},
		];
	},
);

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The way of counting that alone explains both pages. */
function unitOf({ list, pages }: Offsets): Unit | null {
	const fits = (Object.keys(PLACES) as Unit[]).filter((unit) =>
		PLACES[unit].every((place, index) => {
			const page = pages[index];
			return (
				page !== null &&
				page !== undefined &&
				sameList(page, list.slice(place, place + Math.min(FEW, page.length || FEW))) &&
				(page.length > 0 || place >= list.length)
			);
		}),
	);
	return fits.length === 1 ? (fits[0] as Unit) : null;
}

const LIMITS = [20, 100, 101, 500, 1000];

interface Limits {
	readonly pages: ReadonlyArray<{ readonly asked: number; readonly got: number | null }>;
	readonly refusedFrom: number | null;
	/** Whether there are rows behind the longest page; null where that is not known. */
	readonly goesOn: boolean | null;
	readonly failed: Reply | null;
}

/** How many rows a page holds. */
export const limits = step<Limits>(
	['limit'],
	async (session, known) => {
		const { sample } = known;
		if (sample === null || known.path === '/api/alerts') return null;
		const pages: Array<{ asked: number; got: number | null }> = [];
		let refusedFrom: number | null = null;
		let failed: Reply | null = null;
		let longest: readonly IDataObject[] = [];
		for (const Limit of LIMITS) {
			const { rows, reply } = await askRows(session, known, sample.since, { Limit });
			pages.push({ asked: Limit, got: rows?.length ?? null });
			if (rows === null) failed = reply;
			if (rows === null && (reply.status ?? 500) < 500) {
				refusedFrom = Limit;
				break;
			}
			if (rows !== null && rows.length > longest.length) longest = rows;
			// What is shorter than asked for is the end of the list, or a cap.
			if (rows !== null && rows.length < Limit) break;
		}
		const last = pages.filter(({ got }) => got !== null).at(-1);
		const short = last !== undefined && (last.got as number) < last.asked;
		const goesOn = !short
			? null
			: known.total !== null
				? known.total > longest.length
				: await hasRowAt(session, known, longest.length, longest);
		const answers = { pages, refusedFrom, goesOn, failed };
		const { answer, cap } = capOf(answers);
		known.cap = cap;
		if (answer === 'uncapped' && short && goesOn === false) {
			known.total ??= longest.length;
			known.whole = { ...sample, rows: longest };
		}
		return answers;
	},
	(answers) => {
		const id = 'limit';
		const { answer, cap } = capOf(answers);
		const figures = {
			limits: Object.fromEntries(answers.pages.map(({ asked, got }) => [sizeOf(asked), got])),
		};
		if (answer === 'undecided')
			return [
				{
					...undecided(
						id,
						answers.failed === null ? told`there were too few alerts` : failureOf(answers.failed),
					),
					figures,
				},
			];
		return [
			answer === 'capped' && cap !== null
				? { id, answer, seen: told`at most ${cap}`, holds: cap >= 100, figures }
				: { id, answer, seen: told`no cap as far as there are alerts`, holds: true, figures },
		];
	},
);

/** As a report can say it. */
const sizeOf = (limit: number): string => (limit === 1000 ? 'thousand' : String(limit));

function capOf({ pages, refusedFrom, goesOn }: Limits): { answer: Word; cap: number | null } {
	const got = pages.filter((page) => page.got !== null);
	const last = got.at(-1);
	if (last === undefined) return { answer: 'undecided', cap: null };
	const length = last.got as number;
	if (refusedFrom !== null) return { answer: 'capped', cap: length };
	if (length >= last.asked) return { answer: 'uncapped', cap: null };
	if (goesOn === null) return { answer: 'undecided', cap: null };
	return goesOn ? { answer: 'capped', cap: length } : { answer: 'uncapped', cap: null };
}

/** Whether the list has a row at that place that is none of those; null where the answer does not say. */
async function hasRowAt(
	session: Session,
	known: Known,
	place: number,
	others: readonly IDataObject[],
): Promise<boolean | null> {
	const { sample, offsetOf } = known;
	if (sample === null || offsetOf === null) return null;
	const { rows, reply } = await askRows(session, known, sample.since, {
		Limit: 1,
		Offset: offsetOf(place),
	});
	if (rows === null) return reply.status !== null && reply.status < 500 ? false : null;
	const keys = new Set(keysOf(others));
	return rows.length > 0 && !keys.has(keyOf(rows[0]!));
}

interface Unpaged {
	readonly reply: Reply;
	readonly keys: readonly string[] | null;
	/** The first page of the other list. */
	readonly paged: readonly string[];
}

/** The list without pages beside the paged one. */
export const unpaged = step<Unpaged>(
	['unpaged'],
	async (session, known) => {
		const { sample } = known;
		if (sample === null || known.path === '/api/alerts') return null;
		const { since, rows } = sample;
		const reply = await session.ask({
			path: '/api/alerts',
			qs: { LastSeen: formatTime(since) },
		});
		const list = listIn(reply);
		if (list !== null) known.total = list.length;
		return { reply, keys: list && keysOf(list), paged: keysOf(rows) };
	},
	({ reply, keys, paged }) => {
		const id = 'unpaged';
		if (keys === null) return [undecided(id, failureOf(reply))];
		const figures = { count: keys.length > 999 ? 'thousand' : keys.length };
		const has = new Set(keys);
		const contained = paged.every((key) => has.has(key));
		if (!contained)
			return [
				{ id, answer: 'fewer', seen: told`some alerts are missing there`, holds: false, figures },
			];
		return [{ id, answer: 'same', seen: told`all alerts of the first page`, holds: true, figures }];
	},
);

/** Places that are looked at, as far as there are rows. */
const FAR = [99, 499, 999, 4_999, 9_999];
const MOST_HALVINGS = 5;

interface Reach {
	readonly good: number;
	readonly bad: number | null;
	readonly status: number | null;
}

/** How far Offset reaches. */
export const reach = step<Reach>(
	['offsetCap'],
	async (session, known) => {
		const { sample, total, offsetOf } = known;
		if (sample === null || total === null || offsetOf === null || total < 2) return null;
		let good = 0;
		let bad: number | null = null;
		let status: number | null = null;
		const first = sample.rows.slice(0, 1);
		const look = async (place: number): Promise<boolean | null> => {
			const { rows, reply } = await askRows(session, known, sample.since, {
				Limit: 1,
				Offset: offsetOf(place),
			});
			if (rows === null && (reply.status ?? 500) < 400) return null;
			if (rows === null && reply.status === null) return null;
			if (rows === null) status = reply.status;
			return rows !== null && rows.length > 0 && keyOf(rows[0]!) !== keyOf(first[0]!);
		};
		for (const place of [...FAR.filter((far) => far < total - 1), total - 1]) {
			const isThere = await look(place);
			if (isThere === null) return null;
			if (!isThere) {
				bad = place;
				break;
			}
			good = place;
		}
		for (let times = 0; bad !== null && bad - good > 1 && times < MOST_HALVINGS; times++) {
			const middle = (good + bad) >> 1;
			const isThere = await look(middle);
			if (isThere === null) break;
			if (isThere) good = middle;
			else bad = middle;
		}
		return { good, bad, status };
	},
	({ good, bad, status }) => {
		const id = 'offsetCap';
		if (bad === null)
			return [
				{ id, answer: 'uncapped', seen: told`to the end of the list`, holds: true, figures: {} },
			];
		const figures = { from: clip(good), to: clip(bad), status };
		return [
			{
				id,
				answer: 'capped',
				seen: told`between ${good} and ${bad} rows`,
				holds: false,
				figures,
			},
		];
	},
);

const clip = (number: number): number | string => (number > 999 ? 'thousand' : number);

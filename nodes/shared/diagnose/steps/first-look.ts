import type { IDataObject } from 'n8n-workflow';

import { parseTime } from '../../alert/time';
import { clocksAgree } from '../../api/clocks';
import { parseHttpDate } from '../../api/time';
import { askRows, keysOf, sameList } from '../rows';
import type { Reply } from '../session';
import { failureOf, step, undecided, type Finding, type Sample } from '../step';
import { told } from '../told';
import type { Word } from '../vocabulary';

const HOUR = 3600_000;
/** The longest is asked last: a long list costs a server more. */
const SPANS_HOURS = [1, 24, 7 * 24, 30 * 24, 365 * 24];
/** For a server that refuses a larger page. */
const SMALL_PAGE = 20;
/** So many rows tell enough; a page as long as the cap of a server does not, so more is asked for. */
const ENOUGH = 60;

interface FirstLook {
	readonly looks: readonly Sample[];
	readonly replies: readonly Reply[];
	readonly again: readonly IDataObject[] | null;
}

/** Finds a span that has alerts, and reads it twice. */
export const firstLook = step<FirstLook>(
	['envelope', 'clocks', 'readings'],
	async (session, known) => {
		const looks: Sample[] = [];
		const replies: Reply[] = [];
		for (const hours of SPANS_HOURS) {
			const since = known.start - hours * HOUR;
			let { rows, reply } = await askRows(session, known, since, { Limit: known.pageSize });
			if (replies.length === 0 && (reply.status === 404 || reply.status === 405)) {
				known.path = '/api/alerts';
				({ rows, reply } = await askRows(session, known, since));
			} else if (replies.length === 0 && (reply.status === 400 || reply.status === 422)) {
				known.pageSize = SMALL_PAGE;
				({ rows, reply } = await askRows(session, known, since, { Limit: SMALL_PAGE }));
			}
			replies.push(reply);
			if (rows !== null) looks.push({ since, rows, reply });
			if ((rows?.length ?? 0) >= Math.min(ENOUGH, known.pageSize)) break;
		}
		const longest = Math.max(0, ...looks.map(({ rows }) => rows.length));
		const sample = looks.filter(({ rows }) => rows.length === longest).at(-1);
		known.sample = sample === undefined || longest === 0 ? null : sample;
		known.noAlerts = looks.length > 0 && longest === 0;
		const again =
			known.sample === null
				? null
				: (await askRows(session, known, known.sample.since, { Limit: known.pageSize })).rows;
		return { looks, replies, again };
	},
	({ looks, replies, again }, { sample, start, pageSize }) => {
		const reply = sample?.reply ?? looks.at(-1)?.reply ?? replies[0];
		if (reply === undefined) return [];
		return [
			envelopeOf(reply),
			clocksOf(reply, start),
			readingsOf(sample?.rows ?? [], again, pageSize),
		];
	},
);

function envelopeOf(reply: Reply): Finding {
	const { body } = reply;
	const id = 'envelope';
	if (reply.reason !== null) return undecided(id, failureOf(reply));
	if (Array.isArray(body))
		return { id, answer: 'array', seen: told`a bare list, without a time`, holds: false };
	const sync = syncTimeOf(body);
	const whole = typeof body === 'object' && body !== null && 'Entities' in body && sync === 'iso';
	return {
		id,
		answer: sync,
		seen: whole ? told`an object with both` : told`its SyncTimeUtc is ${sync}`,
		holds: whole,
	};
}

function syncTimeOf(body: unknown): Word {
	if (typeof body !== 'object' || body === null) return 'other';
	const { SyncTimeUtc } = body as { SyncTimeUtc?: unknown };
	if (SyncTimeUtc === undefined) return 'missing';
	if (SyncTimeUtc === null) return 'null';
	const time = parseTime(SyncTimeUtc);
	if (time === null) return 'malformed';
	return time > Date.UTC(9000) ? 'endOfTime' : 'iso';
}

function clocksOf(reply: Reply, start: number): Finding {
	const id = 'clocks';
	const stated = parseTime((reply.body as { SyncTimeUtc?: unknown } | null)?.SyncTimeUtc);
	const date = parseHttpDate(reply.headers.date);
	const ownMinutes = (date ?? stated ?? start) - reply.at;
	const figures = { minutes: Math.trunc(ownMinutes / 60_000) };
	if (stated === null || date === null || stated > Date.UTC(9000))
		return { ...undecided(id, told`one clock alone can be read`), figures };
	return clocksAgree({ stated, date })
		? { id, answer: 'agree', seen: told`the two agree`, holds: true, figures }
		: { id, answer: 'apart', seen: told`the two contradict each other`, holds: false, figures };
}

function readingsOf(
	rows: readonly IDataObject[],
	again: readonly IDataObject[] | null,
	pageSize: number,
): Finding {
	const id = 'readings';
	if (again === null || rows.length === 0) return undecided(id, told`there were no two readings`);
	const [one, other] = [keysOf(rows), keysOf(again)];
	const [inOther, inOne] = [new Set(other), new Set(one)];
	const isInOrder = sameList(
		one.filter((key) => inOther.has(key)),
		other.filter((key) => inOne.has(key)),
	);
	// New alerts push as many off a full page.
	const lost = one.filter((key) => !inOther.has(key)).length;
	const added = other.filter((key) => !inOne.has(key)).length;
	const isFull = one.length >= pageSize;
	if (isInOrder && (lost === 0 || (isFull && lost <= added && lost < one.length / 2)))
		return { id, answer: 'same', seen: told`the same alerts in the same order`, holds: true };
	return !isInOrder && lost === 0
		? { id, answer: 'otherOrder', seen: told`the same alerts in another order`, holds: false }
		: { id, answer: 'otherRows', seen: told`other alerts the second time`, holds: false };
}

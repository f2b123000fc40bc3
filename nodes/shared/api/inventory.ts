import { NodeApiError, type IDataObject, type JsonObject } from 'n8n-workflow';

import type { FetchOptions } from './alerts';
import type { Answer } from './diagnosis';
import { failureOf, reasonOf, retold, saidOf, unexpected } from './errors';
import type { Reason } from './reasons';
import {
	isObject,
	isRowOf,
	judge,
	nameOf,
	saysAbsent,
	saysNoAddress,
	saysSeveral,
	speaksOfFailure,
} from './records';
import { request, type ApiContext } from './request';
import { rowsOf } from './rows';
import { formatTime } from './time';
import { presentable } from './words';

/** Paths as published clients use them. The lists have no pages: each answers with all that was active since then. */
const LISTS = {
	hosts: { path: '/api/hosts', kind: 'host' },
	users: { path: '/api/users', kind: 'user' },
} as const;

interface Named {
	readonly path: string;
	readonly parameter: string;
	/** What it means that there is none. */
	readonly missing: Reason;
}

const NAMED = {
	host: { path: '/api/full/host', parameter: 'name', missing: 'hostMissing' },
	user: { path: '/api/full/user', parameter: 'name', missing: 'userMissing' },
} as const satisfies Record<string, Named>;

/**
 * The hosts or users of a site that were active since then. Rows that are none are left out, and the log says so.
 *
 * @param since milliseconds since the epoch
 * @throws NodeApiError
 */
export async function fetchInventory(
	context: ApiContext,
	list: keyof typeof LISTS,
	since: number,
	options: FetchOptions = {},
): Promise<readonly IDataObject[]> {
	const { path, kind } = LISTS[list];
	const answer = await request(context, { ...options, path, qs: { LastSeen: formatTime(since) } });
	const all = listOf(context, answer, 'Entities');
	const rows = all.filter((row) => isRowOf(kind, row));
	const unreadable = all.length - rows.length;
	if (rows.length === 0 && unreadable > 0) throw unexpected(context.getNode(), answer);
	if (unreadable > 0)
		context.logger.warn(
			`Cynet: ${unreadable} rows of the list of ${list} could not be read. They are left out; Cynet's console has them.`,
		);
	return rows as IDataObject[];
}

/** The rows of a list. What speaks of an error is none: a part would look like the whole. */
export function listOf(
	context: ApiContext,
	answer: Answer,
	key: 'Entities' | 'data',
): readonly unknown[] {
	const rows = rowsOf(answer.body, key);
	const failed =
		rows === null ||
		answer.said !== undefined ||
		(rows.length > 0 && rows.every((row) => isObject(row) && speaksOfFailure(row)));
	if (failed) throw unexpected(context.getNode(), answer);
	return rows;
}

/**
 * All that Cynet tells about a host or user.
 *
 * @throws NodeApiError, `hostMissing` or `userMissing` where there is no such name or the answer is about another one,
 * `severalHosts` where a name is no one's alone
 */
export async function fetchNamed(
	context: ApiContext,
	kind: keyof typeof NAMED,
	name: string,
	options: FetchOptions = {},
): Promise<IDataObject> {
	const { path, parameter, missing } = NAMED[kind];
	const node = context.getNode();
	try {
		const answer = await request(context, { ...options, path, qs: { [parameter]: name } });
		const records = Array.isArray(answer.body)
			? answer.body.filter(isObject)
			: [objectOf(context, answer) ?? {}];
		const found = records.filter((record) => judge(kind, record, name) === 'it');
		if (found.length > 1 && kind === 'host') throw retold(node, null, 'severalHosts');
		if (found.length > 1) throw unexpected(node, answer);
		if (found[0] !== undefined) return found[0];
		const [record = {}] = records;
		const verdict =
			isEmpty(record) || saysAbsent(kind, answer.said) ? 'none' : judge(kind, record, name);
		if (verdict === 'odd') throw unexpected(node, answer);
		const other =
			verdict === 'other' ? `this is ${presentable(nameOf(kind, record) ?? '', [])}` : answer.said;
		throw retold(node, null, missing, other);
	} catch (error) {
		if (kind === 'host' && failureOf(error).status !== null && saysSeveral(saidOf(error)))
			throw retold(node, error, 'severalHosts');
		const absent = isAbsent(error);
		throw absent ? retold(node, error, missing) : error;
	}
}

/**
 * All that Cynet tells about a file; null for one that the site has never seen. The answer to that
 * is an empty body (one
 * integrator) or status 404.
 *
 * @throws NodeApiError
 */
export async function fetchFile(
	context: ApiContext,
	sha256: string,
	options: FetchOptions = {},
): Promise<IDataObject | null> {
	try {
		const answer = await request(context, { ...options, path: '/api/full/file', qs: { sha256 } });
		const file = objectOf(context, answer);
		const verdict = file === null ? 'none' : judge('file', file, sha256);
		if (verdict === 'it') return file;
		if (verdict === 'none' || (verdict === 'odd' && saysAbsent('file', answer.said))) return null;
		throw unexpected(
			context.getNode(),
			verdict === 'other' ? { ...answer, said: 'this is another file' } : answer,
		);
	} catch (error) {
		if (isAbsent(error)) return null;
		throw new NodeApiError(context.getNode(), error as JsonObject);
	}
}

/**
 * Whether an answer means that there is no such thing, not that the address or the login is wrong.
 * A page says nothing of what there is.
 */
function isAbsent(error: unknown, statuses: readonly number[] = [404]): boolean {
	return (
		statuses.includes(failureOf(error).status ?? 0) &&
		reasonOf(error) !== 'webPage' &&
		!saysNoAddress(saidOf(error))
	);
}

/** Runs it; a 404 is told as what is missing. */
export async function orNone<T>(
	context: ApiContext,
	missing: Reason,
	run: () => Promise<T>,
	statuses: readonly number[] = [404],
): Promise<T> {
	try {
		return await run();
	} catch (error) {
		const absent = isAbsent(error, statuses);
		throw absent ? retold(context.getNode(), error, missing) : error;
	}
}

/** The object that was answered, or null for an empty answer. */
export function objectOf(
	context: ApiContext,
	answer: { readonly status: number; readonly body: unknown },
): IDataObject | null {
	const { body } = answer;
	if (body === undefined || body === null) return null;
	if (typeof body === 'string' && body.trim() === '') return null;
	if (typeof body !== 'object' || Array.isArray(body)) throw unexpected(context.getNode(), answer);
	return isEmpty(body) ? null : (body as IDataObject);
}

const isEmpty = (record: object): boolean => Object.keys(record).length === 0;

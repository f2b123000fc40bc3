import type { IDataObject } from 'n8n-workflow';

import type { FetchOptions } from './alerts';
import type { Answer } from './diagnosis';
import { failureOf, reasonOf, retold, unexpected } from './errors';
import type { Reason } from './reasons';
import { request, type ApiContext } from './request';
import { rowsOf } from './rows';
import { formatTime } from './time';

/** Paths as published clients use them. The lists have no pages: each answers with all that was active since then. */
const LISTS = { hosts: '/api/hosts', users: '/api/users' } as const;

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
 * The hosts or users of a site that were active since then.
 *
 * @param since milliseconds since the epoch
 * @throws NodeApiError
 */
export async function fetchInventory(
	context: ApiContext,
	list: keyof typeof LISTS,
	since: number,
	options: FetchOptions = {},
): Promise<readonly unknown[]> {
	const qs = { LastSeen: formatTime(since) };
	const answer = await request(context, { ...options, path: LISTS[list], qs });
	return listOf(context, answer, 'Entities');
}

/** The rows of a list. One without rows that speaks of an error is none. */
export function listOf(context: ApiContext, answer: Answer, key: 'Entities' | 'data'): readonly unknown[] {
	const rows = rowsOf(answer.body, key);
	if (rows === null || (rows.length === 0 && answer.said !== undefined)) throw unexpected(context.getNode(), answer);
	return rows;
}

/**
 * All that Cynet tells about a host or user.
 *
 * @throws NodeApiError, `hostMissing` or `userMissing` where there is no such name
 */
export async function fetchNamed(
	context: ApiContext,
	kind: keyof typeof NAMED,
	name: string,
	options: FetchOptions = {},
): Promise<IDataObject> {
	const { path, parameter, missing } = NAMED[kind];
	const found = await orNone(context, missing, async () => {
		const answer = await request(context, { ...options, path, qs: { [parameter]: name } });
		return objectOf(context, answer);
	});
	if (found === null) throw retold(context.getNode(), null, missing);
	return found;
}

/**
 * All that Cynet tells about a file; null for one that the site has never seen, to which an empty body is the answer.
 *
 * @throws NodeApiError
 */
export async function fetchFile(
	context: ApiContext,
	sha256: string,
	options: FetchOptions = {},
): Promise<IDataObject | null> {
	const answer = await request(context, { ...options, path: '/api/full/file', qs: { sha256 } });
	return objectOf(context, answer);
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
		const { status, atLogin } = failureOf(error);
		// A page with status 403 is a firewall's, and says nothing of what there is.
		const page = status === 403 && reasonOf(error) === 'webPage';
		const absent = !atLogin && !page && status !== null && statuses.includes(status);
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
	return Object.keys(body).length === 0 ? null : (body as IDataObject);
}

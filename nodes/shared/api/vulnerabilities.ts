import { NodeApiError, type IDataObject, type JsonObject } from 'n8n-workflow';

import { clock } from '../clock';
import type { FetchOptions } from './alerts';
import { textOf } from './credential';
import type { Answer } from './diagnosis';
import { unexpected } from './errors';
import { listOf, orNone } from './inventory';
import { DEFAULT_PATIENCE_MS } from './limits';
import { stopIfCancelled } from './read-list';
import { isObject } from './records';
import { request, type ApiContext, type ApiRequest } from './request';
import { withRetries, type Outcome } from './retry';
import { formatTime } from './time';

/** Rows a request (an integrator's choice). */
const PAGE_SIZE = 500;

/** The reports that are answered as one list of all rows since a date (one published client). */
const REPORT_PATHS = {
	agents: '/api/va/Agents',
	existingPatches: '/api/va/patches/existing',
	installedSoftware: '/api/va/installedSoftwares',
	missingPatches: '/api/va/patches/missing',
	patchValidation: '/api/va/patchValidation',
	riskyApplications: '/api/va/riskyApps',
} as const;

export type Report = keyof typeof REPORT_PATHS;

interface EspmList {
	/** Behind `/api/v2/hosts/{siteGuid}/espm/`. */
	readonly path: string;
	/** Which endpoints a row concerns: the query of the list of its endpoints. */
	readonly endpointsOf: (row: IDataObject) => IDataObject;
}

/** The paged lists of the ESPM add-on and the lists of endpoints below them (one integrator with the vendor's page). */
const ESPM_LISTS = {
	espmMisconfigurations: {
		path: 'misconfigurations',
		endpointsOf: ({ internalId, riskId }) => ({ selectedInternalId: internalId ?? riskId }),
	},
	espmVulnerabilities: {
		path: 'vulnerabilities',
		endpointsOf: ({ riskId, productName }) => ({ riskId, productName }),
	},
} as const satisfies Record<string, EspmList>;

export type EspmReport = keyof typeof ESPM_LISTS;

/**
 * A report of vulnerability assessment.
 *
 * @param since milliseconds since the epoch
 * @throws NodeApiError
 */
export async function fetchReport(
	context: ApiContext,
	report: Report,
	since: number,
	options: FetchOptions = {},
): Promise<readonly unknown[]> {
	const qs = { fromDate: formatTime(since) };
	const answer = await request(context, { ...options, path: REPORT_PATHS[report], qs });
	return listOf(context, answer, 'Entities');
}

/**
 * A list of the ESPM add-on.
 *
 * @param most how many rows to read at most
 * @throws NodeApiError, `notLicensed` where the site has no such list
 */
export async function fetchEspm(
	context: ApiContext,
	report: EspmReport,
	siteGuid: string,
	most: number,
	options: FetchOptions = {},
): Promise<readonly unknown[]> {
	const path = espmPath(siteGuid, report);
	return await readPages(context, most, (page) => ({
		...options,
		method: 'POST',
		path,
		body: page,
	}));
}

/**
 * The endpoints that a row of such a list concerns; none for a row that does not say which it is,
 * for without that Cynet might list all.
 */
export async function fetchEspmEndpoints(
	context: ApiContext,
	report: EspmReport,
	siteGuid: string,
	row: IDataObject,
	options: FetchOptions = {},
): Promise<readonly unknown[]> {
	const path = `${espmPath(siteGuid, report)}/endpoints`;
	const wanted = ESPM_LISTS[report].endpointsOf(row);
	if (!Object.values(wanted).every((value) => textOf(value) !== '')) return [];
	return await readPages(context, Infinity, (page) => ({
		...options,
		path,
		qs: { ...wanted, ...page },
	}));
}

function espmPath(siteGuid: string, report: EspmReport): string {
	return `/api/v2/hosts/${encodeURIComponent(siteGuid)}/espm/${ESPM_LISTS[report].path}`;
}

/**
 * Reads on until a page brings nothing: a server may cap its pages below what was asked for, so
 * that a short one is not the last.
 * Rows that come again, as from a server that ignores the offset or stops at its last page, are taken once.
 */
async function readPages(
	context: ApiContext,
	most: number,
	requestFor: (page: { limit: number; offset: number }) => ApiRequest,
): Promise<readonly unknown[]> {
	const rows: unknown[] = [];
	const seen = new Set<string>();
	let offset = 0;
	while (rows.length < most) {
		stopIfCancelled(context);
		const limit = Math.min(PAGE_SIZE, most - rows.length);
		const page = await orNone(
			context,
			'notLicensed',
			async () => await pageOf(context, requestFor({ limit, offset }), offset === 0),
			[403, 404],
		);
		const added = page.filter((row) => !seen.has(JSON.stringify(row)));
		if (added.length === 0) break;
		for (const row of added) rows.push(row);
		for (const row of added) seen.add(JSON.stringify(row));
		offset += page.length;
	}
	return rows.slice(0, most);
}

/**
 * One page. Asking for one changes nothing, also where it is asked by POST, so it is asked again as
 * a GET is. Behind the first
 * page an answer that holds no list is not the end of it.
 */
async function pageOf(
	context: ApiContext,
	wanted: ApiRequest,
	isFirst: boolean,
): Promise<readonly unknown[]> {
	const deadline = wanted.deadline ?? clock.ticks() + DEFAULT_PATIENCE_MS;
	const attempt = async (): Promise<Outcome<Answer>> => {
		try {
			return { value: await request(context, { ...wanted, deadline }) };
		} catch (error) {
			return { error: new NodeApiError(context.getNode(), error as JsonObject) };
		}
	};
	const answer =
		wanted.method === 'POST'
			? await withRetries(attempt, deadline)
			: await request(context, wanted);
	const { status, body } = answer;
	const isList = status === 204 || Array.isArray(body) || (isObject(body) && 'data' in body);
	if (!isFirst && !isList) throw unexpected(context.getNode(), answer);
	return listOf(context, answer, 'data');
}

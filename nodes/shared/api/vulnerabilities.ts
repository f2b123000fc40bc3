import type { IDataObject } from 'n8n-workflow';

import type { FetchOptions } from './alerts';
import { listOf, orNone } from './inventory';
import { request, type ApiContext, type ApiRequest } from './request';
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
		endpointsOf: ({ internalId }) => ({ selectedInternalId: internalId }),
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
	return await readPages(context, most, (page) => ({ ...options, method: 'POST', path, body: page }));
}

/** The endpoints that a row of such a list concerns. */
export async function fetchEspmEndpoints(
	context: ApiContext,
	report: EspmReport,
	siteGuid: string,
	row: IDataObject,
	options: FetchOptions = {},
): Promise<readonly unknown[]> {
	const path = `${espmPath(siteGuid, report)}/endpoints`;
	const wanted = ESPM_LISTS[report].endpointsOf(row);
	return await readPages(context, Infinity, (page) => ({ ...options, path, qs: { ...wanted, ...page } }));
}

function espmPath(siteGuid: string, report: EspmReport): string {
	return `/api/v2/hosts/${encodeURIComponent(siteGuid)}/espm/${ESPM_LISTS[report].path}`;
}

async function readPages(
	context: ApiContext,
	most: number,
	requestFor: (page: { limit: number; offset: number }) => ApiRequest,
): Promise<readonly unknown[]> {
	const rows: unknown[] = [];
	let first = '';
	while (rows.length < most) {
		const limit = Math.min(PAGE_SIZE, most - rows.length);
		const page = await orNone(
			context,
			'notLicensed',
			async () => {
				const answer = await request(context, requestFor({ limit, offset: rows.length }));
				return listOf(context, answer, 'data');
			},
			[403, 404],
		);
		// A first row that comes again means that the offset is ignored: all rows are here already.
		const repeated = rows.length > 0 && JSON.stringify(page[0]) === first;
		if (page.length === 0 || repeated) break;
		if (rows.length === 0) first = JSON.stringify(page[0]);
		for (const row of page) rows.push(row);
		if (page.length < limit) break;
	}
	return rows.slice(0, most);
}

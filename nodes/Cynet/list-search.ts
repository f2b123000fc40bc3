import {
	NodeOperationError,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	type INodeListSearchItems,
	type INodeListSearchResult,
} from 'n8n-workflow';
import { flawOfHostName, flawOfName } from '../shared/alert/host-name';
import { simplify } from '../shared/alert/simplify';
import { CREDENTIAL_TYPE, textOf } from '../shared/api/credential';
import { digestOf } from '../shared/api/fingerprint';
import { fetchInventory } from '../shared/api/inventory';
import { readList } from '../shared/api/read-list';
import { nameOf } from '../shared/api/records';
import { clock } from '../shared/clock';
import { alphabetical } from './fields/alphabetical';
import { SEARCHED_DAYS } from './fields/known-hosts';

const DAY = 24 * 3600_000;
/** A dialog asks again at each letter that is typed. */
const KEPT_MS = 60_000;
const MOST_KEPT = 20;
/** Entries shown at a time; n8n asks for more when someone scrolls to the end. */
const PAGE = 100;
/** Files are told by alerts alone: the API has no list of them. */
const FILE_DAYS = 7;
const MOST_PAGES = 10;

/** An entry, and where a search looks besides its name. */
interface Entry extends INodeListSearchItems {
	readonly value: string;
	readonly also: string;
}

interface Kept {
	readonly until: number;
	readonly entries: Promise<readonly Entry[]>;
}
const kept = new Map<string, Kept>();

type Search = (
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: string,
) => Promise<INodeListSearchResult>;

type Read = (context: IExecuteFunctions, clientId?: string) => Promise<Entry[]>;

/** The lists that fields offer to choose from: by the name under which a field asks for it. */
export const listSearch: Readonly<Record<'hosts' | 'users' | 'files', Search>> = {
	hosts: searchIn('hosts', async (context, clientId) =>
		named(await inventory(context, 'hosts', clientId), 'host'),
	),
	users: searchIn('users', async (context, clientId) =>
		named(await inventory(context, 'users', clientId), 'user'),
	),
	files: searchIn('files', filesOf),
};

function searchIn(list: string, read: Read): Search {
	return async function (this: ILoadOptionsFunctions, filter = '', paginationToken = '') {
		const clientId = siteOf(this);
		const credential = await this.getCredentials(CREDENTIAL_TYPE);
		const key = JSON.stringify([
			list,
			digestOf(credential),
			clientId ?? textOf(credential.clientId),
		]);
		// What the API module needs of a node that runs, this one has as well.
		const context = this as unknown as IExecuteFunctions;
		const entries = await remembered(key, async () => await read(context, clientId));
		const wanted = filter.trim().toLowerCase();
		const found = entries.filter(({ name, also }) =>
			`${name} ${also}`.toLowerCase().includes(wanted),
		);
		const from = Number(paginationToken) || 0;
		const to = from + PAGE;
		return {
			results: found.slice(from, to).map(({ name, value }) => ({ name, value })),
			...(found.length > to && { paginationToken: String(to) }),
		};
	};
}

/** What was read a moment ago, or is being read. */
async function remembered(key: string, read: () => Promise<Entry[]>): Promise<readonly Entry[]> {
	const known = kept.get(key);
	if (known !== undefined && clock.ticks() < known.until) return await known.entries;
	const entries = read();
	kept.delete(key);
	kept.set(key, { until: clock.ticks() + KEPT_MS, entries });
	const oldest = kept.keys().next();
	if (kept.size > MOST_KEPT && !oldest.done) kept.delete(oldest.value);
	entries.catch(() => kept.delete(key));
	return await entries;
}

/** The site of the list: the option's, as long as that can be told before there is an item. */
function siteOf(context: ILoadOptionsFunctions): string | undefined {
	const { clientId } = (context.getCurrentNodeParameter('options') ?? {}) as IDataObject;
	if (clientId === undefined) return undefined;
	const site = textOf(clientId);
	if (/^[\x21-\x7e]+$/.test(site) && !site.startsWith('=')) return site;
	throw new NodeOperationError(
		context.getNode(),
		'There is no list as long as Client ID is empty or an expression',
		{
			description:
				'Enter the value By Name or By Hash, or set the option Client ID to the number of a site to see its list.',
		},
	);
}

const inventory = async (context: IExecuteFunctions, list: 'hosts' | 'users', clientId?: string) =>
	await fetchInventory(context, list, clock.now() - SEARCHED_DAYS * DAY, { clientId });

/** Each name once. One that could not be sent is not offered. */
function named(rows: readonly IDataObject[], kind: 'host' | 'user'): Entry[] {
	const flawOf = kind === 'host' ? flawOfHostName : flawOfName;
	const entries = new Map<string, Entry>();
	for (const row of rows) {
		const name = nameOf(kind, row) ?? '';
		if (flawOf(name) !== null) continue;
		const also = [entries.get(name)?.also, row.LastIp, row.Email].map(textOf).join(' ');
		entries.set(name, { name, value: name, also });
	}
	return alphabetical([...entries.values()], ({ name }) => name);
}

async function filesOf(context: IExecuteFunctions, clientId?: string): Promise<Entry[]> {
	const since = clock.now() - FILE_DAYS * DAY;
	const alerts = await readList(
		context,
		{
			list: 'bulk',
			since,
			most: Infinity,
			mostPages: MOST_PAGES,
			wanted: () => true,
			make: (alert) => simplify(alert, { event: null, clientId: '', dedupKey: '' }),
		},
		{ clientId },
	);
	const entries = new Map<string, Entry>();
	for (const { sha256, path } of alerts) {
		if (typeof sha256 !== 'string') continue;
		const file =
			String(path ?? '')
				.split(/[\\/]/)
				.at(-1) || 'File';
		entries.set(sha256, {
			name: `${file} (${sha256.slice(0, 12)}…)`,
			value: sha256,
			also: `${sha256} ${String(path ?? '')}`,
		});
	}
	return alphabetical([...entries.values()], ({ name }) => name);
}

import { BadInput } from '../control/checks.mts';
import { makeAlert, type Alert } from '../data/alert.mts';
import { makeInventory, type Host, type Inventory } from '../data/inventory.mts';
import { poisoned, type Poison } from '../data/poison.mts';
import type { Settings } from '../settings.mts';
import { Rows, type ListQuery, type Row } from './rows.mts';
import { Views } from './views.mts';

/**
 * Fields to fix on the alerts that are raised: of any type, because a test also wants the wrong
 * ones. `undefined` leaves a field out.
 */
export type FixedFields = { [Field in keyof Alert]?: unknown };

export interface RaiseOptions {
	/** The first site, unless given. */
	site?: string;
	/** The alert's stamps, in the server's time; the server's now, unless given. */
	at?: number;
	/** Added to the stamps of each further alert. */
	spacingMs?: number;
	/** True time from which the API shows it; now, unless given. */
	visibleAt?: number;
	/**
	 * The row's JSON verbatim, in place of an alert: for rows that are malformed or that no
	 * JavaScript value describes.
	 */
	json?: string;
	/** The id as it stands in the row's JSON, for ids that no JavaScript number holds: `9007199254740993`. */
	idText?: string;
	/** What is wrong with the row. */
	poison?: Poison;
	/**
	 * False: history that nobody waits for, and unless said otherwise any row with `poison` or
	 * `idText`; the ledger does not count it.
	 */
	expected?: boolean;
}

interface Raised {
	readonly site: string;
	readonly rows: readonly Row[];
}

interface Site {
	readonly rows: Rows;
	readonly byId: Map<string, Row>;
	inventory: Inventory;
}

const OPEN = 0;
const CLOSED = 3;
/** The first whole number that a number of JavaScript does not hold. */
const BEYOND_NUMBERS = 9_007_199_254_740_993n;

/**
 * The JSON of rows is kept up to about this many characters in all; then it is dropped and made
 * again as it is asked for.
 */
const TEXT_KEPT = 128_000_000;

/** The alerts of all sites: what was raised, what moved, and what a list shows at this moment. */
export class World {
	private readonly sites = new Map<string, Site>();
	/** Ids go on after a reset: a new start of the same ids would be another id space. */
	private readonly lastNumbers = new Map<string, number>();
	private texts: Row[] = [];
	private textLength = 0;
	private readonly views: Views;

	constructor(
		private readonly settings: Settings,
		private readonly now: () => number,
		private readonly seed: number,
	) {
		this.views = new Views(settings, seed);
	}

	/** The server's clock: true time and its offset. */
	serverNow(): number {
		return this.now() + this.settings.serverClockOffsetMs;
	}

	raise(
		count: number,
		{ site, at, spacingMs = 0, visibleAt = this.now(), json, idText, poison }: RaiseOptions,
		fixed: FixedFields,
	): Raised {
		const name = site ?? this.settings.sites[0] ?? '';
		const { rows, byId } = this.site(name);
		const first = at ?? this.serverNow();
		const last = this.lastNumbers.get(name) ?? 0;
		const hasFixed = Object.keys(fixed).length > 0;
		const added = Array.from({ length: count }, (_, index): Row => {
			const stamp = this.stamp(first + index * spacingMs);
			return {
				number: last + 1 + index,
				visibleAt,
				createdAt: stamp,
				lastSeen: stamp,
				dateChanged: stamp,
				status: null,
				fixed: hasFixed ? (fixed as Record<string, unknown>) : null,
				json: json ?? null,
				idText: idText ?? (this.settings.longIds ? longId(last + 1 + index) : null),
				poison: poison ?? null,
				text: null,
				shown: false,
			};
		});
		this.lastNumbers.set(name, last + count);
		for (const row of added) byId.set(String(this.idOf(row)), row);
		rows.add(added, this.now());
		return { site: name, rows: added };
	}

	/** The alert happens again: its `LastSeen` moves, its id stays. */
	recur(site: string, id: number | string, at: number = this.serverNow()): void {
		const { reopens, recurrenceMovesDateChanged } = this.settings;
		const row = this.find(site, id);
		const opens = reopens && this.alert(site, row).Status === CLOSED;
		this.site(site).rows.move(
			row,
			{
				lastSeen: this.stamp(at),
				...(opens && { status: OPEN }),
				...((opens || recurrenceMovesDateChanged) && { dateChanged: this.stamp(at) }),
			},
			this.now(),
		);
	}

	/** Someone changes the alert's status: `DateChanged` moves, `LastSeen` stays. */
	change(site: string, id: number | string, status = 3, at: number = this.serverNow()): void {
		this.site(site).rows.move(
			this.find(site, id),
			{ status, dateChanged: this.stamp(at) },
			this.now(),
		);
	}

	list(site: string, query: Pick<ListQuery, 'by' | 'since' | 'offset' | 'limit'>): Row[] {
		const { order, boundary } = this.settings;
		const { rows } = this.site(site);
		if (!this.views.differ) return rows.list({ ...query, order, boundary }, this.now());
		const all = rows.list({ ...query, offset: 0, limit: Infinity, order, boundary }, this.now());
		return this.views.of(all, query.by, this.now()).slice(query.offset, query.offset + query.limit);
	}

	count(site: string, by: ListQuery['by'], since: number | null): number {
		return this.site(site).rows.count(by, since, this.settings.boundary, this.now());
	}

	/** The row as an alert, as the API would show it now. */
	alert(site: string, row: Row): Alert {
		const alert = makeAlert(
			this.seed,
			site,
			row.number,
			row,
			this.site(site).inventory,
			this.settings,
		);
		return row.fixed
			? {
					...alert,
					...(row.fixed as Partial<Alert>),
					...(row.status !== null && { Status: row.status }),
				}
			: alert;
	}

	/** The row's JSON. */
	text(site: string, row: Row): string {
		if (row.json !== null) return row.json;
		if (row.text === null) {
			row.text = this.json(site, row);
			this.texts.push(row);
			this.textLength += row.text.length;
			if (this.textLength > TEXT_KEPT) this.dropTexts();
		}
		return row.text ?? this.json(site, row);
	}

	/** What identifies the alert in an item's `dedupKey`; undefined for a row that is no alert. */
	keyOf(site: string, row: Row): string | undefined {
		const id = this.idOf(row) ?? (row.json === null ? this.alert(site, row).Uniqueness : undefined);
		return id === undefined || id === null ? undefined : `cynet:${site}:${String(id)}`;
	}

	/** Hosts are set up anew, renamed, or move to other addresses. */
	changeHosts(site: string, change: (hosts: readonly Host[]) => readonly Host[]): void {
		const known = this.site(site);
		known.inventory = { ...known.inventory, hosts: change(known.inventory.hosts) };
	}

	inventory(site: string): Inventory {
		const { inventory } = this.site(site);
		const twins = inventory.hosts.slice(0, this.settings.hostTwins).map((host, index) => ({
			...host,
			ClientDbId: 1_000 + index,
			HDSerial: `${host.HDSerial.slice(0, -1)}X`,
		}));
		return twins.length === 0 ? inventory : { ...inventory, hosts: [...inventory.hosts, ...twins] };
	}

	clear(): void {
		this.sites.clear();
		this.views.clear();
		this.dropTexts();
	}

	private json(site: string, row: Row): string {
		const text = JSON.stringify(this.alert(site, row));
		const json =
			row.idText === null ? text : text.replace(/"ClientDbId":[^,]*/, `"ClientDbId":${row.idText}`);
		return row.poison === null ? json : poisoned(json, row.poison);
	}

	private idOf(row: Row): unknown {
		if (row.json !== null) return idIn(row.json);
		return row.fixed && 'ClientDbId' in row.fixed ? row.fixed.ClientDbId : row.number;
	}

	private find(site: string, id: number | string): Row {
		const row = this.site(site).byId.get(String(id));
		if (!row) throw new BadInput('id', `site ${site} has no alert ${id}; raise it first`);
		return row;
	}

	private site(name: string): Site {
		if (!this.settings.sites.includes(name)) {
			throw new BadInput(
				'site',
				`there is no site "${name}"; use one of ${this.settings.sites.join(', ')}, or add it to the setting "sites"`,
			);
		}
		let site = this.sites.get(name);
		if (!site)
			this.sites.set(
				name,
				(site = { rows: new Rows(), byId: new Map(), inventory: makeInventory(this.seed, name) }),
			);
		return site;
	}

	private stamp(at: number): number {
		return this.settings.precision === 's' ? Math.floor(at / 1000) * 1000 : at;
	}

	private dropTexts(): void {
		for (const row of this.texts) row.text = null;
		this.texts = [];
		this.textLength = 0;
	}
}

const longId = (number: number): string => String(BEYOND_NUMBERS + BigInt(number));

/** The id in a row's text, if the row is an object that has one. */
function idIn(json: string): unknown {
	try {
		return (JSON.parse(json) as { ClientDbId?: unknown } | null)?.ClientDbId;
	} catch {
		return undefined;
	}
}

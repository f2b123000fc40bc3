import { BadInput } from '../control/checks.mts';
import { problem, type Answer, type Call, type Handler } from '../http/answers.mts';
import type { Routes } from '../http/routes.mts';
import type { Settings } from '../settings.mts';
import type { StampName } from '../world/rows.mts';
import { parseTime } from '../world/stamps.mts';
import type { World } from '../world/world.mts';
import type { Cache } from './cache.mts';

/** D: no default is documented; both clients known send 100. */
const DEFAULT_LIMIT = 100;
const HOUR = 3_600_000;

/** The lists of alerts: `/api/alerts` without paging, `/bulk` and `/bulkByDateChanged` with it, and `/count`. */
export function alertRoutes(settings: Settings, world: World, cache: Cache): Routes {
	const envelope = (
		call: Call,
		by: StampName,
		since: number | null,
		offset: number,
		limit: number,
	): Answer => {
		const site = siteOf(call);
		const rows = world.list(site, { by, since, offset, limit });
		if (rows.some(({ poison }) => poison === 'unservable'))
			return problem(500, 'An error has occurred.');
		const entities = rows.map((row) => world.text(site, row)).join(',');
		return {
			status: 200,
			text: `{${syncTime(settings, world)}"Entities":[${entities}]}`,
			rows: rows.length,
		};
	};

	const page = (call: Call, by: StampName, since: number | null): Answer => {
		const asked = wholeOf(call, 'Limit', 1) ?? DEFAULT_LIMIT;
		const { maxLimit, beyondMaxLimit } = settings;
		if (maxLimit > 0 && asked > maxLimit && beyondMaxLimit !== 'cut')
			return problem(beyondMaxLimit, `Limit must not be above ${maxLimit}`);
		const limit = maxLimit > 0 ? Math.min(asked, maxLimit) : asked;
		const offset = rowsToSkip(call, limit);
		const { maxOffset, beyondMaxOffset: beyond } = settings;
		if (maxOffset === 0 || offset < maxOffset) return envelope(call, by, since, offset, limit);
		return beyond === 'empty'
			? envelope(call, by, since, offset, 0)
			: problem(beyond, `Offset must be below ${maxOffset}`);
	};

	/** W: clients count rows from 0. What a server that counts from 1 makes of 0 is our assumption: the same as of 1. */
	const rowsToSkip = (call: Call, limit: number): number => {
		const { ignoresOffset, offsetUnit, offsetBase } = settings;
		if (ignoresOffset) return 0;
		const steps = Math.max(0, (wholeOf(call, 'Offset', 0) ?? offsetBase) - offsetBase);
		return offsetUnit === 'row' ? steps : steps * limit;
	};

	/** A list whose time is in the query. */
	const list =
		(
			name: 'LastSeen' | 'DateChanged',
			read: (call: Call, since: number | null) => Answer,
		): Handler =>
		(call) => {
			const since = timeOf(call, name, settings.queryZoneMinutes);
			const { widestWindowHours: widest, widestWindowStatus: status } = settings;
			if (widest > 0 && (since === null || world.serverNow() - since > widest * HOUR))
				return problem(status, 'The time range is too wide');
			return cache.answer(call, () => read(call, since));
		};

	const bulk = list('LastSeen', (call, since) =>
		settings.bulk ? page(call, 'lastSeen', since) : problem(404, 'There is no such path'),
	);

	const counted = (call: Call): number => {
		const { countBy, queryZoneMinutes } = settings;
		const since = countBy === 'nothing' ? null : timeOf(call, countBy, queryZoneMinutes);
		return world.count(siteOf(call), countBy === 'LastSeen' ? 'lastSeen' : 'dateChanged', since);
	};

	return {
		'GET /api/alerts': list('LastSeen', (call, since) =>
			envelope(call, 'lastSeen', since, 0, Infinity),
		),
		'GET /api/alerts/bulk': bulk,
		// D: the parameter is required.
		'GET /api/alerts/bulkByDateChanged': list('DateChanged', (call, since) =>
			since === null ? problem(400, 'DateChanged is missing') : page(call, 'dateChanged', since),
		),
		// D: a bare number. That it counts alerts changed since then is our assumption.
		'GET /api/alerts/count': (call) => ({
			status: 200,
			text: String(counted(call)),
		}),
	};
}

/** The site of a call that {@link Access} let pass. */
export const siteOf = (call: Call): string => call.header('client_id') ?? '';

/**
 * A time in the query, null if absent (our assumption: then the list has no beginning). A malformed one is a 400.
 *
 * @param zoneMinutes how far east of Greenwich a time without a zone is read
 */
export function timeOf(call: Call, name: string, zoneMinutes = 0): number | null {
	const text = call.query(name);
	if (text === null || text === '') return null;
	const at = parseTime(text, zoneMinutes);
	if (at === null)
		throw new BadInput(name, 'send a time as YYYY-MM-DD hh:mm:ss in UTC, or as ISO 8601');
	return at;
}

function wholeOf(call: Call, name: string, least: number): number | null {
	const text = call.query(name);
	if (text === null || text === '') return null;
	if (!/^\d{1,9}$/.test(text) || Number(text) < least)
		throw new BadInput(name, `send a whole number from ${least} up`);
	return Number(text);
}

const SYNC_TIMES: Record<Settings['syncTime'], (at: number) => string> = {
	iso: (at) => `"SyncTimeUtc":"${new Date(at).toISOString()}",`,
	missing: () => '',
	null: () => '"SyncTimeUtc":null,',
	malformed: () => '"SyncTimeUtc":"not a time",',
	// The greatest date of .NET.
	endOfTime: () => '"SyncTimeUtc":"9999-12-31T23:59:59.9999999Z",',
};

/** D: the server's clock in UTC at the time of the answer. */
const syncTime = (settings: Settings, world: World): string =>
	SYNC_TIMES[settings.syncTime](world.serverNow() + settings.syncTimeOffsetMs);

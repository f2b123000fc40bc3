import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { freshCursor } from '../../nodes/shared/feed/cursor-state.ts';
import { SitePoll } from '../../nodes/shared/feed/site-poll.ts';
import {
	freshState,
	packState,
	unpackState,
	type SiteState,
} from '../../nodes/shared/feed/state.ts';
import { AlertList, HOUR, NOON, SETTINGS, SITE } from './feed-list.mts';
import { opened } from './feed-packed.mts';
import { HORIZONS, everything } from './golden-story.mts';

/** A state as a released version wrote it, and what it must go on to mean. */
interface Golden {
	readonly server: string;
	readonly clientId: string;
	readonly state: string;
	readonly means: {
		readonly revision: number;
		readonly knows: ReadonlyArray<number | string>;
		readonly doesNotKnow: ReadonlyArray<number | string>;
		readonly cursor: string;
		readonly nextRequest: string;
		readonly of200AlertsEmits: readonly string[];
	};
}

const FOLDER = new URL('../golden/', import.meta.url);
/** Before the first release alone: `GOLDEN=write npx vitest run test/unit/golden-state.test.mts`. */
if (process.env.GOLDEN === 'write') {
	const file = new URL('state-v1.json', FOLDER);
	writeFileSync(
		file,
		`${JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as Golden), state: everything() }, null, '\t')}\n`,
	);
}

const goldens = readdirSync(FOLDER)
	.filter((file) => /^state-v\d+\.json$/.test(file))
	.map((file) => ({
		file,
		version: Number(/\d+/.exec(file)![0]),
		golden: JSON.parse(readFileSync(new URL(file, FOLDER), 'utf8')) as Golden,
	}))
	.sort((one, other) => one.version - other.version);
const versionOf = (packed: string): number => (JSON.parse(opened(packed)) as { v: number }).v;
const TODAY = versionOf(packState(freshState(), SITE, HORIZONS));

function stateOf(text: string): SiteState {
	const found = unpackState(text, SITE);
	if (found.kind !== 'ok') throw new Error(`The state is ${found.kind}`);
	return found.state;
}

test("every version of the state up to today's has its golden file: after a change of the format, bump VERSION and add one", () => {
	expect(goldens.map(({ version }) => version)).toEqual(
		Array.from({ length: TODAY }, (_, index) => index + 1),
	);
	for (const { version, golden } of goldens) expect(versionOf(golden.state)).toBe(version);
});

test("today's version writes what its golden file holds, to the character: else bump VERSION and add a file, never change one", () => {
	const { state } = goldens.at(-1)!.golden;
	expect(packState(stateOf(state), SITE, HORIZONS)).toBe(state);
});

test("today's golden file leaves no part of the state empty", () => {
	const { changes, ...state } = JSON.parse(opened(goldens.at(-1)!.golden.state)) as {
		changes: { cursor: object; marks: string };
	};
	const empty: string[] = [];
	// The list by DateChanged keeps the same, of which not all can be there at once.
	JSON.stringify({ ...state, changes: { marks: changes.marks } }, (key, value: unknown) => {
		if (value === null || value === '') empty.push(key);
		return value;
	});
	expect(empty).toEqual([]);
	expect(Object.keys(changes.cursor)).toEqual(Object.keys(freshCursor()));
});

describe.each(goldens)('$file', ({ golden: { server, clientId, state, means } }) => {
	test('is of the site that the tests poll', () => expect({ server, clientId }).toEqual(SITE));

	test('is read, and what is written of it is read as the same', () => {
		expect(stateOf(packState(stateOf(state), SITE, HORIZONS))).toEqual(stateOf(state));
	});

	test('knows the alerts, the cursor and the marks', () => {
		const { known, alerts, recurrences, changes, revision } = stateOf(state);
		expect(revision).toBe(means.revision);
		expect(means.knows.filter((id) => !known.has(id, null))).toEqual([]);
		expect(means.doesNotKnow.filter((id) => known.has(id, null))).toEqual([]);
		expect(new Date(alerts.cursor!).toISOString()).toBe(means.cursor);
		expect([
			recurrences!.isLater('text-1', NOON - 600_000),
			recurrences!.isLater(3, NOON - 600_000),
		]).toEqual([false, true]);
		expect([changes!.marks!.isLater(7, NOON), changes!.marks!.isLater(7, NOON + 1)]).toEqual([
			false,
			true,
		]);
	});

	test("is gone on from: the next request is the scan's next page, known alerts do not come again, unknown ones do", () => {
		const list = new AlertList(NOON + 2 * HOUR).raise(200);
		const poll = new SitePoll(SITE, stateOf(state), SETTINGS);
		for (let query = poll.next(); query !== null; query = poll.next())
			poll.take(query, list.answer(query));
		expect(list.asked()[0]).toBe(means.nextRequest);
		expect(poll.alerts.map(({ dedupKey }) => dedupKey)).toEqual(means.of200AlertsEmits);
		expect(poll.revision).toBe(means.revision + 1);
	});
});

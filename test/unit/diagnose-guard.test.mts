import { describe, expect, test } from 'vitest';

import { holdsMet, isShareable, saysPublicOnly } from '../../nodes/shared/diagnose/guard.ts';
import { Met } from '../../nodes/shared/diagnose/met.ts';
import { told } from '../../nodes/shared/diagnose/told.ts';

/** What was met in answers, the credential and the input. */
function metOf(...values: unknown[]): Met {
	const met = new Met();
	for (const value of values) met.note(value);
	return met;
}

const REPORT = {
	format: 1,
	month: '2026-06',
	product: '4.31',
	answers: { login: 'both', offset: 'row0' },
	holds: { login: true, offset: null },
	figures: { codes: { Severity: { 4: 12, other: 1 } } },
};

describe('a report is withheld', () => {
	test.each<[string, object, unknown]>([
		['a name as a value', { answers: { login: 'WS-0101' } }, { HostName: 'WS-0101' }],
		['a name as a key', { fields: { TenantField: 3 } }, { TenantField: 'x' }],
		['a name in other letters', { answers: { login: 'ws-0101' } }, 'WS-0101'],
		['a name within a text', { answers: { login: 'host WS-0101 was' } }, 'WS-0101'],
		['a piece of a text', { answers: { login: 'jane' } }, 'Process Running User: CORP\\jane'],
		['a text of JSON in a text', { x: 'secret-detail' }, '{"Extra Info":{"Path":"secret-detail"}}'],
		['a number of an answer', { figures: { count: 987_654_321 } }, { ClientDbId: 987_654_321 }],
		['a number as text', { figures: { count: '62001234' } }, { ClientDbId: 62_001_234 }],
		['a day', { month: '2026-06-01' }, { DateIn: '2026-06-01T10:00:00Z' }],
	])('for %s', (_what, added, met) => {
		expect(isShareable({ ...REPORT, ...added }, metOf(met))).toBe(false);
		expect(holdsMet({ ...REPORT, ...added }, metOf(met))).toBe(true);
	});

	test.each<[string, object]>([
		['a word that is not on the list', { answers: { login: 'abc' } }],
		['a key that is not on the list', { fields: { abc: 1 } }],
		['a number of four digits', { figures: { count: 1000 } }],
		['a fraction', { figures: { count: 0.5 } }],
		['a day', { month: '2026-06-01' }],
		['a whole version', { product: '4.31.0.1022' }],
	])('for %s, although it was met nowhere', (_what, added) => {
		expect(saysPublicOnly({ ...REPORT, ...added })).toBe(false);
		expect(isShareable({ ...REPORT, ...added }, metOf())).toBe(false);
	});
});

test.each<[string, unknown]>([
	['nothing was met', null],
	['a user is called like a public word', { UserName: 'Severity', HostName: 'login' }],
	['a text is the month or the version', ['2026-06', '4.31']],
	['a year stands in a text', 'Windows Server 2026'],
	['short texts are met', ['row', 'on', '12']],
])('a report is shared although %s', (_what, met) =>
	expect(isShareable(REPORT, metOf(met))).toBe(true),
);

test('no text of a verdict can say a long number', () => {
	expect(told`seen: ${123_456} and ${-5} and ${999}`.text).toBe(
		'Seen: a thousand or more and -5 and 999',
	);
});

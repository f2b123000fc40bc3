import { expect, it } from 'vitest';
import { ofRaw, type Json } from './format-kit.mts';

const indicators = (changes: Json): Json[] =>
	ofRaw('stix', {
		ClientDbId: 62,
		IncidentName: 'Malicious Binary',
		AlertUrl: 'https://evil.example/x',
		...changes,
	}).stix.objects.slice(1);

it.each([
	["https://evil.example/it's", "[url:value = 'https://evil.example/it\\'s']"],
	['https://evil.example/a\\b', "[url:value = 'https://evil.example/a\\\\b']"],
	[
		"https://evil.example/x'] OR [url:value = 'y",
		"[url:value = 'https://evil.example/x\\'] OR [url:value = \\'y']",
	],
])('a pattern for %s matches that text and nothing else', (AlertUrl, pattern) => {
	expect(indicators({ AlertUrl })[0]!.pattern).toBe(pattern);
});

it.each([
	[1, 'anomalous-activity'],
	[2, 'anomalous-activity'],
	[3, 'malicious-activity'],
	[4, 'malicious-activity'],
	[5, 'malicious-activity'],
	[7, 'unknown'],
	[null, 'unknown'],
])('an indicator of an alert of severity %j is of %s', (Severity, kind) => {
	expect(indicators({ Severity })[0]!.indicator_types).toEqual([kind]);
});

it('an indicator holds from when the file was seen first, else from when the alert was raised', () => {
	const times = {
		FirstSeenUtc: '2026-05-29T13:26:20Z',
		DateIn: '2026-05-29T13:26:24Z',
		LastSeenUtc: '2026-05-29T13:27:00Z',
	};
	const from = (changes: Json) => indicators({ ...times, ...changes })[0]!.valid_from;
	expect(from({})).toBe('2026-05-29T13:26:20.000Z');
	expect(from({ FirstSeenUtc: null })).toBe('2026-05-29T13:26:24.000Z');
	expect(from({ FirstSeenUtc: null, DateIn: null })).toBe('2026-05-29T13:27:00.000Z');
	expect(from({ FirstSeenUtc: null, DateIn: null, LastSeenUtc: null })).toBe(
		'1970-01-01T00:00:00.000Z',
	);
});

it('an id is a UUID of version 5: the same for the same alert, another for another one', () => {
	const [first, again, other] = [62, 62, 63].map(
		(ClientDbId) => indicators({ ClientDbId })[0]!.id as string,
	);
	expect(first).toMatch(
		/^indicator--[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
	);
	expect(again).toBe(first);
	expect(other).not.toBe(first);
});

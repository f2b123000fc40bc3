import { expect, it } from 'vitest';
import { doubtOf } from '../../nodes/shared/alert/doubt.ts';

const SURE = { ClientDbId: 7, DateIn: '2026-06-01T12:00:00Z', Severity: 4 };

it.each([
	[{}, null],
	[{ ClientDbId: 'alert-7', Severity: 'unknown' }, null],
	[{ ClientDbId: 0, Uniqueness: 'other' }, 'no usable id'],
	[{ ClientDbId: 2 ** 53, DateIn: null }, 'no usable id'],
	[{ DateIn: '2026-06-01T12:00:00' }, 'no certain date'],
	[{ DateIn: '1970-01-01T00:00:00Z', Severity: 7 }, 'no certain date'],
	[{ Severity: 'Sev-9' }, 'unknown severity'],
	[{ Severity: null }, 'unknown severity'],
])('an alert with %j leaves the doubt %j', (changes, doubt) => {
	expect(doubtOf({ ...SURE, ...changes })).toBe(doubt);
});

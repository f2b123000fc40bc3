import { describe, expect, it, vi } from 'vitest';
import { isIp } from '../../nodes/shared/alert/formats/values.ts';

describe('an IP address', () => {
	it.each([
		'10.0.0.1',
		'255.255.255.255',
		'::',
		'::1',
		'fe80::1',
		'FE80::ABCD',
		'2001:db8::1',
		'::ffff:10.0.0.1',
		'0000:0000:0000:0000:0000:ffff:255.255.255.255',
	])('is %s', (text) => {
		expect(isIp(text)).toBe(true);
	});

	it.each([
		'',
		'10.0.0',
		'10.0.0.256',
		'10.0.0.01',
		'10.0.0.1:80',
		'cafe',
		':',
		':::',
		'fe80::1%eth0',
		'[::1]',
		'1:2:3:4:5:6:7:8:9',
		'::g',
		'::1\n',
		`::${'0'.repeat(44)}`,
	])('is not %j', (text) => {
		expect(isIp(text)).toBe(false);
	});

	it('is looked for in no text longer than one: an expression tried at each of 30,000 colons took seconds', () => {
		const expressions = vi.spyOn(RegExp.prototype, 'test');
		const addresses = vi.spyOn(URL, 'canParse');
		const found = [`${':'.repeat(30_000)}x`, '1'.repeat(46), `::${'0'.repeat(44)}`].map(isIp);
		const tries = expressions.mock.calls.length + addresses.mock.calls.length;
		vi.restoreAllMocks();
		expect(found).toEqual([false, false, false]);
		expect(tries).toBe(0);
	});
});

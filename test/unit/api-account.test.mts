import { beforeEach, expect, test } from 'vitest';

import { accountOf } from '../../nodes/shared/api/account.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { CREDENTIAL, storedBy, withoutWaits } from './api-kit.mts';

withoutWaits();

const MINUTE = 60_000;
const NOON = Date.parse('2026-06-01T12:00:00Z');
let now = NOON;
let ticks = 1_000;

beforeEach(() => {
	now = NOON;
	ticks = 1_000;
	Object.assign(clock, { now: () => now, ticks: () => ticks });
});

const pass = (milliseconds: number) => {
	now += milliseconds;
	ticks += milliseconds;
};

let accounts = 0;
function own() {
	const credential = { ...CREDENTIAL, username: `account-${++accounts}` };
	const account = accountOf(credential);
	const hold = (token: string) => account.hold(token, ticks, now);
	const stored = (token: string, minutes: number) => ({
		...credential,
		...storedBy(credential, token, NOON + minutes * MINUTE),
	});
	return { credential, account, hold, stored };
}

test('a call that is refused counts as settled for a minute, then 4, 16 and 60, and never longer', () => {
	const { account } = own();
	for (const minutes of [1, 4, 16, 60, 60]) {
		account.settle('x');
		pass(minutes * MINUTE - 1);
		expect([account.isSettled('x'), account.isSettled('y')]).toEqual([true, false]);
		pass(1);
		expect(account.isSettled('x')).toBe(false);
	}
	account.accepted('x');
	account.settle('x');
	pass(MINUTE);
	expect(account.isSettled('x')).toBe(false);
});

test('of 5,000 calls the one that was refused last is remembered longest', () => {
	const { account } = own();
	const call = (index: number) => `call ${index}`;
	for (let index = 0; index < 5_000; index++) account.settle(call(index));
	account.settle(call(0));
	expect([account.isSettled(call(0)), account.isSettled(call(1))]).toEqual([true, true]);
	account.settle('another');
	expect([account.isSettled(call(0)), account.isSettled(call(1))]).toEqual([true, false]);
	expect(account.isSettled(call(2))).toBe(true);
});

test('another client counts as known for an hour', () => {
	const { account } = own();
	expect(account.contested).toBe(false);
	account.sawContest();
	pass(60 * MINUTE - 1);
	expect(account.contested).toBe(true);
	pass(1);
	expect(account.contested).toBe(false);
});

test.each([
	[10 * MINUTE - 1, 55 * MINUTE],
	[10 * MINUTE, 8 * MINUTE],
	[20 * MINUTE, 16 * MINUTE],
])('a token that ended after %d ms is renewed after %d ms', (age, renewal) => {
	const { account, hold } = own();
	account.sawEnd(age);
	hold('a');
	pass(renewal - 1);
	expect(account.fresh?.accessToken).toBe('a');
	pass(1);
	expect(account.fresh).toBeNull();
});

test('the shortest life that was seen counts, and grows by a twentieth with each token that outlived it', () => {
	const { account, hold } = own();
	account.sawEnd(20 * MINUTE);
	account.sawEnd(30 * MINUTE);
	expect(Number(hold('a').accessTokenExpiresAt)).toBe(NOON + 21 * MINUTE);
	expect(Number(hold('b').accessTokenExpiresAt)).toBeCloseTo(NOON + 0.8 * 21 * MINUTE + 5 * MINUTE);
	account.forget();
	expect(account.fresh).toBeNull();
	expect(Number(hold('c').accessTokenExpiresAt)).toBeCloseTo(NOON + 0.8 * 21 * MINUTE + 5 * MINUTE);
});

test('what is handed out is a copy', () => {
	const { account, hold } = own();
	Object.assign(hold('a'), { accessToken: 'x' });
	Object.assign(account.fresh as object, { accessToken: 'x' });
	expect(account.fresh?.accessToken).toBe('a');
});

test('the age of a token is the older of both clocks, and of another it is not known', () => {
	const { account, hold, credential } = own();
	expect(account.ageOf(credential)).toBe(Infinity);
	const token = { ...credential, ...hold('a') };
	ticks += 5;
	expect(account.ageOf(token)).toBe(5);
	now += 7;
	expect(account.ageOf(token)).toBe(7);
	expect(account.ageOf({ ...token, accessToken: 'b' })).toBe(Infinity);
});

test('a token is owned by its fingerprint, and none is no token', () => {
	const { account, stored } = own();
	expect(account.owns(stored('a', 50))).toBe(true);
	expect(account.owns({ ...stored('a', 50), accessToken: ' ' })).toBe(false);
	expect(account.owns(own().stored('a', 50))).toBe(false);
	expect(account.owns({ ...stored('a', 50), accessTokenFingerprint: '' })).toBe(false);
});

test.each([
	['that lives', 50, true],
	['that is due', 5, false],
	['that lives longer than any', 61, false],
	['without an end', Number.NaN, false],
])('a token of another process %s can be asked with: %j', (_, minutes, can) => {
	const { account, stored } = own();
	expect(account.canUse(stored('a', minutes))).toBe(can);
	expect(account.canUse(own().stored('a', minutes))).toBe(false);
});

test('a token of another process counts from when it was first seen, by ticks', () => {
	const { account, stored } = own();
	account.canUse(stored('a', 50));
	ticks += 55 * MINUTE - 1;
	expect(account.canUse(stored('a', 50))).toBe(true);
	ticks += 1;
	expect(account.canUse(stored('a', 50))).toBe(false);
	expect(account.canUse(stored('b', 50))).toBe(true);
});

test('beside a newer token of this process an older one is not asked with, one of the same end is', () => {
	const { account, hold, credential, stored } = own();
	const token = { ...credential, ...hold('a') };
	expect(account.canUse(token)).toBe(true);
	expect(account.canUse(stored('b', 59))).toBe(false);
	expect(account.canUse(stored('b', 60))).toBe(true);
	pass(55 * MINUTE);
	expect(account.canUse(token)).toBe(false);
});

test('a refusal ends the newest token, and one that is older than the refused, and no other', () => {
	const { account, hold, credential, stored } = own();
	account.refuse(stored('b', 90));
	const token = { ...credential, ...hold('a') };
	for (const other of [
		stored('b', 60),
		stored('b', 30),
		stored('b', Number.NaN),
		own().stored('b', 90),
	]) {
		account.refuse(other);
		expect(account.fresh?.accessToken).toBe('a');
	}
	account.refuse(stored('b', 61));
	expect(account.fresh).toBeNull();
	hold('a');
	account.refuse(token);
	expect(account.fresh).toBeNull();
});

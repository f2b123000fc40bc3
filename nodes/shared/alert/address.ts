import { code } from './codes';
import { isRawAlert, type RawAlert } from './identity';
import { linesOf } from './told';

const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);
const IPV4_IN_TEXT = new RegExp(`(?<![\\d.])${BYTE}(?:\\.${BYTE}){3}(?!\\.?\\d)`, 'g');

/** A text of the longest address has: `0000:0000:0000:0000:0000:ffff:255.255.255.255`. */
const LONGEST_IP = 45;

/** 4 or 6 for an address of that version, 0 for what is none. */
export const ipVersion = (text: string): 0 | 4 | 6 =>
	!isIp(text) ? 0 : text.includes(':') ? 6 : 4;

/** Whether a text is one IP address, without a zone or a port. */
export function isIp(text: string): boolean {
	if (text.length > LONGEST_IP) return false;
	return IPV4.test(text) || (/^[\da-f:.]+$/i.test(text) && URL.canParse(`http://[${text}]`));
}

/** The address in a value that is one. */
export function ipOf(value: unknown): string | null {
	const text = typeof value === 'string' && value.length <= 2 * LONGEST_IP ? value.trim() : '';
	return isIp(text) ? text : null;
}

/** What an attacker words: an address in it says nothing about the alert's own. */
const WORDED_BY_OTHERS = /command|cmd|param|arg|path|file|user|name|folder|script/i;

const MOST_TEXT = 20_000;
const MOST_VALUES = 500;

/**
 * The address that `AlertIp` tells. It is a number, 0 for none, and the vendor has not documented
 * the order of its bytes: so it is read in the
 * order that stands in the alert's other texts. Where neither stands there, or both do, it is null:
 * a wrong guess blocks a stranger.
 */
export function alertIp(alert: RawAlert, details: unknown): string | null {
	const forms = addressesOf(alert.AlertIp);
	if (forms.length < 2) return forms[0] ?? null;
	const said = addressesIn(alert, details);
	const found = forms.filter((form) => said.has(form));
	return found.length === 1 ? (found[0] as string) : null;
}

/**
 * What `AlertIp` can mean: an address where it is one or reads the same in both orders, two where
 * it does not, none for 0 and for what is no address.
 */
export function addressesOf(value: unknown): string[] {
	const number = code(value);
	const address = number === null ? ipOf(value) : null;
	if (address !== null) return [address];
	// .NET may show the upper half of the numbers as negative ones; -1 stands for none.
	if (
		number === null ||
		number === 0 ||
		number === -1 ||
		number > 0xffffffff ||
		number < -0x80000000
	)
		return [];
	const bytes = [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);
	return [...new Set([bytes.join('.'), [...bytes].reverse().join('.')])];
}

function addressesIn(alert: RawAlert, details: unknown): ReadonlySet<string> {
	const texts = [alert.HostIp, alert.AlertUrl, alert.AlertDomain, ...sayings(details)];
	const lines =
		typeof alert.IncidentDescription === 'string'
			? alert.IncidentDescription.slice(0, MOST_TEXT).split('\n')
			: [];
	for (const line of lines)
		if (!linesOf(line).some(([key]) => WORDED_BY_OTHERS.test(key))) texts.push(line);
	const found = new Set<string>();
	for (const text of texts) {
		if (typeof text === 'string')
			for (const [address] of text.slice(0, MOST_TEXT).matchAll(IPV4_IN_TEXT)) found.add(address);
	}
	return found;
}

/** The values of the details at any depth, but those of which an attacker chooses the words. */
function sayings(details: unknown): unknown[] {
	const open = [details];
	const found: unknown[] = [];
	for (let steps = 0; open.length > 0 && steps < MOST_VALUES; steps++) {
		const next = open.pop();
		if (Array.isArray(next)) open.push(...next.slice(0, MOST_VALUES));
		else if (isRawAlert(next))
			open.push(
				...Object.entries(next)
					.slice(0, MOST_VALUES)
					.flatMap(([key, value]) => (WORDED_BY_OTHERS.test(key) ? [] : [value])),
			);
		else found.push(next);
	}
	return found;
}

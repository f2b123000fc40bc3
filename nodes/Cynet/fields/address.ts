import { ipVersion } from '../../shared/alert/address';
import { LIKE_IPV4 } from '../../shared/alert/host-name';

/** A host name holds no colon. */
const IPV6 = /^\[?[\da-f]*:[\da-f:.]*(%\w+)?\]?$/i;

/** Whether a text is meant as an IP address, whole or not. */
export function isIpAddress(text: string): boolean {
	return LIKE_IPV4.test(text) || IPV6.test(text);
}

/** `::ffff:102:304`, an IPv4 address in IPv6's form. */
const MAPPED = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/;

/**
 * One address in one form, whatever form it was given in; null for what is no address. An IPv4
 * address in IPv6's form is the IPv4 one.
 */
export function canonicalIp(text: string): string | null {
	if (ipVersion(text) === 4) return text;
	const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%\w+$/, '');
	if (ipVersion(bare) !== 6) return null;
	const address = new URL(`http://[${bare}]`).hostname.slice(1, -1);
	const halves = MAPPED.exec(address)
		?.slice(1)
		.map((half) => Number.parseInt(half, 16));
	return halves === undefined
		? address
		: halves.flatMap((half) => [half >> 8, half & 255]).join('.');
}

/** `::`, `::1`, and what else has nothing in its first six groups. */
const OF_NO_HOST = /^::(?:[\da-f]{1,4}(?::[\da-f]{1,4})?)?$/;

/** Why no single host can be meant by an address, or null where one can. */
export function flawOfAddress(text: string): string | null {
	const address = canonicalIp(text);
	if (address === null) return 'it is not one whole address';
	if (!address.includes(':')) return flawOfIpv4(address.split('.').map(Number));
	if (OF_NO_HOST.test(address)) return 'it stands for no host, or for each host itself';
	if (/^ff[\da-f]{2}:/.test(address)) return 'it reaches many hosts at once';
	return /^fe[89ab][\da-f]:/.test(address)
		? 'hosts give it to themselves, so that several can have it'
		: null;
}

function flawOfIpv4([a = 0, b = 0]: readonly number[]): string | null {
	if (a === 0 || a === 127) return 'it stands for no host, or for each host itself';
	if (a === 169 && b === 254) return 'hosts give it to themselves, so that several can have it';
	return a >= 224 ? 'it reaches many hosts at once, or none' : null;
}

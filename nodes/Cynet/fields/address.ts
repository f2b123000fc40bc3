const IPV4 = /^\d{1,3}(\.\d{1,3}){3}$/;
/** A host name holds no colon. */
const IPV6 = /^\[?[\da-f]*:[\da-f:.]*(%\w+)?\]?$/i;

/** Whether a text is meant as an IP address, whole or not. */
export function isIpAddress(text: string): boolean {
	return IPV4.test(text) || IPV6.test(text);
}

const OCTET = /^(?:0|[1-9]\d{0,2})$/;

function octetsOf(text: string): number[] | null {
	const parts = text.split('.');
	// A leading zero means eight to some readers and ten to others.
	return parts.length === 4 && parts.every((part) => OCTET.test(part) && Number(part) < 256) ? parts.map(Number) : null;
}

/** The eight groups of an IPv6 address. */
function groupsOf(text: string): number[] | null {
	const last = text.slice(text.lastIndexOf(':') + 1);
	const octets = last.includes('.') ? octetsOf(last) : [];
	if (octets === null) return null;
	const [a = 0, b = 0, c = 0, d = 0] = octets;
	const whole = octets.length === 0 ? text : `${text.slice(0, -last.length)}${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`;
	const halves = whole.split('::');
	if (halves.length > 2) return null;
	const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
	const missing = 8 - head.length - tail.length;
	if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
	const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail];
	return groups.every((group) => /^[\da-f]{1,4}$/i.test(group)) ? groups.map((group) => Number.parseInt(group, 16)) : null;
}

/** One address in one form, whatever form it was given in; null for what is no address. An IPv4 address in IPv6's form is the IPv4 one. */
export function canonicalIp(text: string): string | null {
	const octets = octetsOf(text);
	if (octets !== null) return octets.join('.');
	const groups = groupsOf(text.replace(/^\[(.*)\]$/, '$1').replace(/%\w+$/, ''));
	if (groups === null) return null;
	const isIpv4 = groups[5] === 0xffff && groups.slice(0, 5).every((group) => group === 0);
	return isIpv4 ? groups.slice(6).flatMap((group) => [group >> 8, group & 255]).join('.') : groups.map((group) => group.toString(16)).join(':');
}

/** Why no single host can be meant by an address, or null where one can. */
export function flawOfAddress(text: string): string | null {
	const address = canonicalIp(text);
	if (address === null) return 'it is not one whole address';
	const first = address.includes(':') ? null : address.split('.').map(Number);
	if (first !== null) return flawOfIpv4(first);
	const groups = address.split(':').map((group) => Number.parseInt(group, 16));
	if (groups.slice(0, 6).every((group) => group === 0)) return 'it stands for no host, or for each host itself';
	if (groups[0]! >= 0xff00) return 'it reaches many hosts at once';
	return groups[0]! >> 6 === 0xfe80 >> 6 ? 'hosts give it to themselves, so that several can have it' : null;
}

function flawOfIpv4([a = 0, b = 0]: readonly number[]): string | null {
	if (a === 0 || a === 127) return 'it stands for no host, or for each host itself';
	if (a === 169 && b === 254) return 'hosts give it to themselves, so that several can have it';
	return a >= 224 ? 'it reaches many hosts at once, or none' : null;
}

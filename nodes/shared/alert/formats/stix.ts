import { createHash } from 'crypto';
import type { IDataObject } from 'n8n-workflow';
import { Facts } from './facts';
import { block, cut } from './harmless';
import { headline, item } from './headline';
import type { AlertRecord } from './record';
import { ipVersion, isIp, isPublicIp } from './values';

/** For ids of this package's own; that of STIX is for observables only. */
const NAMESPACE = Buffer.from('6f1c2a54d5f94c0fb0a2b1b6f4f0a7e3', 'hex');

/** A UUID of version 5: the same for the same name. */
function uuid(name: string): string {
	const bytes = createHash('sha1').update(NAMESPACE).update(name).digest().subarray(0, 16);
	bytes[6] = ((bytes[6] as number) & 0x0f) | 0x50;
	bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
	return bytes.toString('hex').replace(/(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
const isDomain = (text: string): boolean =>
	text.length <= 253 && /^(?:[\p{L}\p{N}_-]+\.)+[\p{L}\p{N}-]{2,}$/u.test(text);
const isUrl = (text: string): boolean =>
	text.length <= 8000 && /^(?:https?|ftp):\/\/[^\s/]/i.test(text) && URL.canParse(text);

/**
 * What is worth looking for elsewhere. The host's own address, its user and the programs that ran
 * before are none of it.
 */
const INDICATORS: ReadonlyArray<
	readonly [
		fact: string,
		kind: string,
		fits: (text: string) => boolean,
		pattern: (text: string) => string,
	]
> = [
	['sha256', 'File', () => true, (hash) => `[file:hashes.'SHA-256' = ${quoted(hash)}]`],
	['domain', 'Domain', isDomain, (domain) => `[domain-name:value = ${quoted(domain)}]`],
	['url', 'URL', isUrl, (url) => `[url:value = ${quoted(url)}]`],
	[
		'ip',
		'Address',
		(ip) => isIp(ip) && isPublicIp(ip),
		(ip) => `[ipv${ipVersion(ip)}-addr:value = ${quoted(ip)}]`,
	],
];

/** By the vendor's severity. */
const KINDS: Readonly<Record<number, string>> = {
	1: 'anomalous-activity',
	2: 'anomalous-activity',
	3: 'malicious-activity',
	4: 'malicious-activity',
	5: 'malicious-activity',
};

/**
 * A bundle of STIX 2.1 (https://docs.oasis-open.org/cti/stix/v2.1/stix-v2.1.html) with an indicator
 * for the file, domain, address of the web and IP
 * address that the alert names, and how many there are. Ids are the same for the same alert: who
 * takes a bundle twice keeps it once.
 */
export function stix(alert: AlertRecord): IDataObject {
	const facts = new Facts(alert);
	const key = alert.simple.dedupKey as string;
	const at = facts.time ?? new Date(0).toISOString();
	const created = facts.look('createdAt') ?? at;
	const creator = `identity--${uuid('Cynet 360')}`;
	const found = INDICATORS.flatMap(([fact, kind, fits, pattern]) => {
		const value = facts.take(fact, fits);
		return value === undefined ? [] : [{ kind, value, pattern: pattern(value) }];
	});
	const indicators = found.map(({ kind, value, pattern }) => ({
		type: 'indicator',
		spec_version: '2.1',
		id: `indicator--${uuid(`${key} ${pattern}`)}`,
		created_by_ref: creator,
		created,
		modified: at < created ? created : at,
		name: `${kind} ${cut(block(value), 200)}`,
		description: headline(alert),
		indicator_types: [KINDS[facts.severity ?? NaN] ?? 'unknown'],
		pattern,
		pattern_type: 'stix',
		valid_from: facts.look('firstSeenAt') ?? created,
		...(facts.tags.length > 0 && { labels: facts.tags.map((tag) => cut(block(tag), 200)) }),
		external_references: [
			{ source_name: 'Cynet 360', external_id: block(key) },
			...facts.techniques.map((technique) => ({
				source_name: 'mitre-attack',
				external_id: technique,
			})),
		],
	}));
	const identity = {
		type: 'identity',
		spec_version: '2.1',
		id: creator,
		created: '2026-01-01T00:00:00.000Z',
		modified: '2026-01-01T00:00:00.000Z',
		name: 'Cynet 360',
		identity_class: 'system',
	};
	const bundle = {
		type: 'bundle',
		id: `bundle--${uuid(`bundle ${key}`)}`,
		objects: [identity, ...indicators],
	};
	return item(alert, { stix: bundle as unknown as IDataObject, indicators: indicators.length });
}

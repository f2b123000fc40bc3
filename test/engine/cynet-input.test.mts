import type { INodeParameters } from 'n8n-workflow';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { SHA256, startBench, type Bench } from './cynet-kit.mts';

let bench: Bench;
beforeEach(async () => void (bench = await startBench()));
afterEach(async () => await bench.close());

type Case = readonly [what: string, resource: string, operation: string, parameters: INodeParameters, message: string, options?: INodeParameters];

const CASES: readonly Case[] = [
	['a hash that is too short', 'file', 'get', { sha256: 'abc' }, '"SHA-256" is not 64 hexadecimal digits (it has 3 characters)'],
	['a hash with other letters', 'file', 'kill', { sha256: 'g'.repeat(64), hostName: 'WS-1' }, '"SHA-256" is not 64 hexadecimal digits (it has 64 characters)'],
	['an MD5', 'file', 'quarantine', { sha256: 'a'.repeat(32), scope: 'everyHost' }, '"SHA-256" is not 64 hexadecimal digits (it has 32 characters)'],
	['no hash', 'file', 'verify', { sha256: ' ', hostName: 'WS-1' }, '"SHA-256" is empty'],
	['an IPv4 address as host', 'host', 'isolate', { hostName: '10.20.3.4' }, '"Host Name" is an IP address (10.20.3.4)'],
	['an IPv6 address as host', 'host', 'shutdown', { hostName: 'fe80::1%eth0' }, '"Host Name" is an IP address (fe80::1%eth0)'],
	['an IPv6 address in brackets as host', 'host', 'get', { hostName: '[::1]' }, '"Host Name" is an IP address ([::1])'],
	['an IP address as the host of a file', 'file', 'delete', { sha256: SHA256, hostName: '10.20.3.4' }, '"Host Name" is an IP address (10.20.3.4)'],
	['an IP address in a dry run, with Resolve IP', 'host', 'isolate', { hostName: '10.20.3.4' }, 'A dry run sends nothing, so it cannot look up an IP address', { resolveIp: true, dryRun: true }],
	['an empty host name', 'host', 'unisolate', { hostName: '  ' }, '"Host Name" is empty'],
	['an empty host name for a file', 'file', 'kill', { sha256: SHA256 }, '"Host Name" is empty'],
	['an empty user name', 'user', 'get', {}, '"User Name" is empty'],
	['a date that does not parse', 'alert', 'getAll', { since: 'yesterday' }, '"Since" is not a date and time'],
	['a date that does not exist', 'alert', 'count', { since: '2026-02-30T00:00:00Z' }, '"Since" is not a date and time'],
	['no date', 'host', 'getAll', { since: '' }, '"Since" is not a date and time'],
	['a date before 1970', 'user', 'getAll', { since: '1969-12-31T00:00:00Z' }, '"Since" is not a date and time'],
	['a number for a date', 'vulnerability', 'getAll', { since: 5 }, '"Since" is not a date and time'],
	['a negative limit', 'alert', 'getAll', { limit: -1 }, '"Limit" is not a whole number from 1 up'],
	['a limit of none', 'host', 'getAll', { limit: 0 }, '"Limit" is not a whole number from 1 up'],
	['half a limit', 'vulnerability', 'getAll', { limit: 1.5 }, '"Limit" is not a whole number from 1 up'],
	['an unknown report', 'vulnerability', 'getAll', { report: '={{ "secrets" }}' }, 'There is no report "secrets"'],
	['a report that every object has', 'vulnerability', 'getAll', { report: '={{ "constructor" }}' }, 'There is no report "constructor"'],
	['an empty Site GUID', 'vulnerability', 'getAll', { report: 'espmVulnerabilities' }, '"Site GUID" is empty'],
	['a path for a Site GUID', 'vulnerability', 'getAll', { report: 'espmVulnerabilities', siteGuid: '../x' }, '"Site GUID" holds characters that no GUID has'],
	['an unknown scope', 'file', 'kill', { sha256: SHA256, scope: '={{ "all" }}' }, 'There is no scope "all"'],
	['an unknown quarantine address', 'file', 'quarantine', { sha256: SHA256, hostName: 'WS-1', quarantineAddress: '={{ "x" }}' }, 'There is no API address "x"'],
	['an unknown time to list by', 'alert', 'getAll', { dateField: '={{ "x" }}' }, 'There is no time "x" to list alerts by'],
	['no remediation ID', 'file', 'getRemediation', {}, '"Remediation ID" is empty'],
	['a path for a remediation ID', 'file', 'getRemediation', { remediationId: '1/../kill' }, '"Remediation ID" is not a whole number'],
	['a wait without an end', 'file', 'kill', { sha256: SHA256, hostName: 'WS-1' }, '"Wait Limit (Seconds)" is not a whole number from 1 to 3600', { waitForOutcome: true, waitSeconds: 0 }],
	['status codes that are none', 'file', 'kill', { sha256: SHA256, hostName: 'WS-1' }, '"Final Status Codes" holds something other than whole numbers', { waitForOutcome: true, finalStatuses: 'done' }],
	['an empty Client ID', 'host', 'isolate', { hostName: 'WS-1' }, '"Client ID" is empty', { clientId: ' ' }],
	['a Client ID with a line break', 'host', 'isolate', { hostName: 'WS-1' }, '"Client ID" holds characters that no Client ID has', { clientId: '1001\r\nx: y' }],
	['no alert', 'alert', 'convert', {}, '"Alert" is not an alert of Cynet'],
	['half a JSON for an alert', 'alert', 'convert', { alert: '{"ClientDbId":' }, '"Alert" is not an alert of Cynet'],
	['a simplified alert to make raw', 'alert', 'convert', { alert: '{"dedupKey":"x","severityLevel":1}', format: 'raw' }, 'The alert is simplified, and its other fields are gone'],
	['an unknown format', 'alert', 'convert', { alert: '{"ClientDbId":1}', format: '={{ "xml" }}' }, 'There is no format "xml"'],
	['an unknown operation', 'alert', 'close', {}, 'This node has no such operation'],
	['an unknown resource', 'network', 'getAll', {}, 'This node has no such operation'],
];

test.each(CASES.map((given) => ({ what: given[0], given })))('$what is refused before any request, with what to do', async ({ given: [, resource, operation, parameters, message, options] }) => {
	// In a second item, so that the index tells something
	const refusal = await bench.refusal(resource, operation, parameters, { options, items: [{}, {}], node: { onError: 'stopWorkflow' } });
	expect(refusal.constructor.name).toBe('NodeOperationError');
	expect(refusal.message).toBe(message);
	expect(refusal.description).toMatch(/^[A-Z].{20,}\.$/s);
	expect(`${refusal.message} ${refusal.description}`).not.toMatch(/error|problem|failure|mistake/i);
	expect(refusal.context.itemIndex).toBe(0);
	expect(bench.simulator.ledger.requests).toEqual([]);
});

test('a refused item is named by its own index', async () => {
	const refusal = await bench.refusal('host', 'isolate', { hostName: '={{ $json.host }}' }, { items: [{ host: 'WS-0101' }, { host: '10.0.0.1' }] });
	expect(refusal.context.itemIndex).toBe(1);
});

test.each([
	['an ISO text', '2026-05-31T10:00:00.999+02:00', '2026-05-31 08:00:00'],
	['a text without a zone, in the time zone of the workflow', '2026-05-31T10:00:00', '2026-05-31 14:00:00'],
	['the SQL form', '2026-05-31 10:00:00', '2026-05-31 14:00:00'],
	['a day', '2026-05-31', '2026-05-31 04:00:00'],
	['a DateTime', '={{ DateTime.fromISO("2026-05-31T10:00:00Z") }}', '2026-05-31 10:00:00'],
	['a Date', '={{ new Date("2026-05-31T10:00:00Z") }}', '2026-05-31 10:00:00'],
])('Since takes %s', async (_what, since, sent) => {
	await bench.one('alert', 'count', { since });
	expect(bench.requests()).toMatchObject([{ query: { DateChanged: sent } }]);
});

test('Since is a day ago unless said otherwise', async () => {
	await bench.one('alert', 'count');
	const sent = Date.parse(`${bench.requests()[0]!.query.DateChanged!.replace(' ', 'T')}Z`);
	expect(Math.abs(Date.now() - 24 * 3_600_000 - sent)).toBeLessThan(120_000);
});

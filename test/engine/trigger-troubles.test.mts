import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { siteMemory, type TriggerMemory } from '../../nodes/CynetTrigger/memory.ts';
import { SiteTroubles, type Role } from '../../nodes/CynetTrigger/troubles.ts';
import { logWarnings } from '../../nodes/CynetTrigger/warnings.ts';
import { clock } from '../../nodes/shared/clock.ts';
import { createHost, NodeApiError, type Host } from './harness.mts';

const MINUTE = 60_000;
const real = { ...clock };
const site = { server: 'https://cynet', clientId: '1001' };
let now = 0;
let n8n: Host;
let memory: TriggerMemory;

beforeEach(() => {
	// As a process that has just begun: moments of the monotonic clock are small numbers.
	now = 10;
	clock.ticks = () => now;
	n8n = createHost();
	memory = { running: null, batch: null, turn: 0, waitedInVainAt: -Infinity, sites: new Map() };
});
afterEach(() => void Object.assign(clock, real));

const errorOf = (message: string) =>
	new NodeApiError({ name: 'Cynet Trigger' } as never, {}, { message });
const troubles = (role: Role = 'tick') =>
	new SiteTroubles(n8n.context(), [{ site, memory: siteMemory(memory, site) }], 5 * MINUTE, role);
const poll = (error: NodeApiError | null, changesError: NodeApiError | null, role?: Role) => {
	const one = troubles(role);
	one.note({ site, memory: siteMemory(memory, site) }, { error, changesError });
	return one;
};
const lines = () => n8n.log.filter(({ level }) => level === 'warn').map(({ message }) => message);

describe('a list of changes that fails while new alerts are read', () => {
	const fails = () => poll(null, errorOf('No changes'));

	it('is in the log at each poll, fails one after the tolerance, and then one an hour', () => {
		const failed: number[] = [];
		for (let minute = 0; minute < 130; minute++) {
			now = 10 + minute * MINUTE;
			try {
				fails().report();
			} catch {
				failed.push(minute);
			}
		}
		expect(failed).toEqual([5, 65, 125]);
		expect(lines()).toHaveLength(130);
		expect(lines()[0]).toBe('Cynet Trigger: No changes. Trying again at the next poll.');
	});

	it('of several sites is one failed poll, and one line a site', () => {
		const sites = ['1001', '1002', '1003'].map((clientId) => ({ ...site, clientId }));
		const known = sites.map((one) => ({ site: one, memory: siteMemory(memory, one) }));
		const failing = () => {
			const all = new SiteTroubles(n8n.context(), known, 5 * MINUTE, 'tick');
			for (const one of known) all.note(one, { error: null, changesError: errorOf('No changes') });
			return all;
		};
		failing();
		now += 5 * MINUTE;
		expect(() => failing().report()).toThrow('Site 1001: No changes');
		expect(lines()).toEqual(
			sites.map(
				({ clientId }) =>
					`Cynet Trigger: Site ${clientId}: No changes. Trying again at the next poll.`,
			),
		);
	});

	it('never keeps a poll from reading, nor an activation from going on', () => {
		const sites = ['1001', '1002'].map((clientId) => ({ ...site, clientId }));
		const known = sites.map((one) => ({ site: one, memory: siteMemory(memory, one) }));
		const failing = (changesError: NodeApiError | null, error: NodeApiError | null = null) => {
			const all = new SiteTroubles(n8n.context(), known, 5 * MINUTE, 'tick');
			for (const one of known) all.note(one, { error, changesError });
			return all;
		};
		now = MINUTE;
		failing(errorOf('No changes')).postpone();
		now = 60 * MINUTE;
		expect(() => failing(errorOf('No changes')).reportPending()).not.toThrow();
		// What keeps new alerts from being read does.
		failing(null, errorOf('Nothing at all')).postpone();
		now = 120 * MINUTE;
		failing(null, errorOf('Nothing at all')).postpone();
		expect(() => failing(null, errorOf('Nothing at all')).reportPending()).toThrow(
			'Site 1001: Nothing at all',
		);
		fails();
		now = 180 * MINUTE;
		expect(() => fails().report()).toThrow('No changes');
		now = 250 * MINUTE;
		expect(() => poll(null, errorOf('No changes'), 'publication').report()).not.toThrow();
		expect(() => poll(null, errorOf('No changes'), 'restart').report()).not.toThrow();
	});

	it('is over when it was read, and goes on where new alerts could not be read', () => {
		fails();
		now += 4 * MINUTE;
		poll(errorOf('Nothing at all'), null);
		now += 2 * MINUTE;
		expect(() => fails().report()).toThrow('No changes');
		poll(null, null).log();
		expect(siteMemory(memory, site).changesTrouble).toBeNull();
	});
});

describe('trouble of one site, while others are read', () => {
	const sites = ['1001', '1002'].map((clientId) => ({ ...site, clientId }));
	const refusal = () =>
		new NodeApiError({ name: 'Cynet Trigger' } as never, {}, {
			message: 'No access',
			failure: { cause: 'credential-invalid' },
		} as never);
	/** A poll of both sites; the second is well, or not. */
	const failureOfPoll = (isWell: boolean): NodeApiError | null => {
		const known = sites.map((one) => ({ site: one, memory: siteMemory(memory, one) }));
		const both = new SiteTroubles(n8n.context(), known, 5 * MINUTE, 'tick');
		try {
			both.reportPending();
			both.note(known[0]!, { error: refusal(), changesError: null });
			both.note(known[1]!, { error: isWell ? null : refusal(), changesError: null });
			both.report();
			return null;
		} catch (error) {
			return error as NodeApiError;
		}
	};

	it('fails a poll at once and then one an hour, and is in the log at each of the others', () => {
		const failed: number[] = [];
		for (let minute = 0; minute < 130; minute++) {
			now = 10 + minute * MINUTE;
			if (failureOfPoll(true)) failed.push(minute);
		}
		expect(failed).toEqual([0, 60, 120]);
		expect(new Set(lines())).toEqual(
			new Set(['Cynet Trigger: Site 1001: No access. Trying again at the next poll.']),
		);
		expect(lines()).toHaveLength(127);
	});

	it('does not let n8n pause the others for half an hour', () => {
		expect(failureOfPoll(true)!.failure).toEqual({ cause: 'temporarily-unavailable' });
	});

	it('of all sites fails each poll, and n8n is told why', () => {
		for (let count = 0; count < 3; count++)
			expect(failureOfPoll(false)!.failure).toEqual({ cause: 'credential-invalid' });
	});
});

describe('a warning', () => {
	it('is written once an hour for each text, with the site', () => {
		const context = n8n.context();
		const known = siteMemory(memory, site);
		for (let minute = 0; minute < 61; minute++) {
			now = 10 + minute * MINUTE;
			logWarnings(context, known, site, minute % 2 ? ['One.'] : ['One.', 'Two.']);
		}
		expect(lines()).toEqual([
			'Cynet Trigger: One.',
			'Cynet Trigger: Two.',
			'Cynet Trigger: One.',
			'Cynet Trigger: Two.',
		]);
		expect(n8n.log[0]!.metadata).toEqual({ clientId: '1001' });
	});
});

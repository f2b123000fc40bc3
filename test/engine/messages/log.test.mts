import { createHash } from 'node:crypto';
import type { IPollFunctions } from 'n8n-workflow';
import { expect, test, vi } from 'vitest';

import { LOG, type LogName } from '../../../docs/make/errors/log.mts';
import { patternOf } from '../../../docs/make/errors/code.mts';
import type { CynetTrigger } from '../../../nodes/CynetTrigger/CynetTrigger.node.ts';
import type { Fault } from '../../../simulator/simulator.mts';
import { startRunner } from '../cynet-kit.mts';
import { createHost, type LogLine } from '../harness.mts';
import {
	BULK,
	DAY,
	HOUR,
	KEY,
	MINUTE,
	SECOND,
	iso,
	keys,
	setStage,
	stage,
	start,
	trigger,
	type Trigger,
} from '../trigger-helpers.mts';

setStage();

type Way = () => Promise<readonly LogLine[]>;

/** Polls once, lets something happen, polls again after that time, and returns the log. */
async function twoPolls(
	between: () => void,
	like: Trigger = {},
	later = MINUTE,
): Promise<readonly LogLine[]> {
	const { poll, after, n8n } = trigger(like);
	await poll();
	between();
	await after(later);
	return n8n.log;
}

async function onePoll(like: Trigger = {}): Promise<readonly LogLine[]> {
	const { poll, n8n } = trigger(like);
	await poll();
	return n8n.log;
}

interface Asked {
	/** Milliseconds since the epoch. */
	readonly since: number;
	readonly offset: number;
	readonly limit: number;
}

/** From now on the paged list answers such requests with that status. */
function refuse(status: number, which: (asked: Asked) => boolean): void {
	const { settings, faults } = stage.simulator;
	settings.onRequest = ({ path, query: { LastSeen, Offset, Limit } }) => {
		if (path !== BULK) return;
		const asked = {
			since: Date.parse(`${LastSeen!.replace(' ', 'T')}Z`),
			offset: Number(Offset),
			limit: Number(Limit),
		};
		if (which(asked)) faults.add({ kind: 'status', status, match: { path } });
	};
}

const refuseOlderThan = (time: number) => refuse(400, ({ since }) => since < stage.now - time);

/** The first list is answered so. */
const answered = (fault: Fault) => async () => {
	const { faults } = await start();
	faults.add({ ...fault, match: { path: BULK } });
	return await onePoll();
};

const answeredWith = (body: object, status = 200) => answered({ kind: 'status', status, body });

const ROW = {
	ClientDbId: 7,
	Severity: 4,
	DateIn: '2026-05-09T11:59:00Z',
	LastSeen: '2026-05-09T11:59:00Z',
};

/** A state behind its checksum, as it is stored. */
const signed = (text: string): string =>
	`${createHash('sha256').update(text).digest('base64').slice(0, 12)} ${text}`;

const withState = (stored: string) => async () => {
	await start();
	return await onePoll({ host: { staticData: { [KEY]: stored } } });
};

/** A poll that stops before it asks anything, until it may go on. */
function stuckPoll(context: IPollFunctions, nodeType: CynetTrigger): () => Promise<unknown> {
	let open = () => {};
	const gate = new Promise<void>((resolve) => (open = resolve));
	const getCredentials = context.getCredentials.bind(context) as () => Promise<object>;
	const wait = async (...wanted: []) => {
		Object.assign(context, { getCredentials });
		await gate;
		return await getCredentials(...wanted);
	};
	Object.assign(context, { getCredentials: wait });
	const ended = nodeType.poll.call(context);
	return async () => {
		open();
		return await ended;
	};
}

/** A poll that is due so long after one began that is still running. */
const pollBeside = (time: number) => async () => {
	await start();
	const { n8n, nodeType } = trigger();
	const goOn = stuckPoll(n8n.context(nodeType), nodeType);
	stage.now += time;
	await n8n.poll(nodeType);
	await goOn();
	return n8n.log;
};

/** What sets each line off. A line without a way does not compile. */
const WAYS: Readonly<Record<LogName, Way>> = {
	"Cynet: ‹number› rows of the list of ‹list› could not be read. They are left out; Cynet's console has them.":
		async () => {
			const runner = await startRunner();
			runner.simulator.faults.add({
				kind: 'status',
				status: 200,
				body: { Entities: [{ HostName: 'WS-0101' }, null, { error: 'Shard 3 is away' }] },
				match: { path: '/api/hosts' },
			});
			expect(
				(await runner.items('host', 'getAll', { since: '2026-05-31T00:00:00Z' })).map(
					({ json }) => json,
				),
			).toMatchObject([{ host: 'WS-0101' }]);
			await runner.close();
			return runner.host.log;
		},
	'Cynet: ‹pages› pages read, ‹number› alerts found so far.': async () => {
		const runner = await startRunner({ maxLimit: 10 });
		runner.simulator.raise(500);
		await runner.items('alert', 'getAll', { since: '2026-05-01T00:00:00Z', returnAll: true });
		await runner.close();
		return runner.host.log;
	},
	'Cynet: Diagnosis, after ‹asked› of at most 60 requests: ‹question›': async () => {
		const runner = await startRunner();
		await runner.one('connection', 'diagnose');
		await runner.close();
		return runner.host.log;
	},
	'Cynet Trigger: This site shows neither alerts nor hosts. If it is not new, check Client ID: Cynet may answer a wrong one with empty lists.':
		async () => {
			const { changeHosts } = await start();
			changeHosts(() => []);
			return await onePoll();
		},
	'Cynet Trigger: ‹message›. Trying again at the next poll.': async () => {
		const { faults } = await start();
		return await twoPolls(() => faults.add({ kind: 'status', status: 503, times: 'forever' }));
	},
	'Cynet Trigger: This poll was skipped, because the one before has been running for ‹number› seconds. If this comes often, choose a longer interval under Poll Times or a lower Max Alerts per Poll.':
		pollBeside(MINUTE),
	'Cynet Trigger: The poll before has not ended in ‹number› seconds and was given up. Its alerts are read again now.':
		pollBeside(331 * SECOND),
	'Cynet Trigger: This poll was skipped, because n8n is still writing the last batch.':
		async () => {
			const { raise } = await start();
			raise();
			const { n8n, nodeType } = trigger({ host: { pollBudgetMs: 240_000 } });
			keys(await nodeType.poll.call(n8n.context(nodeType)));
			// A context of its own for each poll, without what was not committed.
			await nodeType.poll.call(n8n.context(nodeType));
			return n8n.log;
		},
	'Cynet Trigger: n8n dropped the last batch, so its alerts (‹number›) are emitted again. If an execution did get them, they come twice.':
		async () => {
			const { raise } = await start();
			raise();
			const { n8n, nodeType, activate } = trigger();
			// n8n does not look into it.
			await nodeType.poll.call(n8n.context(nodeType));
			stage.now += HOUR;
			await activate();
			return n8n.log;
		},
	'Cynet Trigger: n8n was restarted. Emitting the last batch again.': async () => {
		const { raise } = await start();
		raise();
		const like = { options: { replayAfterRestart: true }, host: { workflowId: 'restarted' } };
		const before = trigger(like);
		await before.poll();
		// Another process has another mark.
		vi.resetModules();
		const { CynetTrigger: Anew } = await import('../../../nodes/CynetTrigger/CynetTrigger.node.ts');
		const { baseUrl, username, password, clientId } = before.n8n.storedCredential;
		const after = createHost({
			...like.host,
			credential: { baseUrl, username, password, clientId },
			node: { parameters: { options: like.options } },
			staticData: before.n8n.saved!,
		});
		await after.poll(new Anew());
		return after.log;
	},
	"Cynet: ‹number› rows of the list could not be served and ‹number› could not be read. They are left out; Cynet's console has them.":
		async () => {
			const { raise } = await start();
			raise();
			raise(1, { json: '5' });
			return await onePoll({ host: { mode: 'manual' } });
		},
	'Cynet: An answer did not say for certain that there are no more alerts. The list may not be whole.':
		async () => {
			const { faults } = await start();
			faults.add({ kind: 'status', status: 206, body: { Entities: [ROW] }, match: { path: BULK } });
			return await onePoll({ host: { mode: 'manual' } });
		},
	noBulk: async () => {
		await start({ bulk: false });
		return await onePoll();
	},
	noServerTime: async () => {
		await start({ syncTime: 'missing', dateHeader: false });
		return await onePoll();
	},
	clockWentBack: async () => {
		const { settings } = await start();
		return await twoPolls(() => (settings.serverClockOffsetMs = -3 * HOUR));
	},
	offsetIgnored: async () => {
		const { raise } = await start({ ignoresOffset: true });
		raise(130);
		return await onePoll();
	},
	changesCutOff: async () => {
		const { raise, change, settings } = await start();
		const raised = raise(130);
		return await twoPolls(
			() => {
				settings.ignoresOffset = true;
				for (const { ClientDbId } of raised) change('1001', ClientDbId as number);
			},
			{ parameters: { events: ['updated'] } },
		);
	},
	numberedAgain: async () => {
		const { raise } = await start();
		raise(1, { ClientDbId: 1 });
		return await twoPolls(
			() => {
				stage.now += 2 * DAY;
				raise(1, { ClientDbId: 1 });
			},
			{ options: { overlapMinutes: 1440, lateSweepHours: 0 } },
		);
	},
	doubtful: answered({ kind: 'noContent' }),
	offsetEnds: async () => {
		const { raise } = await start();
		raise(130, { at: stage.now - HOUR, spacingMs: SECOND });
		refuse(400, ({ offset }) => offset > 0);
		return await onePoll();
	},
	unreachable: async () => {
		const { raise } = await start({ order: 'descending' });
		raise(130, { at: stage.now - HOUR, spacingMs: SECOND });
		refuse(400, ({ offset }) => offset > 0);
		return await onePoll();
	},
	wideRefused: async () => {
		await start();
		refuseOlderThan(HOUR);
		return await onePoll();
	},
	givenUp: async () => {
		await start();
		refuseOlderThan(2 * HOUR);
		const { n8n, poll, after } = trigger();
		await poll();
		for (let polls = 0; polls < 60; polls++) await after(30 * MINUTE);
		return n8n.log;
	},
	recheckFailed: async () => {
		await start();
		refuseOlderThan(HOUR);
		return await onePoll();
	},
	sweepFailed: async () => {
		await start();
		return await twoPolls(() => refuseOlderThan(3 * HOUR), {}, HOUR + MINUTE);
	},
	sweepNarrowed: async () => {
		await start();
		const { n8n, poll, after } = trigger();
		await poll();
		refuseOlderThan(3 * HOUR);
		await after(HOUR + MINUTE);
		await after(11 * MINUTE);
		return n8n.log;
	},
	malformedRows: answeredWith({ Entities: [5, null] }),
	skippedRows: async () => {
		const { raise } = await start();
		return await twoPolls(() => {
			raise(3);
			refuse(500, ({ offset, limit }) => offset <= 1 && offset + limit > 1);
		});
	},
	sharedIds: async () => {
		const { raise } = await start();
		raise(1, { ClientDbId: 7, Uniqueness: 'one' });
		raise(1, { ClientDbId: 7, Uniqueness: 'other', DateIn: iso(stage.now - MINUTE) });
		return await onePoll();
	},
	overlapTooShort: async () => {
		const { raise } = await start();
		return await twoPolls(() => raise(1, { at: stage.now - 2 * HOUR }), {}, HOUR + MINUTE);
	},
	doubtfulAlerts: async () => {
		const { raise } = await start();
		raise(1, { Severity: 'Sev-9' });
		return await onePoll();
	},
	noRows: answered({ kind: 'noContent' }),
	said: answeredWith({ Entities: [ROW], error: 'Shard 3 is away' }),
	odd: answeredWith({ Entities: [ROW] }, 206),
	repaired: async () => {
		const { raise } = await start();
		raise(1, { json: '{"ClientDbId":7,"Score":NaN}', expected: false });
		return await onePoll();
	},
	clocks: answered({ kind: 'nullEntities', headers: { date: 'Sat, 09 May 2026 09:00:00 GMT' } }),
	foreign: async () => {
		await start();
		const { poll, n8n } = trigger();
		await poll();
		const state = String(n8n.staticData[KEY]).split(' ').slice(1).join(' ');
		const elsewhere = signed(state.replace(stage.simulator.url, 'https://elsewhere.example'));
		return await onePoll({ host: { staticData: { [KEY]: elsewhere } } });
	},
	newer: withState(signed('{"v":99}')),
	corrupt: withState('{"v":1,"server"'),
};

test.each([...LOG].map(([name, { when, text }]) => ({ name, when, text })))(
	'$when: "$text"',
	async ({ name, text }) => {
		const said = (await WAYS[name]()).map(({ message }) =>
			message.replace(/^Cynet( Trigger)?: /, ''),
		);
		expect(
			said.some((line) => patternOf(text).test(line)),
			said.join('\n'),
		).toBe(true);
	},
);

test('Fetch Test Event writes the warnings of an answer', async () => {
	const { raise } = await start();
	raise(1, { json: '{"ClientDbId":7,"Score":NaN}', expected: false });
	const said = (await onePoll({ host: { mode: 'manual' } })).map(({ message }) => message);
	expect(
		said.some(
			(line) =>
				line.startsWith('Cynet: ') && patternOf(LOG.get('repaired')!.text).test(line.slice(7)),
		),
		said.join('\n'),
	).toBe(true);
});

import { expect, test, vi } from 'vitest';

import { FRAMES, LINE_WORDS, NOTE_WORDS, STATE_WORDS } from '../../../docs/make/errors/log.mts';
import { patternOf, readCode } from '../../../docs/make/errors/code.mts';
import { NOTES, UNUSABLE_STATES } from '../../../nodes/shared/feed/notes.ts';
import { createHost, type LogLine } from '../harness.mts';
import { BULK, DAY, HOUR, KEY, MINUTE, beforeAnswer, setStage, stage, start, trigger, type Trigger } from '../trigger-helpers.mts';

setStage();

type Way = () => Promise<readonly LogLine[]>;

/** Polls once, lets something happen, polls again, and returns the log. */
async function twoPolls(between: () => void, like: Trigger = {}): Promise<readonly LogLine[]> {
	const { poll, after, n8n } = trigger(like);
	await poll();
	between();
	await after(MINUTE);
	return n8n.log;
}

async function onePoll(like: Trigger = {}): Promise<readonly LogLine[]> {
	return await twoPolls(() => {}, like);
}

const NOTE_WAYS: Readonly<Record<keyof typeof NOTES, Way>> = {
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
	rowsMoved: async () => {
		const { raise } = await start({ order: 'descending' });
		raise(30, { at: stage.now - MINUTE });
		beforeAnswer(2, () => raise(40));
		return await onePoll({ options: { pageSize: 10 } });
	},
	offsetIgnored: async () => {
		const { raise } = await start({ ignoresOffset: true });
		raise(130);
		return await onePoll();
	},
	changesCutOff: async () => {
		const { raise, change, settings } = await start();
		const raised = raise(130);
		return await twoPolls(() => {
			settings.ignoresOffset = true;
			for (const { ClientDbId } of raised) change('1001', ClientDbId as number);
		}, { parameters: { events: ['updated'] } });
	},
	numberedAgain: async () => {
		const { raise } = await start();
		raise(1, { ClientDbId: 1 });
		return await twoPolls(() => {
			stage.now += 2 * DAY;
			raise(1, { ClientDbId: 1 });
		}, { options: { overlapMinutes: 1440, lateSweepHours: 0 } });
	},
	malformedRows: async () => {
		const { faults } = await start();
		faults.add({ kind: 'status', status: 200, body: { Entities: [5, null] }, match: { path: BULK } });
		return await onePoll();
	},
};

const withState = (stored: string) => async () => {
	await start();
	return await onePoll({ host: { staticData: { [KEY]: stored } } });
};

const STATE_WAYS: Readonly<Record<keyof typeof UNUSABLE_STATES, Way>> = {
	foreign: async () => {
		await start();
		const { poll, n8n } = trigger();
		await poll();
		const elsewhere = String(n8n.staticData[KEY]).replace(stage.simulator.url, 'https://elsewhere.example');
		return await onePoll({ host: { staticData: { [KEY]: elsewhere } } });
	},
	newer: withState('{"v":99}'),
	corrupt: withState('{"v":1,"server"'),
};

const LINE_WAYS: Readonly<Record<string, Way>> = {
	'Cynet Trigger: n8n was restarted. Handing the last batch over again.': async () => {
		const { raise } = await start();
		raise();
		const like = { options: { replayAfterRestart: true }, host: { workflowId: 'restarted' } };
		const before = trigger(like);
		await before.poll();
		// Another process has another mark.
		vi.resetModules();
		const { CynetTrigger } = await import('../../../nodes/CynetTrigger/CynetTrigger.node.ts');
		const { baseUrl, username, password, clientId } = before.n8n.storedCredential;
		const after = createHost({ ...like.host, credential: { baseUrl, username, password, clientId }, node: { parameters: { options: like.options } }, staticData: before.n8n.saved! });
		await after.poll(new CynetTrigger());
		return after.log;
	},
	'Cynet Trigger: ‹message›. Trying again at the next poll.': async () => {
		const { faults } = await start();
		return await twoPolls(() => faults.add({ kind: 'status', status: 503, times: 'forever' }));
	},
};

const ALL = [
	...Object.entries(NOTE_WAYS).map(([note, way]) => ({ way, when: NOTE_WORDS[note as keyof typeof NOTES].when, text: NOTES[note as keyof typeof NOTES] as string })),
	...Object.entries(STATE_WAYS).map(([state, way]) => ({ way, when: STATE_WORDS[state as keyof typeof UNUSABLE_STATES].when, text: UNUSABLE_STATES[state as keyof typeof UNUSABLE_STATES] as string })),
	...Object.entries(LINE_WAYS).map(([line, way]) => ({ way, when: LINE_WORDS[line]!.when, text: line.replace('Cynet Trigger: ', '') })),
];

test.each(ALL)('$when: "$text"', async ({ way, text }) => {
	const said = (await way()).map(({ message }) => message);
	const wanted = patternOf(text === NOTES.malformedRows ? `Cynet Trigger: ‹number› ${text}` : `Cynet Trigger: ${text}`);
	expect(said.some((line) => wanted.test(line)), said.join('\n')).toBe(true);
});

test('there is a way to every line that the code has', () => {
	expect([...readCode().logLines].sort()).toEqual([...FRAMES, ...Object.keys(LINE_WAYS)].sort());
	expect(Object.keys(LINE_WORDS)).toEqual(Object.keys(LINE_WAYS));
});

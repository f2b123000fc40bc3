import { afterEach, describe, expect, test } from 'vitest';
import { model, type Ask, type Mind } from '../targets/receivers/model.mts';
import { startReceiver, type Receiver } from '../targets/receivers/receiver.mts';

/** The receiver that stands for a server with the API of OpenAI: that it refuses what such a server refuses. */

const CALL = {
	id: 'call_1',
	type: 'function',
	function: { name: 'Look_Up', arguments: '{"host":"WS-1"}' },
};
const TOOL = {
	type: 'function',
	function: { name: 'Look_Up', parameters: { properties: { host: {} }, required: ['host'] } },
};
const USER = { role: 'user', content: 'Assess it.' };
const ASSISTANT = { role: 'assistant', content: '', tool_calls: [CALL] };
const GOOD = {
	model: 'gpt',
	messages: [
		{ role: 'system', content: 'You help.' },
		USER,
		ASSISTANT,
		{ role: 'tool', tool_call_id: 'call_1', content: '[]' },
	],
	tools: [TOOL],
};

describe('A model', () => {
	let receiver: Receiver;
	afterEach(async () => await receiver.close());
	const mind: Mind = { answer: () => 'It is real.' };
	const ask = async (
		body: unknown,
		authorization = 'Bearer sk-of-the-receiver',
	): Promise<{ status: number; body: any }> => {
		receiver ??= await startReceiver(model(mind));
		const response = await fetch(`${receiver.url}/v1/chat/completions`, {
			method: 'POST',
			headers: { authorization },
			body: JSON.stringify(body),
		});
		return { status: response.status, body: await response.json().catch(() => null) };
	};

	test('answers by its mind, knows what it was told, and refuses what is no conversation', async () => {
		receiver = await startReceiver(model(mind));
		const { status, body } = await ask(GOOD);
		expect([status, body.choices[0].message.content, body.choices[0].finish_reason]).toEqual([
			200,
			'It is real.',
			'stop',
		]);
		expect([...(receiver.kept.more.values() as Iterable<Ask>)]).toEqual([
			{
				system: 'You help.',
				prompt: 'Assess it.',
				results: ['[]'],
				tools: { Look_Up: ['host'] },
			},
		]);
		const refused: ReadonlyArray<readonly [what: string, more: unknown]> = [
			['no model', { model: undefined }],
			['no message', { messages: [] }],
			['a stream', { stream: true }],
			['a role that is none', { messages: [{ role: 'boss', content: 'x' }] }],
			['a message without words', { messages: [{ role: 'user', content: '' }] }],
			['a call without an answer', { messages: [USER, ASSISTANT] }],
			['an answer between', { messages: [USER, ASSISTANT, USER] }],
			[
				'an answer without a call',
				{ messages: [USER, { role: 'tool', tool_call_id: 'call_2', content: 'x' }] },
			],
			[
				'the name of a tool',
				{ tools: [{ ...TOOL, function: { name: 'Look Up', parameters: {} } }] },
			],
		];
		for (const [what, more] of refused)
			expect([what, (await ask({ ...GOOD, ...(more as object) })).status]).toEqual([what, 400]);
		expect((await ask(GOOD, 'Bearer sk-wrong')).status).toBe(401);
		expect(receiver.complaints).toHaveLength(refused.length + 1);
	});

	test('calls tools, with whatever it takes for their arguments, and can answer what is no answer', async () => {
		receiver = await startReceiver(model(mind));
		mind.answer = () => ({
			calls: [
				['Look_Up', { host: 'x' }],
				['isolate', '{"x'],
			],
		});
		const { body } = await ask(GOOD);
		expect(body.choices[0].finish_reason).toBe('tool_calls');
		expect(
			(body.choices[0].message.tool_calls as Array<typeof CALL>).map(({ function: one }) => one),
		).toEqual([
			{ name: 'Look_Up', arguments: '{"host":"x"}' },
			{ name: 'isolate', arguments: '{"x' },
		]);
		mind.answer = () => ({ raw: { status: 503, body: {} } });
		expect((await ask(GOOD)).status).toBe(503);
		receiver.failEvery = 1;
		expect((await ask(GOOD)).status).toBe(429);
	});
});

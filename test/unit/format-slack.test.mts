import { describe, expect, it } from 'vitest';
import {
	FULL,
	manyAlerts,
	manySimplified,
	ofRaw,
	ofSimplified,
	simplified,
	type Json,
} from './format-kit.mts';

/**
 * What Slack refuses, by https://docs.slack.dev/reference/block-kit/blocks; and
 * `msg_blocks_too_long` at about 13,200 characters.
 */
function complaints({ text, blocks }: Json): string[] {
	const found: string[] = [];
	const limit = (what: string, length: number, least: number, most: number) =>
		void (length < least || length > most ? found.push(`${what}: ${length}`) : 0);
	limit('text', text.length, 1, 40_000);
	limit('blocks', blocks.length, 1, 50);
	limit('all blocks', JSON.stringify(blocks).length, 1, 12_999);
	for (const block of blocks) {
		if (block.type === 'header') limit('header', block.text.text.length, 1, 150);
		if (block.type === 'section' && block.text) limit('section', block.text.text.length, 1, 3000);
		if (block.fields) limit('fields', block.fields.length, 1, 10);
		for (const field of block.fields ?? []) limit('field', field.text.length, 1, 2000);
		if (block.type === 'context') limit('elements', block.elements.length, 1, 10);
	}
	for (const one of [text, ...texts({ blocks })])
		if (/\p{Surrogate}/u.test(one)) found.push('half a character');
	return found;
}

const texts = ({ blocks }: Json): string[] =>
	blocks.flatMap((block: Json) =>
		[block.text, ...(block.fields ?? []), ...(block.elements ?? [])]
			.filter(Boolean)
			.map(({ text }: Json) => text),
	);

const LONG = 'é<&>"\\\u{1f600}'.repeat(2_000);
const ALL_LONG = Object.fromEntries(
	Object.keys(FULL).map((field) => [
		field,
		['Severity', 'Status', 'AlertType', 'cynet'].includes(field) ? FULL[field] : LONG,
	]),
);

describe('a Slack message', () => {
	it("of each of 500 alerts, raw or simplified, keeps Slack's limits", () => {
		expect(manyAlerts().flatMap((alert) => complaints(ofRaw('slack', alert)))).toEqual([]);
		expect(manySimplified().flatMap((alert) => complaints(ofSimplified('slack', alert)))).toEqual(
			[],
		);
	});

	it.each([
		['escapes and wide characters', LONG],
		['quotes', '"'.repeat(2e4)],
		['ampersands', '&'.repeat(2e4)],
		['line breaks', 'x\r\n'.repeat(7e3)],
		['control characters', '\u0001'.repeat(2e4)],
		['halves', '\ud83d'.repeat(2e4)],
	])('keeps them with twenty thousand %s in every field', (_, text) => {
		const alert = Object.fromEntries(
			Object.entries(ALL_LONG).map(([field, value]) => [field, value === LONG ? text : value]),
		);
		expect(complaints(ofRaw('slack', alert))).toEqual([]);
		expect(
			complaints(
				ofRaw('slack', { ...alert, cynet: { event: text, clientId: text, dedupKey: text } }),
			),
		).toEqual([]);
	});

	it('shows what an analyst looks for first', () => {
		const message = ofRaw('slack', FULL);
		expect(message.text).toBe('[High] Memory Pattern - Beacon on MAC-01');
		expect(message.dedupKey).toBe('cynet:2251997:62');
		expect(message.blocks[0]).toEqual({
			type: 'header',
			text: { type: 'plain_text', text: message.text, emoji: false },
		});
		expect(texts(message)).toEqual(
			expect.arrayContaining([
				'*Severity*\n`High`',
				'*Host*\n`MAC-01`',
				'*User*\n`CORP\\jdoe`',
				'*Description*\n```\nHostname: MAC-01\nHost IP: 192.168.2.66\nRemote IP: 203.0.113.5\n```',
				'*Command line*\n```\na.b.exe -p s3cret\n```',
			]),
		);
		expect(ofSimplified('slack', simplified(FULL))).toEqual(message);
	});

	it('makes no link, mention or channel of what an attacker chose', () => {
		const message = ofRaw('slack', {
			...FULL,
			Path: '<!channel> <https://evil.example|here> & @here',
			IncidentName: '<@U1>',
		});
		expect(JSON.stringify(message)).not.toMatch(/<[!@#h]/);
		expect(texts(message)).toContain(
			'*File*\n`&lt;!channel&gt; &lt;https://evil.example|here&gt; &amp; @here`',
		);
		expect(
			message.blocks
				.flatMap((block: Json) => [block.text, ...(block.fields ?? []), ...(block.elements ?? [])])
				.filter((one: Json) => one?.type === 'mrkdwn' && one.verbatim !== true),
		).toEqual([]);
	});

	it('shows that a text was cut, and cuts no entity and no character', () => {
		const description = (text: string) =>
			texts(ofRaw('slack', { ...FULL, IncidentDescription: text }))
				.find((one) => one.startsWith('*Description*'))!
				.slice('*Description*\n```\n'.length, -'\n```'.length);
		expect(description('x'.repeat(2000))).toBe('x'.repeat(2000));
		expect(description('<'.repeat(5000))).toMatch(/^(&lt;){500,}…$/);
		expect(description(`x${'\u{1f600}'.repeat(5000)}`)).toMatch(/^x\u{1f600}{500,}…$/u);
	});
});

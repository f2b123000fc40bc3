import { expect, it } from 'vitest';
import { FULL, ofRaw, type Json } from './format-kit.mts';

const bodyOf = (changes: Json): Json[] => ofRaw('adaptiveCard', { ...FULL, ...changes }).card.body;
const textOf = ({ inlines }: Json): string => inlines.map(({ text }: Json) => text).join('');
const description = (IncidentDescription: string): string[] => {
	const texts = bodyOf({ IncidentDescription }).map(textOf);
	return texts.slice(texts.indexOf('Description') + 1);
};

it('a card shows a text of forty lines whole, and says that the forty-first is missing', () => {
	const lines = Array.from({ length: 41 }, (_, index) => `line ${index}`);
	expect(description(lines.slice(0, 40).join('\r\n'))).toEqual(lines.slice(0, 40));
	expect(description(lines.join('\r\n'))).toEqual([...lines.slice(0, 40), '… [cut]']);
});

it('a card shows no line of nothing but blanks', () => {
	expect(description('Hostname: WS-0142\n \t \n\nUser: CORP\\jdoe')).toEqual([
		'Hostname: WS-0142',
		'User: CORP\\jdoe',
	]);
	expect(bodyOf({ IncidentDescription: ' \r\n ' }).map(textOf)).not.toContain('Description');
});

it('a card shows a text of 2,500 bytes whole, and a longer one as far as it fits', () => {
	expect(description('é'.repeat(1_250))).toEqual(['é'.repeat(1_250)]);
	expect(description('é'.repeat(1_251))).toEqual([`${'é'.repeat(1_245)}… [cut]`]);
});

it('a card that has just the room for all of an alert says nothing of a cut, and one byte more is cut', () => {
	const mark = {
		type: 'RichTextBlock',
		spacing: 'Small',
		inlines: [{ type: 'TextRun', text: '… [cut]' }],
	};
	const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));
	/** Its size as JSON, and whether it ends in the mark. */
	const cardOf = (length: number): [size: number, isCut: boolean] => {
		const { card } = ofRaw('adaptiveCard', {
			...FULL,
			UserName: '"'.repeat(350),
			ScanGroupName: '"'.repeat(265),
			IncidentRecomendation: '"'.repeat(2_500),
			CommandLine: Array.from({ length: 40 }, () => '"'.repeat(60)).join('\n'),
			IncidentDescription: Array.from({ length: 39 }, () => '"'.repeat(60))
				.join('\n')
				.concat('\n', 'x'.repeat(length)),
		});
		return [bytes(card), textOf(card.body.at(-1)) === '… [cut]'];
	};
	const most = 26 * 1024 - bytes(mark);
	const [size] = cardOf(1);
	const fitting = 1 + most - size;
	expect(cardOf(fitting)).toEqual([most, false]);
	expect(cardOf(fitting + 1)[1]).toBe(true);
});

import { describe, expect, it } from 'vitest';
import * as harmless from '../../nodes/shared/alert/formats/harmless.ts';

const { block, line, inOneLine, unlinked, plain, defanged, cut, fitted, json } = harmless;

describe('a text for readers of lines', () => {
	it('is as it was where it is plain', () => {
		for (const text of ['', 'a b  c', 'C:\\a|b=c', '~!@#$%^&*()'])
			expect([text, block(text)]).toEqual([text, text]);
		for (const text of ['é 日本語 😀', 'a\tb\nc']) expect(block(text)).toBe(text);
	});

	it.each([
		['\r\n', '\n'],
		['\r', '\n'],
		['\n', '\n'],
		['\v', '\n'],
		['\f', '\n'],
		['\u0085', '\n'],
		['\u2028', '\n'],
		['\u2029', '\n'],
		['\r\n\r\n', '\n\n'],
		['\n\r', '\n\n'],
		['\u0000', '\u2400'],
		['\u001b', '\u241b'],
		['\u001f', '\u241f'],
		['\u007f', '\u2421'],
		['\u0080', '[U+0080]'],
		['\u009f', '[U+009F]'],
		['\u00ad', '[U+00AD]'],
		['\u061c', '[U+061C]'],
		['\u180e', '[U+180E]'],
		['\u200b', '[U+200B]'],
		['\u202e', '[U+202E]'],
		['\u2060', '[U+2060]'],
		['\u2066', '[U+2066]'],
		['\ufeff', '[U+FEFF]'],
		['\u115f', '[U+115F]'],
		['\u3164', '[U+3164]'],
		['\uffa0', '[U+FFA0]'],
		['\u034f', '[U+034F]'],
		['\ufe00', '[U+FE00]'],
		['\ufe0f', '\ufe0f'],
		['\u{e0041}', '[U+E0041]'],
		['\u{e0100}', '[U+E0100]'],
		['\ufffe', '[U+FFFE]'],
		['\uffff', '[U+FFFF]'],
		['\ud83d', '\ufffd'],
		['\udc00', '\ufffd'],
	])('shows %j as %j', (character, shown) => {
		expect(block(`é${character}b`)).toBe(`é${shown}b`);
		expect(block(character)).toBe(shown);
	});

	it('is one line with signs for breaks, or with blanks for a title', () => {
		expect(line(' a \r\n\tb\u2028c ')).toBe('a ⏎ b ⏎ c');
		expect(inOneLine(' a \r\n\tb\u2028c ')).toBe('a b c');
		expect(line('a\n')).toBe('a');
		expect(inOneLine('\u3000a\u00a0\u00a0b')).toBe('a b');
	});
});

describe('an address', () => {
	it.each([
		['https://evil.example/a.b', 'https[://]evil[.]example/a.b'],
		['ftp://a.b.c:8', 'ftp[://]a[.]b[.]c:8'],
		['x://', 'x[://]'],
		['www.evil.example', 'www[.]evil.example'],
		['WWW.evil.example', 'WWW[.]evil.example'],
		['help@evil.example', 'help[@]evil.example'],
		['@here', '[@]here'],
		['@_x @é @1', '[@]_x [@]é [@]1'],
		['a @ b', 'a @ b'],
		['C:\\a.exe', 'C:\\a.exe'],
		['1.2.3.4', '1.2.3.4'],
		['awww.x', 'awww.x'],
		['evil.com', 'evil[.]com'],
		['C:\\Evil.COM', 'C:\\Evil[.]COM'],
		['a.evil.co.uk/x', 'a.evil[.]co[.]uk/x'],
		['invoice.zip.', 'invoice[.]zip.'],
		['evil.рф', 'evil[.]рф'],
		['evil\u3002com a\uff0eb c\uff61d', 'evil[.]com a[.]b c[.]d'],
		['文。字', '文。字'],
		['evil.travel A.Museum b.xn--p1ai', 'evil[.]travel A[.]Museum b[.]xn--p1ai'],
		['evil.monster evil.win evil.cyou', 'evil[.]monster evil[.]win evil[.]cyou'],
		['Trojan.Win32.x, app.JS a.cs, b.museums', 'Trojan.Win32.x, app.JS a.cs, b.museums'],
		['setup.exe, Node.js, v4.31, e.g. x.command', 'setup.exe, Node.js, v4.31, e.g. x.command'],
	])('in %j is no link and no mention: %j', (text, shown) => {
		expect(unlinked(text)).toBe(shown);
	});

	it('is no link where nothing but an address is expected', () => {
		expect(defanged('evil.example')).toBe('evil[.]example');
		expect(defanged('https://a.evil.example/x.y?z=1.')).toBe(
			'https[://]a[.]evil[.]example/x[.]y?z=1.',
		);
		expect(defanged('a._b.-c.é')).toBe('a[.]_b[.]-c[.]é');
	});

	it('in a title is no link of Markdown, and no markup of HTML', () => {
		expect(plain('<b> [x](y) [x][y] [x] (y)\nz')).toBe('‹b› [x] (y) [x] [y] [x] (y) z');
	});
});

describe('each kind of reader', () => {
	it.each([
		[
			'html',
			`<a href="x" title='y'>&amp;`,
			'&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;',
		],
		['slack', `<!here> & "it's"`, `&lt;!here&gt; &amp; "it's"`],
		['slackLine', '*b* ~s~ `c` _i_ a_b <x>', '∗b∗ ∼s∼ ˋcˋ ＿i＿ a_b &lt;x&gt;'],
		['slackCode', '`a` *b* <x>', 'ˋaˋ *b* &lt;x&gt;'],
		['cefHeader', 'a|b\\c\nd=e', 'a\\|b\\\\c d=e'],
		['cefValue', 'a|b\\c\r\nd=e\tf', 'a|b\\\\c\\nd\\=e f'],
		['leefHeader', 'a|b\tc\nd', 'a/b c d'],
		['leefValue', 'a|b\tc\nd', 'a|b c ⏎ d'],
		['markdownCode', 'a', '`a`'],
		['markdownCode', 'a`b', '``a`b``'],
		['markdownCode', '`a', '`` `a ``'],
		['markdownCode', 'a`', '`` a` ``'],
		['markdownCode', ' a ', '`  a  `'],
		['markdownCode', ' a', '` a`'],
		['markdownCode', 'a ``` b', '````a ``` b````'],
		['markdownBlock', 'a', '```\na\n```'],
		['markdownBlock', '``` a ````', '`````\n``` a ````\n`````'],
	] as const)('%s: %j is written as %j', (reader, text, written) => {
		expect(harmless[reader](text)).toBe(written);
	});

	it.each([
		['=1', "'=1"],
		['+1', "'+1"],
		['-1', "'-1"],
		['@x', "'@x"],
		['|x', "'|x"],
		['%x', "'%x"],
		['＝', "'＝"],
		['＋', "'＋"],
		['－', "'－"],
		['＠', "'＠"],
		['﹢', "'﹢"],
		['﹣', "'﹣"],
		['﹦', "'﹦"],
		['−', "'−"],
		[' \t=1', "' \t=1"],
		['\tx', "'\tx"],
		['\rx', "'\nx"],
		['\nx', "'\nx"],
		['a=1', 'a=1'],
		['a\n=1', 'a\n=1'],
		['', ''],
		[' a', ' a'],
	])('a spreadsheet runs nothing of %j', (text, shown) => {
		expect(harmless.cell(text)).toBe(shown);
	});
});

describe('a text that is too long', () => {
	it('ends in the mark, and has no more than it may', () => {
		expect(cut('abcdef', 6)).toBe('abcdef');
		expect(cut('abcdef', 5)).toBe('abcd…');
		expect(cut('abcdef', 5, '..')).toBe('abc..');
		expect(cut('abcdef', 0)).toBe('…');
	});

	it('ends with a whole character, accents included', () => {
		expect(cut('ab😀cd', 4)).toBe('ab…');
		expect(cut('ab😀cd', 5)).toBe('ab😀…');
		expect(cut('abe\u0301cd', 4)).toBe('ab…');
		expect(cut('abe\u0301\u0316cd', 5)).toBe('ab…');
		expect(cut('ab\u{1d100}\u{1d167}cd', 5)).toBe('ab…');
		expect(cut(`a${'\u0301'.repeat(50)}b`, 30)).toBe(`a${'\u0301'.repeat(20)}…`);
		expect(cut('e\u0301\u0301', 2)).toBe('…');
	});

	it('is cut between escapes, and counts as they do', () => {
		expect(fitted('<<<<', 16, harmless.html)).toBe('&lt;&lt;&lt;&lt;');
		expect(fitted('<<<<', 15, harmless.html)).toBe('&lt;&lt;&lt;…');
		expect(fitted('<<<<', 12, harmless.html)).toBe('&lt;&lt;…');
		expect(fitted('abc', 3)).toBe('abc');
		expect(fitted('abcd', 3)).toBe('ab…');
		expect(fitted('abcd', 3, String, '')).toBe('abc');
		expect(fitted('😀😀', 3)).toBe('😀…');
		expect(fitted('ééé', 5, String, '.', Buffer.byteLength)).toBe('éé.');
		expect(fitted('ééé', 6, String, '.', Buffer.byteLength)).toBe('ééé');
		expect(fitted('abc', 0)).toBe('…');
		expect(fitted('', 0)).toBe('');
		expect(fitted('abc', -5)).toBe('…');
	});

	it('is as long as it may be, whatever its length', () => {
		for (const length of [255, 256, 257, 511, 512, 513, 1000])
			for (const letter of ['a', '😀', '<', 'x😀'])
				for (const most of [100, 256, 257, 300, 512, 600]) {
					const text = letter.repeat(length).slice(0, length);
					for (const escape of [String, harmless.html]) {
						const whole = escape(text);
						const shown = fitted(text, most, escape);
						if (whole.length <= most) expect(shown).toBe(whole);
						else {
							expect(shown.endsWith('…')).toBe(true);
							expect(whole.startsWith(shown.slice(0, -1))).toBe(true);
							expect(shown.length).toBeLessThanOrEqual(most);
							expect(shown.length).toBeGreaterThan(most - 6);
							expect(shown).not.toMatch(/\p{Surrogate}/u);
						}
					}
				}
	});
});

describe('JSON', () => {
	it('keeps its shape, and has signs for what nobody sees in texts and names', () => {
		const value = { 'a\u0000': ['b\u202e', 1, true, null, { c: 'd\r\ne' }], f: undefined };
		expect(json(value)).toEqual({
			'a\u2400': ['b[U+202E]', 1, true, null, { c: 'd\ne' }],
			f: undefined,
		});
		expect(json('a\ud83d')).toBe('a\ufffd');
		expect([json(7), json(null)]).toEqual([7, null]);
	});

	it('has texts of 32,000 units and 10,000 values at most', () => {
		expect(json('x'.repeat(32_000))).toBe('x'.repeat(32_000));
		expect(json('x'.repeat(32_001))).toBe(`${'x'.repeat(31_993)}… [cut]`);
		expect(json('x'.repeat(100_000))).toBe(`${'x'.repeat(31_993)}… [cut]`);
		const list = Array.from({ length: 10_001 }, (_, index) => index);
		expect(json(list.slice(1))).toHaveLength(10_000);
		expect(json(list)).toHaveLength(10_000);
		const object = Object.fromEntries(list.map((index) => [`k${index}`, index]));
		expect(Object.keys(json(object))).toHaveLength(10_000);
		expect(Object.keys(json({ first: list.slice(5_000), second: object }).second)).toHaveLength(
			4_997,
		);
		expect(json({ first: list, second: list, third: object })).toMatchObject({
			second: [],
			third: {},
		});
	});
});
